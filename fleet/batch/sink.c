/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores, prints and counts the results. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/say.h"
#include "fleet/batch/batch.h"
#include "fleet/batch/leases.h"
#include "irqmatrix.h"

static bool open_store(struct irqm_sink *s)
{
	struct irqm_error err;

	if (!s->o->db ||
	    irqm_store_open(s->o->db, IRQM_STORE_CREATE, &s->store, &err) == 0)
		return true;
	irqm_say("%s: %s", s->o->db, err.msg);
	return false;
}

bool irqm_sink_open(struct irqm_sink *s, const struct irqm_batch_options *o)
{
	bool to_stdout = o->ndjson && strcmp(o->ndjson, "-") == 0;

	memset(s, 0, sizeof(*s));
	s->o = o;
	s->leases = -1;
	s->started_ns = irqm_now_ns();
	s->summary = to_stdout ? stderr : stdout;
	s->lines = o->quiet ? NULL : s->summary;
	if (open_store(s)) {
		if (o->db)
			s->leases = irqm_leases_open(o->db);
		if (!o->ndjson)
			return true;
		s->ndjson = irqm_ndjson_open(o->ndjson);
		if (s->ndjson)
			return true;
	}
	irqm_sink_close(s);
	return false;
}

void irqm_sink_close(struct irqm_sink *s)
{
	irqm_leases_close(s->leases, s->o->db);
	s->leases = -1;
	irqm_store_close(s->store);
	irqm_ndjson_close(s->ndjson);
	free(s->latest_path);
	s->store = NULL;
	s->ndjson = NULL;
	s->latest_path = NULL;
}

static void note_outcome(struct irqm_sink *s, enum irqm_outcome outcome)
{
	int status = outcome == IRQM_OUTCOME_NOTHING ? IRQM_STATUS_NOTHING :
		     outcome == IRQM_OUTCOME_FINDING ? IRQM_STATUS_FINDING :
						       IRQM_STATUS_TROUBLE;

	if (status > s->status)
		s->status = status;
}

/* Decides if a dump is done; has is the answer of the store or the file, err is
 * set if has is negative. */
static int decide_skip(struct irqm_sink *s, int has, enum irqm_outcome outcome,
		       const struct irqm_error *err)
{
	if (has < 0)
		irqm_say("%s: %s; the batch stops here, start it again to "
			 "continue",
			 s->o->db, err->msg);
	if (has == 1 && s->o->redo == IRQM_REDO_FAILED &&
	    outcome == IRQM_OUTCOME_FAILED)
		return 0;
	if (has == 1) {
		s->skipped++;
		note_outcome(s, outcome);
	}
	return has;
}

int irqm_sink_has(struct irqm_sink *s, const char *path,
		  const struct irqm_dump_found *dump)
{
	enum irqm_outcome outcome = IRQM_OUTCOME_NOTHING;
	struct irqm_error err;
	int64_t analysed_ns;
	int has = 0;

	if (s->o->redo == IRQM_REDO_ALL && !s->store)
		return 0;
	/* the store has dumps of all runs, the NDJSON file may be new */
	if (s->store) {
		has = irqm_store_has(s->store, &dump->id, &outcome,
				     &analysed_ns, &err);
		/* unless another batch has redone it meanwhile */
		if (has == 1 && s->o->redo == IRQM_REDO_ALL &&
		    analysed_ns < s->started_ns)
			return 0;
		if (has == 1 &&
		    irqm_store_found(s->store, path, &dump->id,
				     dump->settled ? dump->files : NULL,
				     &err) < 0)
			has = -1;
	} else if (s->ndjson)
		has = irqm_ndjson_has(s->ndjson, &dump->id, &outcome);
	return decide_skip(s, has, outcome, &err);
}

int irqm_sink_has_files(struct irqm_sink *s, const char *path,
			const char *files)
{
	enum irqm_outcome outcome = IRQM_OUTCOME_NOTHING;
	struct irqm_dump_id id;
	struct irqm_error err;
	int has;

	if (s->o->redo == IRQM_REDO_ALL || !s->store || !files[0])
		return 0;
	has = irqm_store_has_files(s->store, files, &id, &outcome, &err);
	if (has == 1 && irqm_store_found(s->store, path, &id, NULL, &err) < 0)
		has = -1;
	return decide_skip(s, has, outcome, &err);
}

bool irqm_sink_claim(struct irqm_sink *s, const struct irqm_dump_id *id)
{
	return irqm_leases_take(&s->leases, s->o->db, id);
}

void irqm_sink_release(struct irqm_sink *s, const struct irqm_dump_id *id)
{
	irqm_leases_give(s->leases, id);
}

static bool has_findings(const struct irqm_result *r)
{
	return r->headline[0] != '\0';
}

static const char *verdict_of(const struct irqm_result *r)
{
	if (r->outcome == IRQM_OUTCOME_FAILED ||
	    r->outcome == IRQM_OUTCOME_PARTLY)
		return irqm_outcome_name(r->outcome);
	return has_findings(r) ? irqm_severity_name(r->worst) : "ok";
}

static void print_line(const struct irqm_sink *s, const char *path,
		       const struct irqm_result *r)
{
	const char *text = r->outcome == IRQM_OUTCOME_FAILED ? r->reason :
							       r->headline;
	char *name, words[4 * sizeof(r->reason)];

	if (!s->lines)
		return;
	name = irqm_escape_whole(path);
	if (name)
		fprintf(s->lines, "%-8s  %s%s%s\n", verdict_of(r), name,
			text[0] ? ": " : "",
			irqm_escape(words, sizeof(words), text));
	fflush(s->lines);
	free(name);
}

