/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/parsed.h"

#include <stdlib.h>

json_t *irqm_json_parsed(struct irqm_json_value value)
{
	struct irqm_json text = { 0 };
	json_t *ret = NULL;

	irqm_json_append_value(&text, value);
	if (!text.failed)
		ret = json_loadb(text.text, text.len, JSON_DECODE_ANY, NULL);
	free(text.text);
	return ret;
}
