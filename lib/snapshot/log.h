/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two generations of the kernel log. */
#ifndef IRQM_SNAPSHOT_LOG_H
#define IRQM_SNAPSHOT_LOG_H

#include "snapshot/log_lines.h"

/* The ring of records since 5.10. */
void irqm_log_read_ring(struct log *log);
/* The buffer before 5.10. */
void irqm_log_read_buf(struct log *log);

#endif
