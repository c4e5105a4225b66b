/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's text, which may come from anybody. */
#include "machine/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machines.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_error err = { 0 };
	struct irqm_arena *arena;
	struct irqm_machine m;

	arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!arena)
		return 0;
	irqm_machine_init(&m, arena);
	if (irqm_machine_parse(&m, "m", (const char *)data, size, NULL, &err) ==
	    0) {
		fuzz_check_machine(&m);
		if (!m.release)
			m.release = "6.12";
		fuzz_plan_machine(&m, NULL, 0);
	} else if (strncmp(err.msg, "m:", 2) != 0 &&
		   strcmp(err.msg, "out of memory") != 0)
		abort(); /* an error without its place */
	irqm_arena_free(arena);
	return 0;
}
