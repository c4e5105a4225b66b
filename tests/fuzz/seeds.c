/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small dump files for fuzz_dumpfile, written to the folder that is named. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/fake_dump.h"

#define HEAD 49152

static void save(const char *dir, const char *name, struct bytes b)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	if (!f || fwrite(b.data, 1, b.len, f) != b.len || fclose(f)) {
		perror(path);
		exit(1);
	}
	free(b.data);
}

int main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : ".";
	struct bytes head;

	save(dir, "kdump", fake_kdump(0, FAKE_PAGES, false));
	/* a page or more of each packing, no longer than fuzzers go */
	head = fake_kdump(0, FAKE_PAGES, false);
	head.len = HEAD;
	save(dir, "kdump-head", head);
	save(dir, "split", fake_kdump(0, 60, true));
	save(dir, "elf", fake_elf());
	save(dir, "flattened", fake_flatten(fake_kdump(0, FAKE_PAGES, false)));
	save(dir, "flattened-elf", fake_flatten(fake_elf()));
	save(dir, "zst", fake_pack(fake_elf()));
	save(dir, "gz", fake_gzip(fake_kdump(0, FAKE_PAGES, false)));
	save(dir, "xz", fake_xz(fake_elf()));
	return 0;
}
