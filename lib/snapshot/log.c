/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/log.h"

#include "snapshot/stages.h"

void irqm_read_log(struct reader *r)
{
	struct log log = { .r = r, .budget = LOG_MAX_BYTES };
	uint64_t addr;

	if (r->target->left_out.log) {
		r->s->log.left_out = true;
		return;
	}
	/* neither exists without CONFIG_PRINTK */
	if (irqm_reader_symbol(r, "prb", &addr))
		irqm_log_read_ring(&log);
	else if (addr)
		/* its content is unknown; that was recorded */
		r->s->log.cut = true;
	else if (irqm_reader_symbol(r, "log_buf", &addr))
		irqm_log_read_buf(&log);
	if (!log.lost) {
		irqm_read_panic(r);
		return;
	}
	r->s->log.cut = true;
	irqm_reader_note(r, log.lost_why, log.lost_addr,
			 "kernel log: %u of its records", log.lost);
}
