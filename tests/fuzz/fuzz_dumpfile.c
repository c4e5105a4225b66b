/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dump file: its headers, how it is packed, and all behind them. */
#include "memory/dumpfile.h"
#include "memory/pages/pages.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/views.h"

#include <stdlib.h>
#include <unistd.h>

/* What one packed byte may become. */
#define TEMP_LIMIT (32 << 20)

static void read_pages(const char *path)
{
	struct irqm_pages pages;
	struct irqm_error err;
	const char *paths[] = { path };
	static char buf[3 * IRQM_PAGE_SIZE];
	struct irqm_stored stored;
	uint64_t addr, start;
	int i;

	if (irqm_pages_open(paths, 1, TEMP_LIMIT, 1, &pages, &err))
		return;
	for (i = 0; i < 64; i++) {
		addr = i < 48 ? i * 0x1000ULL + i : 1ULL << i;
		pages.read(pages.ctx, addr, buf, i * 100);
		if (pages.stored)
			pages.stored(pages.ctx, addr, &stored);
	}
	pages.read(pages.ctx, UINT64_MAX - 10, buf, 100);
	for (i = 0, addr = 0; i < 1000 && pages.next; i++)
		if (!pages.next(pages.ctx, addr, &start, &addr))
			break;
	pages.close(pages.ctx);
}

static void analyse(const char *path)
{
	struct irqm_dumpfile_options o = { .temp_limit = TEMP_LIMIT,
					   .threads = 1 };
	struct irqm_snapshot *s;
	struct irqm_dumpfile *f;
	struct irqm_error err;
	const char *paths[] = { path };

	if (irqm_dumpfile_open(paths, 1, &o, &f, &err))
		return;
	if (irqm_snapshot_read(irqm_dumpfile_target(f), irqm_dumpfile_layout(f),
			       IRQM_READ_COUNTS | IRQM_READ_LOG, &s,
			       &err) == 0) {
		render_views(s, VIEW_TEXT | VIEW_JSON, false);
		irqm_snapshot_free(s);
	}
	irqm_dumpfile_close(f);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("TMPDIR", "/dev/shm", 0);
	unsetenv("DEBUGINFOD_URLS");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, size, path);

	read_pages(path);
	analyse(path);
	close(fd);
	return 0;
}
