/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log_findings.h"

#include "unit.h"

void log_say(struct irqm_snapshot *s, uint64_t ns, const char *text)
{
	struct irqm_log *log = &s->log;

	log->known = true;
	if (!log->lines)
		log->lines =
			irqm_arena_alloc(s->arena, 4096, sizeof(*log->lines));
	log->lines[log->nr_lines].ns = ns;
	log->lines[log->nr_lines].text = irqm_arena_strdup(s->arena, text);
	log->nr_lines++;
}

struct irqm_analysis *log_analysis;

const struct irqm_finding *log_only_finding(struct irqm_snapshot *s,
					    const char *code)
{
	const struct irqm_finding *found = NULL;
	unsigned int i;

	log_analysis = irqm_analyse(s);
	assert_non_null(log_analysis);
	for (i = 0; i < log_analysis->nr_findings; i++) {
		const struct irqm_finding *f = &log_analysis->findings[i];

		if (strncmp(f->kind->code, "log-", 4) != 0)
			continue;
		if (found || !code)
			fail_msg("unexpected: %s", f->text);
		found = f;
	}
	if (!code)
		return NULL;
	if (!found)
		fail_msg("no %s", code);
	assert_string_equal(found->kind->code, code);
	/* one too many would have replaced the last */
	assert_true(found->nr_data < IRQM_MAX_DATA);
	return found;
}

void log_done(struct irqm_snapshot *s)
{
	irqm_analysis_free(log_analysis);
	irqm_snapshot_free(s);
}

void take_all_vectors(struct irqm_snapshot *s, unsigned int cpu)
{
	s->cpus[cpu].available = 0;
}
