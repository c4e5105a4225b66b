/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/views.h"

#include "tests/fuzz/msan.h"
#include "tests/fuzz/schema.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/select.h"

struct text {
	FILE *out;
	char *data;
	size_t len;
	bool may_fail;
};

static void die(const char *what, const char *why, const char *text)
{
	fprintf(stderr, "%s: %s: %.400s\n", what, why, text);
	abort();
}

/* Bytes of the character; 0: not UTF-8. */
static size_t utf8(const unsigned char *s, size_t left)
{
	size_t n = s[0] < 0x80 ? 1 :
		   s[0] < 0xc2 ? 0 :
		   s[0] < 0xe0 ? 2 :
		   s[0] < 0xf0 ? 3 :
		   s[0] < 0xf5 ? 4 :
				 0;
	size_t i;

	if (n > left)
		return 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void check_text(const char *what, const char *text, size_t len, bool crlf)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8(s + i, len - i);
		if (!n)
			die(what, "not UTF-8", text + i);
		/* the kernel's own lines have tabs; dmesg prints them, too */
		if (s[i] == '\t' && strcmp(what, "log") == 0)
			continue;
		if (s[i] == '\n' || (crlf && s[i] == '\r' && s[i + 1] == '\n'))
			continue;
		if (s[i] < 0x20 || s[i] == 0x7f ||
		    (s[i] == 0xc2 && s[i + 1] < 0xa0))
			die(what, "a control character", text + i);
	}
}

static bool start(struct text *t, bool may_fail)
{
	memset(t, 0, sizeof(*t));
	t->may_fail = may_fail;
	t->out = open_memstream(&t->data, &t->len);
	if (!t->out && !may_fail)
		die("open_memstream", "failed", "");
	return t->out != NULL;
}

/* True if the text is whole. */
static bool finish(struct text *t, const char *what, int rc)
{
	bool ok = fclose(t->out) == 0 && rc == 0;

	if (!ok && !t->may_fail)
		die(what, "failed", "");
	return ok;
}

static void finish_text(struct text *t, const char *what, int rc)
{
	if (finish(t, what, rc))
		check_text(what, t->data, t->len, strcmp(what, "csv") == 0);
	free(t->data);
}

static void finish_json(struct text *t, const char *what, int rc)
{
	json_error_t err;
	json_t *json;
	char why[512];

	if (finish(t, what, rc)) {
		fuzz_library_begin();
		json = json_loadb(t->data, t->len, JSON_REJECT_DUPLICATES,
				  &err);
		if (!json && !t->may_fail)
			die(what, err.text, t->data);
		if (json && !schema_accepts(json, why, sizeof(why)))
			die(what, why, t->data);
		json_decref(json);
		fuzz_library_end();
		check_text(what, t->data, t->len, false);
	}
	free(t->data);
}

typedef int view_fn(FILE *out, const struct irqm_analysis *a,
		    const struct irqm_render_options *o);

static int view_log(FILE *out, const struct irqm_analysis *a,
		    const struct irqm_render_options *o)
{
	(void)o;
	return irqm_render_log(out, a);
}

static int view_unread(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *o)
{
	(void)o;
	return irqm_render_unread(out, a) || irqm_render_live(out, a) ? -1 : 0;
}

static const struct {
	const char *name;
	view_fn *fn;
	bool table;
} texts[] = {
	{ "matrix", irqm_render_matrix, true },
	{ "findings", irqm_render_findings, false },
	{ "debugfs", irqm_render_debugfs, false },
	{ "devices", irqm_render_devices, true },
	{ "pools", irqm_render_pools, true },
	{ "irqs", irqm_render_irqs, true },
	{ "vectors", irqm_render_vectors, true },
	{ "log", view_log, false },
	{ "unread", view_unread, false },
};

static void render_texts(const struct irqm_analysis *a, bool csv, bool may_fail)
{
	struct irqm_render_options o = { .header = true, .csv = csv };
	struct text t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (csv && !texts[i].table)
			continue;
		o.all = i & 1;
		if (start(&t, may_fail))
			finish_text(&t, csv ? "csv" : texts[i].name,
				    texts[i].fn(t.out, a, &o));
	}
}

