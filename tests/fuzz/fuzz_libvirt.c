/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest's XML, which may come from anybody. */
#include "tool/libvirt.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machines.h"

#include <stdlib.h>
#include <string.h>

static void check_domain(const struct irqm_libvirt *l,
			 const struct irqm_machine_keys *k)
{
	unsigned int i;

	if (!k->possible || k->possible > IRQM_MACHINE_MAX_CPUS || !k->cpus ||
	    k->cpus > k->possible || l->nr > IRQM_LIBVIRT_KINDS)
		abort();
	for (i = 0; l->nodes && i < k->possible; i++)
		if (l->nodes[i] < -1 || l->nodes[i] > 1023)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_machine_keys k = {
		.kernel = "6.12", .arena = irqm_arena_new(IRQM_ARENA_LIMIT)
	};
	struct irqm_error err = { .msg = "" };
	struct irqm_libvirt l;
	struct irqm_machine m;

	if (!k.arena)
		return 0;
	if (irqm_libvirt_load(&err))
		abort();
	if (irqm_libvirt_read("domain", (const char *)data, size, &k, &l,
			      &err)) {
		if (strncmp(err.msg, "domain: ", 8) != 0 ||
		    strchr(err.msg, '\n'))
			abort();
	} else {
		check_domain(&l, &k);
		if (irqm_machine_of_keys(&k, &m, &err) == 0) {
			irqm_libvirt_place(&l, &m);
			fuzz_check_machine(&m);
			fuzz_plan_machine(&m, l.wishes, l.nr);
		} else if (!*err.msg) {
			abort();
		}
	}
	irqm_arena_free(k.arena);
	return 0;
}
