/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fleet/store/store.h"

static const char *const outcomes[] = {
	[IRQM_OUTCOME_NOTHING] = "nothing",
	[IRQM_OUTCOME_FINDING] = "finding",
	[IRQM_OUTCOME_PARTLY] = "partly",
	[IRQM_OUTCOME_FAILED] = "failed",
};

const char *irqm_outcome_name(enum irqm_outcome outcome)
{
	return outcome < ARRAY_SIZE(outcomes) ? outcomes[outcome] : NULL;
}

bool irqm_outcome_parse(const char *name, enum irqm_outcome *ret)
{
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(outcomes); i++) {
		if (strcmp(name, outcomes[i]) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}