/* Of all would be too long: there may be half a million. */
static unsigned int select_some(const struct irqm_analysis *a,
				unsigned int indexes[16])
{
	unsigned int nr = a->snapshot->nr_irqs, i;

	for (i = 0; i < 16 && i < nr; i++)
		indexes[i] = nr <= 16 ? i : (uint64_t)nr * i / 16;
	return i;
}

static void render_irqaff(const struct irqm_analysis *a, bool may_fail)
{
	struct irqm_render_options o = { .header = true };
	unsigned int indexes[16], nr = select_some(a, indexes), i;
	struct text t;
	int rc = 0;

	if (start(&t, may_fail)) {
		for (i = 0; i < nr && rc == 0; i++)
			rc = irqm_render_irqaff(t.out, a, indexes[i]);
		finish_text(&t, "irqaff", rc);
	}
	if (start(&t, may_fail))
		finish_text(&t, "irqaff -D",
			    irqm_render_irqaff_devices(t.out, a, indexes, nr,
						       &o));
	if (start(&t, may_fail))
		finish_json(&t, "irqaff -j",
			    irqm_render_irqaff_json(t.out, a, indexes, nr,
						    false));
}

static void render_plans(struct irqm_snapshot *s, enum irqm_plan_kind kind,
			 const char *arg, bool may_fail)
{
	struct irqm_render_options o = { .header = true };
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p;
	struct irqm_error err;
	struct text t;

	/* what is not there cannot be planned with: an error, no failure */
	if (irqm_plan_ask(&r, s, kind, arg, &err) ||
	    !(p = irqm_plan(s, &r, &err)))
		return;
	if (start(&t, may_fail))
		finish_text(&t, "plan", irqm_render_plan(t.out, p, &o));
	if (start(&t, may_fail))
		finish_json(&t, "plan --json",
			    irqm_render_plan_json(t.out, p, false));
	irqm_plans_free(p);
}

static void render_some_plans(struct irqm_snapshot *s, bool may_fail)
{
	render_plans(s, IRQM_PLAN_ADD, "nvme:4", may_fail);
	render_plans(s, IRQM_PLAN_OFFLINE, "1-2", may_fail);
	render_plans(s, IRQM_PLAN_SUSPEND, "", may_fail);
	if (s->nr_devices && s->devices[0].name)
		render_plans(s, IRQM_PLAN_REMOVE, s->devices[0].name, may_fail);
}

static void render_diffs(const struct irqm_analysis *a, bool may_fail)
{
	struct irqm_render_options o = { .header = true };
	struct irqm_diff *d = irqm_diff(a, a);
	struct text t;

	if (!d) {
		if (!may_fail)
			die("diff", "failed", "");
		return;
	}
	if (start(&t, may_fail))
		finish_text(&t, "diff", irqm_render_diff(t.out, d, &o));
	if (start(&t, may_fail))
		finish_json(&t, "diff --json",
			    irqm_render_diff_json(t.out, d, false));
	irqm_diff_free(d);
}

unsigned int views_of(unsigned char byte)
{
	return byte ? 1U << byte % NR_VIEWS : VIEW_ALL;
}

void render_views(struct irqm_snapshot *s, unsigned int views, bool may_fail)
{
	struct irqm_analysis *a = irqm_analyse(s);
	struct text t;

	if (!a) {
		if (!may_fail)
			die("analysis", "failed", "");
		return;
	}
	if (views & VIEW_TEXT)
		render_texts(a, false, may_fail);
	if (views & VIEW_CSV)
		render_texts(a, true, may_fail);
	if (views & VIEW_JSON && start(&t, may_fail))
		finish_json(&t, "json",
			    irqm_render_json(t.out, a, views & VIEW_TEXT));
	if (views & VIEW_IRQAFF)
		render_irqaff(a, may_fail);
	if (views & VIEW_DIFF)
		render_diffs(a, may_fail);
	if (views & VIEW_PLAN)
		render_some_plans(s, may_fail);
	irqm_analysis_free(a);
}
