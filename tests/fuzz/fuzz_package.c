/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kernel is learned from: RPM, deb, packed, ELF. */
#include <string.h>
#include <unistd.h>

#include "learn/source.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct irqm_learned k;
	struct irqm_learn l = { .limit = 0 };
	struct irqm_error err;
	char path[FUZZ_PATH];
	int fd = fuzz_file(data, size, path);

	/* a fuzzer is not to fill a disk */
	if (irqm_learn_open(&l, 4 << 20, &err) == 0 &&
	    irqm_learn_file(&l, fd, path, &k, &err) == 0)
		fuzz_use(k.nr_symbols);
	irqm_learn_close(&l);
	close(fd);
	return 0;
}
