/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of learned kernels: as it is, and its first kernel with a sum that is
 * right, as only that lets most of it be read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "memory/files_local.h"
#include "memory/learned/search.h"
#include "tests/fuzz/fuzz.h"

static const char info[] = "OSRELEASE=6.1\n"
			   "SYMBOL(_stext)=ffffffff91000000\n"
			   "SYMBOL(prb)=ffffffff91c00000\n"
			   "KERNELOFFSET=10000000\n";

static struct irqm_learned k, again;

static void search(const uint8_t *data, size_t size)
{
	struct irqm_target dump = { .vmcoreinfo = info };
	struct irqm_learned_seen seen = { 0 };
	struct irqm_error err;
	char path[FUZZ_PATH];
	uint64_t offset;
	int fd = fuzz_file(data, size, path);
	struct irqm_files_local l = { .kernels = path };
	const struct irqm_learned_place place = {
		.files = irqm_files_local_init(&l),
		.path = path,
	};

	irqm_learned_search(&place, &dump, &seen, &k, &offset, &err);
	irqm_files_local_deinit(&l);
	close(fd);
}

/* What was read is written, and read again, as it was. */
static void check_print(void)
{
	struct irqm_learned_text t;
	struct irqm_error err;
	char *one, *two;
	size_t len, len2;

	one = irqm_learned_print(&k, &len);
	if (!one)
		abort();
	t = (struct irqm_learned_text){ one, len };
	if (irqm_learned_parse(&t, &again, &err) ||
	    !irqm_layout_is_finished(&again.layout))
		abort();
	two = irqm_learned_print(&again, &len2);
	if (!two || len != len2 || memcmp(one, two, len) != 0)
		abort();
	free(one);
	free(two);
}

static void parse(const uint8_t *data, size_t size)
{
	struct irqm_learned_text t;
	struct irqm_error err;
	size_t at = 0, end = sizeof("end 01234567\n") - 1;
	char line[sizeof("end 01234567\n")], *copy;

	if (irqm_learned_next((const char *)data, size, &at, &t, &err) <= 0 ||
	    t.len < end)
		return;
	copy = malloc(t.len);
	memcpy(copy, t.text, t.len);
	snprintf(line, sizeof(line), "end %08" PRIx32 "\n",
		 (uint32_t)crc32(0, (const Bytef *)copy, t.len - end));
	memcpy(copy + t.len - end, line, end);
	t.text = copy;
	if (irqm_learned_parse(&t, &k, &err) == 0)
		check_print();
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	search(data, size);
	parse(data, size);
	return 0;
}
