/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_RENDER_JSON_PARSED_H
#define IRQM_RENDER_JSON_PARSED_H

#include <jansson.h>

#include "render/json/value.h"

/* Returns the value as jansson's, or NULL if out of memory. */
json_t *irqm_json_parsed(struct irqm_json_value value);

#endif
