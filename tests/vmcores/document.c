/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * document VMLINUX VMCORE OUT: the JSON document of a dump that no crash can
 * open. Memory and symbols are asked for on standard output, one request a
 * line, and answered on standard input; checker/reader.py answers out of
 * drgn. Only the library's first stage is replaced by that.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "render/render.h"

/* Answer: '+' and the bytes, or '-'. */
static enum irqm_why ask_memory(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	printf("read %" PRIx64 " %zu\n", addr, len);
	fflush(stdout);
	if (getchar() != '+')
		return IRQM_EXCLUDED;
	return fread(buf, 1, len, stdin) == len ? IRQM_OK : IRQM_TRUNCATED;
}

/* Answer: a line, empty if there is none. */
static bool ask_line(char *line, size_t size)
{
	fflush(stdout);
	if (!fgets(line, size, stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return *line != '\0';
}

static bool ask_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	char line[64];

	(void)ctx;
	printf("symbol %s\n", name);
	return ask_line(line, sizeof(line)) &&
	       sscanf(line, "%" SCNx64, ret_value) == 1;
}

static bool ask_name(void *ctx, uint64_t addr, char *name, size_t size,
		     uint64_t *ret_offset)
{
	char line[512], found[256];

	(void)ctx;
	printf("name %" PRIx64 "\n", addr);
	if (!ask_line(line, sizeof(line)) ||
	    sscanf(line, "%" SCNx64 " %255s", ret_offset, found) != 2)
		return false;
	snprintf(name, size, "%s", found);
	return true;
}

static int fail(const char *what)
{
	fprintf(stderr, "document: %s\n", what);
	return 2;
}

static int write_document(const struct irqm_snapshot *s, const char *path)
{
	struct irqm_analysis *a = irqm_analyse(s);
	FILE *out = fopen(path, "w");
	int rc;

	if (!a || !out)
		return fail(strerror(errno));
	rc = irqm_render_json(out, a, false);
	if (fclose(out) != 0 || rc != 0)
		return fail("cannot write the document");
	irqm_analysis_free(a);
	return 0;
}

int main(int argc, char **argv)
{
	static struct irqm_layout layout;
	struct irqm_target target = {
		.read = ask_memory,
		.symbol = ask_symbol,
		.symbol_at = ask_name,
		.format = "kdump",
		.types = "dwarf",
	};
	struct irqm_snapshot *s;
	struct irqm_error err;
	int fd, rc;

	if (argc != 4)
		return fail("usage: document VMLINUX VMCORE OUT");
	target.path = argv[2];
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(strerror(errno));
	if (irqm_layout_from_dwarf(&layout, fd, NULL, &err) != 0)
		return fail(err.msg);
	close(fd);
	if (irqm_snapshot_read(&target, &layout, IRQM_READ_COUNTS, &s, &err) !=
	    0)
		return fail(err.msg);
	rc = write_document(s, argv[3]);
	irqm_snapshot_free(s);
	return rc;
}
