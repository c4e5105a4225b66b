/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix report for a store. */
#include <string.h>

#include "command/confine.h"
#include "command/say.h"
#include "fleet/fleet.h"
#include "fleet/report_page.h"

bool irqm_fleet_is_store(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	FILE *f = fopen(path, "re");
	bool is;

	if (!f)
		return false;
	is = fread(head, sizeof(head), 1, f) == 1 &&
	     memcmp(head, magic, sizeof(magic)) == 0;
	fclose(f);
	return is;
}

int irqm_fleet_report(FILE *out, const char *path, bool all, const char *output)
{
	struct irqm_store *s;
	struct irqm_error err;
	int rc;

	irqm_limit_memory(&path, 1);
	if (!irqm_confine_store(&path, 1, output ? output : path))
		return -1;
	if (irqm_store_open(path, IRQM_STORE_READ, &s, &err)) {
		irqm_say("%s: %s", path, err.msg);
		return -1;
	}
	rc = irqm_report_store(out, s, all, &err);
	if (rc)
		irqm_say("%s: %s", path, err.msg);
	irqm_store_close(s);
	return rc;
}
