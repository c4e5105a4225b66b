/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/answers.h"

#include "diff/diff.h"
#include "plan/plan.h"
#include "render/diff/diff.h"
#include "render/render.h"
#include "memory/dumpfile.h"
#include "tests/fault/memory.h"
#include "tests/fault/texts.h"

/* Null if rendering failed. */
static json_t *memory_json(struct memory *m, int rc)
{
	json_t *json = NULL;

	if (fclose(m->out) == 0 && rc == 0)
		json = json_loadb(m->text, m->len, 0, NULL);
	free(m->text);
	return json ? json : json_null();
}

static json_t *document(const struct irqm_analysis *a)
{
	struct memory m;

	memory_open(&m);
	return memory_json(&m, irqm_render_json(m.out, a, false));
}

static json_t *plan(struct irqm_snapshot *s)
{
	struct irqm_plan_request r = { .nr = 0 };
	struct irqm_plans *p = NULL;
	struct irqm_error err;
	struct memory m;
	json_t *json;

	if (irqm_plan_ask(&r, s, IRQM_PLAN_ADD, "virtio_blk:2x2", &err) == 0 &&
	    irqm_plan_ask(&r, s, IRQM_PLAN_OFFLINE, "1", &err) == 0)
		p = irqm_plan(s, &r, &err);
	if (!p)
		return json_null();
	memory_open(&m);
	json = memory_json(&m, irqm_render_plan_json(m.out, p, false));
	irqm_plans_free(p);
	return json;
}

void answers_of(struct answers *ret, struct irqm_snapshot *s)
{
	ret->snapshot = s;
	ret->analysis = irqm_analyse(s);
	if (!ret->analysis)
		abort();
	ret->document = document(ret->analysis);
	ret->plan = plan(s);
	ret->text = texts_of(ret->analysis);
}

bool answers_of_dump(const char *path, const char *vmlinux, struct answers *ret,
		     struct irqm_error *err)
{
	struct irqm_dumpfile_options o = { .threads = 1, .vmlinux = vmlinux };
	struct irqm_snapshot *s;
	struct irqm_dumpfile *f;
	int rc;

	if (irqm_dumpfile_open(&path, 1, &o, &f, err))
		return false;
	rc = irqm_snapshot_read(irqm_dumpfile_target(f),
				irqm_dumpfile_layout(f), ANSWERS_FLAGS, &s,
				err);
	irqm_dumpfile_close(f);
	if (rc)
		return false;
	answers_of(ret, s);
	return true;
}

json_t *answers_diff(const struct answers *before, const struct answers *after)
{
	struct irqm_diff *d = irqm_diff(before->analysis, after->analysis);
	struct memory m;
	json_t *json;

	if (!d)
		abort();
	memory_open(&m);
	json = memory_json(&m, irqm_render_diff_json(m.out, d, false));
	irqm_diff_free(d);
	return json;
}

void answers_free(struct answers *a)
{
	json_decref(a->document);
	json_decref(a->plan);
	free(a->text);
	irqm_analysis_free(a->analysis);
	irqm_snapshot_free(a->snapshot);
}
