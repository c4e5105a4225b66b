/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that is said of one dump: the document, a plan, and the tables and
 * fields as text.
 */
#ifndef TESTS_FAULT_ANSWERS_H
#define TESTS_FAULT_ANSWERS_H

#include <jansson.h>

#include "analysis/analysis.h"

#define ANSWERS_FLAGS (IRQM_READ_COUNTS | IRQM_READ_LOG)

struct answers {
	struct irqm_snapshot *snapshot;
	struct irqm_analysis *analysis;
	json_t *document;
	json_t *plan; /* null where nothing can be planned */
	char *text;   /* as texts_of() has it */
};

/* Takes over the snapshot. Ends the program where memory is short. */
void answers_of(struct answers *ret, struct irqm_snapshot *s);
/* False with err if the dump was refused. vmlinux: NULL is none. */
bool answers_of_dump(const char *path, const char *vmlinux, struct answers *ret,
		     struct irqm_error *err);
/* irqm_diff()'s document for the two; to be released. */
json_t *answers_diff(const struct answers *before, const struct answers *after);
void answers_free(struct answers *a);

/*
 * What is wrong with the answers for a dump of which parts are missing, beside
 * those for the whole dump: a fact that differs, or is missing without a reason
 * in unread[]; a finding that only the part has; a diff that says that anything
 * changed. NULL if nothing is; else a text, maybe in why, whose size is size.
 */
const char *answers_fault(const struct answers *whole,
			  const struct answers *part, char *why, size_t size);

#endif
