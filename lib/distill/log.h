/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the kernel log is: its bytes are noted, not made sense of. */
#ifndef IRQM_DISTILL_LOG_H
#define IRQM_DISTILL_LOG_H

#include "distill/recorder.h"

/*
 * Notes the printk ring buffer (5.10 on), else log_buf, by what VMCOREINFO
 * says of them. Pages that are not in the dump are left out. 0, or -1 with
 * err if there is none or it cannot be what it should be.
 */
int irqm_distill_log(struct irqm_recorder *r, const char *vmcoreinfo,
		     struct irqm_error *err);

#endif