/* Clocks may be wrong by a day. Ignore times later than that. */
#define FUTURE (24 * 3600)

/* Returns the crash time. An unknown time sorts before all others. So does one
 * in the future; otherwise that dump would stay the latest one until then. */
static irqm_num time_of(const struct irqm_result *r)
{
	return r->crash_time > time(NULL) + FUTURE ? IRQM_UNKNOWN :
						     r->crash_time;
}

static void count_result(struct irqm_sink *s, const char *path,
			 const struct irqm_result *r)
{
	uint64_t *const counts[] = {
		[IRQM_OUTCOME_NOTHING] = &s->nothing,
		[IRQM_OUTCOME_FINDING] = &s->finding,
		[IRQM_OUTCOME_PARTLY] = &s->partly,
		[IRQM_OUTCOME_FAILED] = &s->failed,
	};

	++*counts[r->outcome];
	note_outcome(s, r->outcome);
	if (r->outcome == IRQM_OUTCOME_FAILED)
		return;
	if (has_findings(r))
		s->by_severity[r->worst]++;
	if (!s->latest_path || time_of(r) >= time_of(&s->latest)) {
		free(s->latest_path);
		s->latest_path = strdup(path);
		s->latest = *r;
	}
}

/* Writes a result. Returns what irqm_store_put() returns. */
static int keep_result(struct irqm_sink *s, const char *path,
		       const struct irqm_result *r, const void *rows,
		       const char **ret_where, struct irqm_error *err)
{
	bool failed = r->outcome == IRQM_OUTCOME_FAILED;
	const struct irqm_record record = {
		.id = r->found.id,
		.files = r->found.settled ? r->found.files : NULL,
		.path = path,
		.outcome = r->outcome,
		.reason = failed ? r->reason : NULL,
		.seconds = r->seconds,
		.peak_kib = r->peak_kib,
		.tool_version = IRQMATRIX_VERSION,
		.rows = failed ? NULL : rows,
		.rows_len = failed ? 0 : r->rows_len,
	};

	int rc = 0;

	/*
	 * Write the NDJSON line first. If the run ends between the two, the
	 * next run finds the line and does not add another one. The other way
	 * round, the dump would be in the store, and so never get its line.
	 */
	*ret_where = s->o->ndjson;
	if (s->ndjson)
		rc = irqm_ndjson_put(s->ndjson, &record, s->o->redo, err);
	if (!rc && s->store) {
		*ret_where = s->o->db;
		rc = irqm_store_put(s->store, &record, err);
	}
	return rc;
}

/*
 * If the store refuses a result, its process was taken over by the dump: the
 * dump counts as failed. Any other error is one of the store or disk, and no
 * dump is marked as failed for it.
 */
static bool keep_or_fail(struct irqm_sink *s, const char *path,
			 struct irqm_result *r, const void *rows)
{
	struct irqm_error err = { .msg = "" };
	const char *where;
	int rc = keep_result(s, path, r, rows, &where, &err);

	if (rc == IRQM_STORE_REFUSED && r->outcome != IRQM_OUTCOME_FAILED) {
		r->outcome = IRQM_OUTCOME_FAILED;
		snprintf(r->reason, sizeof(r->reason),
			 "cannot be stored: "
			 "%.200s",
			 err.msg);
		rc = keep_result(s, path, r, NULL, &where, &err);
	}
	if (rc)
		irqm_say("%s: cannot write: %s; the batch stops here, start it "
			 "again to continue",
			 where, err.msg);
	return rc == 0;
}

bool irqm_sink_put(struct irqm_sink *s, const char *path,
		   const struct irqm_result *r, const void *rows)
{
	struct irqm_result kept = *r;

	if (!keep_or_fail(s, path, &kept, rows))
		return false;
	count_result(s, path, &kept);
	print_line(s, path, &kept);
	return true;
}

uint64_t irqm_sink_done(const struct irqm_sink *s)
{
	return s->nothing + s->finding + s->partly + s->failed;
}

static void say_count(FILE *out, uint64_t nr, const char *words)
{
	if (nr)
		fprintf(out, "  %llu %s\n", (unsigned long long)nr, words);
}

void irqm_sink_summary(const struct irqm_sink *s, double seconds)
{
	uint64_t analysed = irqm_sink_done(s) - s->failed;
	FILE *out = s->summary;

	fprintf(out, "%llu %s analysed in %.1f s, %llu failed",
		(unsigned long long)analysed,
		irqm_plural((irqm_num)analysed, "dump", "dumps"), seconds,
		(unsigned long long)s->failed);
	if (s->skipped)
		fprintf(out, ", %llu done before",
			(unsigned long long)s->skipped);
	fputc('\n', out);
	say_count(out, s->by_severity[IRQM_CRITICAL],
		  "with a critical finding");
	say_count(out, s->by_severity[IRQM_WARNING], "with a warning at worst");
	say_count(out, s->by_severity[IRQM_INFO], "with info findings only");
	say_count(out,
		  analysed - s->by_severity[IRQM_CRITICAL] -
			  s->by_severity[IRQM_WARNING] -
			  s->by_severity[IRQM_INFO],
		  "with no findings");
	say_count(out, s->partly, "of these could be read only in part");
	fflush(out);
}
