/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/tables.h"

#include <string.h>

const json_t *irqm_rows_at(const json_t *value, const char *path)
{
	while (value && *path) {
		size_t len = strcspn(path, ".");

		value = json_object_getn(value, path, len);
		path += len + (path[len] == '.');
	}
	return value;
}
