/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

void irqm_machine_init(struct irqm_machine *m, struct irqm_arena *arena)
{
	*m = (struct irqm_machine){
		.arena = arena,
		.crash_time = IRQM_UNKNOWN,
	};
}
