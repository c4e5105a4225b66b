/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log-interrupt-missed, log-irq-disabled, log-kernel-warning: interrupts that
 * did not arrive, and the kernel's own doubts about its tables. */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <string.h>

/* Whether the log has a reason why an interrupt may be lost. */
static bool has_reason(const struct log *log)
{
	static const enum log_kind reasons[] = {
		LOG_MOVE,  LOG_NO_HANDLER,   LOG_MANAGED,
		LOG_FAULT, LOG_SET_AFFINITY,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (log->e[reasons[i]].count)
			return true;
	return false;
}

static bool say_missed(struct log *log, const struct evidence *e,
		       enum irqm_severity severity, irqm_num irq,
		       struct irqm_text *t)
{
	struct irqm_finding *f;

	f = irqm_log_finding(log, IRQM_LOG_INTERRUPT_MISSED, severity, e, 0, t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", irq);
	irqm_finding_string(f, "first_device",
			    *e->kept[0].device ? e->kept[0].device : NULL);
	return true;
}

/* Moves alone are no problem: nearly always the interrupt arrives. */
bool irqm_log_find_moved(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };

	if (log->e[LOG_POLLED].count)
		return true;
	irqm_text_add(&t,
		      "IRQ %" PRId64 " may have lost an interrupt: it was "
		      "moving to another CPU",
		      e->kept[0].num[0]);
	return say_missed(log, e, IRQM_INFO, e->kept[0].num[0], &t);
}

/* A slow drive is polled after a timeout too, so that needs a reason. */
bool irqm_log_find_polled(struct log *log, const struct evidence *e)
{
	const struct evidence *moved = &log->e[LOG_MOVE];
	struct irqm_text t = { 0 };

	irqm_text_add(&t,
		      "%s had answered, but its interrupt was missing: the "
		      "driver found the answer after a timeout",
		      e->kept[0].device);
	if (moved->nr_kept)
		irqm_text_add(&t, ". IRQ %" PRId64 " was moving to another CPU",
			      moved->kept[0].num[0]);
	return say_missed(log, e, has_reason(log) ? IRQM_WARNING : IRQM_INFO,
			  moved->nr_kept ? moved->kept[0].num[0] : IRQM_UNKNOWN,
			  &t);
}

#define IRQS_SPURIOUS_DISABLED 0x2 /* kernel/irq/internals.h */

static const struct irqm_irq *find_disabled(const struct irqm_snapshot *s,
					    int64_t n)
{
	const struct irqm_irq *irq =
		n < 0 || n > UINT32_MAX ? NULL : irqm_find_irq(s, n);

	return irq && irq->istate != IRQM_UNKNOWN &&
			       (irq->istate & IRQS_SPURIOUS_DISABLED) ?
		       irq :
		       NULL;
}

/* Reports the first IRQ that is still disabled, else the first one. */
bool irqm_log_find_disabled(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	bool still = false;
	unsigned int i;

	for (i = 0; i < e->nr_kept && !still; i++)
		still = find_disabled(log->a->snapshot, e->kept[i].num[0]);
	i = still ? i - 1 : 0;
	irqm_text_add(&t,
		      "The kernel disabled IRQ %" PRId64 ", because no handler "
		      "took its interrupts%s",
		      e->kept[i].num[0],
		      still ? ". It is still disabled" :
			      ", but it is not disabled in the dump");
	f = irqm_log_finding(log, IRQM_LOG_IRQ_DISABLED,
			     still ? IRQM_WARNING : IRQM_INFO, e, i, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", e->kept[i].num[0]);
	return true;
}

bool irqm_log_find_kernel_warning(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "The kernel warned about its own state of vectors");
	f = irqm_log_finding(log, IRQM_LOG_KERNEL_WARNING, IRQM_WARNING, e, 0,
			     &t);
	if (!f)
		return false;
	irqm_finding_num(f, "source_line", e->kept[0].num[0]);
	return true;
}
