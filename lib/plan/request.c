/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses the steps that the user asked for. */
#include <limits.h>
#include <string.h>

#include "analysis/select.h"
#include "plan/drivers.h"
#include "plan/plan.h"

/* Limit on vectors: the table size field of MSI-X has 11 bits. */
#define MAX_VECTORS 2048
/* MAX_NUMNODES is at most 1024. */
#define MAX_NODE 1023

/* Parses digits at *p. */
static bool take_number(const char **p, unsigned int *ret)
{
	unsigned int n = 0;

	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; ++*p) {
		/* a larger number stays above all limits */
		if (n <= INT_MAX / 16)
			n = 10 * n + (**p - '0');
	}
	*ret = n;
	return true;
}

static bool take_word(const char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

static bool parse_options(struct irqm_plan_step *step, const char **p)
{
	unsigned int node, line;

	while (take_word(p, ",")) {
		if (take_word(p, "vectors=")) {
			if (!take_number(p, &step->pre) || !take_word(p, "+") ||
			    !take_number(p, &step->managed))
				return false;
		} else if (take_word(p, "node=")) {
			if (!take_number(p, &node))
				return false;
			step->node = node;
		} else if (take_word(p, "line=")) {
			if (!take_number(p, &line))
				return false;
			step->line = (int)line;
		} else {
			return false;
		}
	}
	return true;
}

/* Limits the queues to the number of CPUs, as drivers do. */
static void limit_queues(struct irqm_plan_step *step,
			 const struct irqm_snapshot *s)
{
	if (step->managed > s->nr_cpus)
		step->managed = s->nr_cpus;
}

/* DRIVER:QUEUES[,vectors=PRE+QUEUES][,node=N][,line=IRQ][xCOUNT] */
static bool parse_add(struct irqm_plan_step *step, struct irqm_snapshot *s,
		      const char *arg)
{
	const char *p = strchr(arg, ':');
	char *name;

	if (!p || p == arg)
		return false;
	name = irqm_arena_strdup(s->arena, arg);
	if (!name)
		return false;
	name[p - arg] = '\0';
	step->driver = name;
	step->pre = irqm_plan_find_driver(name)->pre;
	step->node = step->line = -1;
	step->count = 1;
	p++;
	if (!take_number(&p, &step->managed) || !parse_options(step, &p))
		return false;
	if (take_word(&p, "x") && !take_number(&p, &step->count))
		return false;
	return *p == '\0';
}

/* Checks the limits of a step that adds devices. */
static int check_add(const struct irqm_plan_request *r,
		     const struct irqm_plan_step *step, struct irqm_error *err)
{
	const char *arg = step->text;

	if (step->pre > MAX_VECTORS || step->managed > MAX_VECTORS)
		irqm_error_set(err,
			       "\"%.80s\": a device has at most %u "
			       "vectors",
			       arg, MAX_VECTORS);
	else if (step->pre + step->managed == 0)
		irqm_error_set(err,
			       "\"%.80s\" needs no vectors: give queues "
			       "or vectors=",
			       arg);
	else if (step->node > MAX_NODE)
		irqm_error_set(err, "\"%.80s\": the highest node is %u", arg,
			       MAX_NODE);
	else if (!step->count)
		irqm_error_set(err,
			       "\"%.80s\" adds no devices: give a count "
			       "of 1 or more",
			       arg);
	else if (step->count > IRQM_PLAN_MAX_DEVICES - r->devices)
		irqm_error_set(err, "too many devices: at most %u can be added",
			       IRQM_PLAN_MAX_DEVICES);
	else
		return 0;
	return -1;
}

static bool has_vector_line(const struct irqm_snapshot *s, int line)
{
	const struct irqm_irq *irq = irqm_find_irq(s, (unsigned int)line);

	return irq && irq->apic && irqm_bits_known(&irq->affinity);
}

static int ask_add(struct irqm_plan_request *r, struct irqm_plan_step *step,
		   struct irqm_snapshot *s, const char *arg,
		   struct irqm_error *err)
{
	if (!parse_add(step, s, arg)) {
		irqm_error_set(err,
			       "\"%.80s\" is not DRIVER:QUEUES[,vectors="
			       "PRE+QUEUES][,node=N][,line=IRQ][xCOUNT], as "
			       "in virtio_blk:2x20",
			       arg);
		return -1;
	}
	if (check_add(r, step, err))
		return -1;
	if (step->line >= 0 && !has_vector_line(s, step->line)) {
		irqm_error_set(err,
			       "line=%d: this IRQ is not an INTx with a "
			       "vector",
			       step->line);
		return -1;
	}
	limit_queues(step, s);
	r->devices += step->count;
	return 0;
}

static int ask_remove(const struct irqm_snapshot *s, const char *arg,
		      struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++) {
		if (irqm_device_matches(&s->devices[i], arg))
			return 0;
	}
	irqm_error_set(err,
		       "no device with MSI is called \"%.80s\"; "
		       "irqmatrix -d lists them",
		       arg);
	return -1;
}

static int ask_offline(struct irqm_plan_step *step, struct irqm_snapshot *s,
		       const char *arg, struct irqm_error *err)
{
	struct irqm_error why;

	step->cpus = irqm_bits_new(s->arena, s->dump.nr_cpu_ids);
	if (!step->cpus.words) {
		irqm_error_memory(err);
		return -1;
	}
	if (irqm_bits_parse(&step->cpus, arg, &why)) {
		irqm_error_set(err, "CPUs %.80s: %s", arg, why.msg);
		return -1;
	}
	if (irqm_bits_test(&step->cpus, 0)) {
		irqm_error_set(err, "CPU 0 cannot go offline: give other CPUs");
		return -1;
	}
	return 0;
}

int irqm_plan_ask(struct irqm_plan_request *r, struct irqm_snapshot *s,
		  enum irqm_plan_kind kind, const char *arg,
		  struct irqm_error *err)
{
	struct irqm_plan_step *step = &r->steps[r->nr];
	int rc = 0;

	if (r->nr == IRQM_PLAN_MAX_STEPS) {
		irqm_error_set(err, "too many steps: at most %u",
			       IRQM_PLAN_MAX_STEPS);
		return -1;
	}
	*step = (struct irqm_plan_step){ .kind = kind };
	step->text = irqm_arena_strdup(s->arena, arg ? arg : "");
	if (!step->text) {
		irqm_error_memory(err);
		return -1;
	}
	if (kind == IRQM_PLAN_ADD)
		rc = ask_add(r, step, s, step->text, err);
	else if (kind == IRQM_PLAN_REMOVE)
		rc = ask_remove(s, arg, err);
	else if (kind == IRQM_PLAN_OFFLINE)
		rc = ask_offline(step, s, arg, err);
	r->nr += rc == 0;
	return rc;
}

int irqm_plan_ask_all(struct irqm_plan_request *r, struct irqm_snapshot *s,
		      const struct irqm_plan_wish *wishes, unsigned int nr,
		      struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (irqm_plan_ask(r, s, wishes[i].kind, wishes[i].arg, err))
			return -1;
	return 0;
}
