/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules in the order in which findings of one severity stand. */
#include "findings/finding.h"

static irqm_rule *const rules[] = {
	irqm_find_msi_message_stale,
	irqm_find_counter_drift,
	irqm_find_log,
	irqm_find_cleanup_stuck,
	irqm_find_legacy_fallback,
};

bool irqm_find(struct irqm_analysis *a)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!rules[i](a))
			return false;
	return true;
}
