/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules. Their order is the order of findings of equal severity. */
#include "analysis/findings/findings.h"

#include "analysis/findings/finding.h"

static irqm_rule *const rules[] = {
	irqm_find_vectors_exhausted, irqm_find_vectors_low,
	irqm_find_managed_idle,      irqm_find_cpu_offline_blocked,
	irqm_find_vector_leak,       irqm_find_vector_irq_mismatch,
	irqm_find_msi_message_stale, irqm_find_counter_drift,
	irqm_find_cleanup_stuck,     irqm_find_remapping_bypassed,
	irqm_find_remap_table_full,  irqm_find_log,
	irqm_find_fewer_queues,      irqm_find_legacy_fallback,
	irqm_find_managed_shutdown,  irqm_find_affinity_broken,
	irqm_find_affinity_offline,  irqm_find_affinity_pending,
	irqm_find_suspend_blocked,   irqm_find_managed_absent,
	irqm_find_unread_pages,
};

bool irqm_find(struct irqm_analysis *a)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!rules[i](a))
			return false;
	return true;
}
