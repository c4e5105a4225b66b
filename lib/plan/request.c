/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses the steps that the user asked for. */
#include <limits.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/select.h"
#include "base/nearest.h"
#include "analysis/drivers.h"
#include "plan/boot.h"
#include "plan/plan.h"
#include "plan/spread.h"

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

/* QUEUES, or QUEUES+QUEUES for two sets. */
static bool parse_queues(const char **p, unsigned int *first, unsigned int *all)
{
	unsigned int second;

	*first = 0;
	if (!take_number(p, all))
		return false;
	if (!take_word(p, "+"))
		return true;
	if (!take_number(p, &second) || !second || !*all)
		return false;
	*first = *all;
	*all += second;
	return true;
}

static bool parse_vectors(struct irqm_plan_step *step, const char **p)
{
	return take_number(p, &step->pre) && take_word(p, "+") &&
	       parse_queues(p, &step->first_set, &step->managed);
}

/* What adding a device and a device like another have in common. */
static bool parse_option(struct irqm_plan_step *step, const char **p)
{
	unsigned int node, line;

	if (take_word(p, "node=")) {
		if (!take_number(p, &node))
			return false;
		step->node = node;
		return true;
	}
	if (!take_word(p, "line=") || !take_number(p, &line))
		return false;
	step->line = (int)line;
	return true;
}

static bool parse_add_options(struct irqm_plan_step *step, const char **p,
			      bool *ret_stated)
{
	while (take_word(p, ",")) {
		if (take_word(p, "vectors=")) {
			*ret_stated = true;
			if (!parse_vectors(step, p))
				return false;
		} else if (!parse_option(step, p)) {
			return false;
		}
	}
	return true;
}

/* Queues of a driver without managed ones are all PRE. */
static void set_vectors(struct irqm_plan_step *step,
			const struct irqm_snapshot *s, unsigned int queues,
			unsigned int first_set)
{
	const struct irqm_driver *d = step->known;

	step->pre = d->pre;
	step->first_set = first_set;
	if (irqm_driver_manages(d, s))
		step->managed = queues * d->per_queue;
	else
		step->pre += queues * d->per_queue;
}

bool irqm_plan_is_unread(const struct irqm_irq *irq)
{
	return irqm_has_apic(irq) == IRQM_UNKNOWN ||
	       irq->managed == IRQM_UNKNOWN;
}

/* Takes the vectors of a device in the dump. */
static int copy_vectors(struct irqm_plan_step *step,
			const struct irqm_snapshot *s, int device,
			struct irqm_error *err)
{
	unsigned int i;

	step->like = device;
	step->pre = step->managed = 0;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->device != device || !irq->msi)
			continue;
		if (irqm_plan_is_unread(irq)) {
			irqm_error_set(err,
				       "cannot predict %.80s: IRQ %u of the "
				       "device could not be read",
				       step->text, irq->irq);
			return -1;
		}
		if (irq->managed)
			step->managed++;
		else
			step->pre++;
	}
	if (irqm_spread_first_set(s, device, &step->first_set)) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}

static int find_device_of(const struct irqm_snapshot *s, const char *driver)
{
	const char *name;
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++) {
		name = irqm_device_driver(&s->devices[i]);
		if (name && irqm_driver_is(name, driver))
			return (int)i;
	}
	return -1;
}

static void offer_drivers(const struct irqm_snapshot *s, struct irqm_nearest *n)
{
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++)
		irqm_nearest_offer(n, irqm_device_driver(&s->devices[i]));
}

static void refuse_driver(const struct irqm_plan_step *step,
			  const struct irqm_snapshot *s, struct irqm_error *err)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;
	unsigned int i;

	irqm_nearest_begin(&n, step->driver, strlen(step->driver));
	for (i = 0; i < irqm_nr_drivers; i++)
		irqm_nearest_offer(&n, irqm_drivers[i].name);
	offer_drivers(s, &n);
	irqm_nearest_hint(&n, "", "(plan --list-drivers)", hint);
	irqm_error_set(
		err,
		"cannot predict \"%.80s\": no driver of that name is "
		"known, and the dump has no device of it%s %s%s say what "
		"it takes: %.80s:0,vectors=PRE+QUEUES, where PRE are not "
		"managed",
		step->text, n.found[0] ? ";" : "", hint,
		n.found[0] ? " If not," : ";", step->driver);
}

/* A driver of which nothing is known: its first device in the dump shows which
 * of its vectors are managed. */
static int copy_pattern(struct irqm_plan_step *step,
			const struct irqm_snapshot *s, unsigned int queues,
			unsigned int first_set, struct irqm_error *err)
{
	int device = find_device_of(s, step->driver);

	if (device < 0) {
		refuse_driver(step, s, err);
		return -1;
	}
	if (copy_vectors(step, s, device, err))
		return -1;
	step->first_set = first_set;
	if (step->managed)
		step->managed = queues;
	else
		step->pre = queues;
	return 0;
}

static char *copy_name(struct irqm_snapshot *s, const char *from, size_t len)
{
	char *name = irqm_arena_strdup(s->arena, from);

	if (name)
		name[len] = '\0';
	return name;
}

static int refuse_form(const char *arg, const char *form,
		       struct irqm_error *err)
{
	irqm_error_set(err, "\"%.80s\" is not %s", arg, form);
	return -1;
}

#define ADD_FORM                                                               \
	"DRIVER:QUEUES[,vectors=PRE+QUEUES][,node=N][,line=IRQ][xCOUNT], as "  \
	"in virtio_blk:2x20"
#define LIKE_FORM "DEVICE[,node=N][,line=IRQ][,xCOUNT], as in eth0,x4"

static int parse_add(struct irqm_plan_step *step, struct irqm_snapshot *s,
		     const char *arg, struct irqm_error *err)
{
	const char *p = strchr(arg, ':');
	unsigned int queues, first_set;
	bool stated = false;

	if (!p || p == arg)
		return refuse_form(arg, ADD_FORM, err);
	step->driver = copy_name(s, arg, p++ - arg);
	if (!step->driver) {
		irqm_error_memory(err);
		return -1;
	}
	step->known = irqm_driver_find(step->driver);
	if (!parse_queues(&p, &first_set, &queues) ||
	    !parse_add_options(step, &p, &stated) ||
	    (take_word(&p, "x") && !take_number(&p, &step->count)) || *p)
		return refuse_form(arg, ADD_FORM, err);
	if (stated)
		return 0;
	if (queues > MAX_VECTORS)
		queues = MAX_VECTORS + 1; /* check_add() refuses it */
	if (!step->known)
		return copy_pattern(step, s, queues, first_set, err);
	set_vectors(step, s, queues, first_set);
	return 0;
}

bool irqm_plan_names(const struct irqm_device *d, const char *arg)
{
	const char *driver = irqm_device_driver(d);

	return irqm_device_matches(d, arg) ||
	       (driver && irqm_driver_is(driver, arg));
}

static int find_device(const struct irqm_snapshot *s, const char *name,
		       struct irqm_error *err)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++)
		if (irqm_plan_names(&s->devices[i], name))
			return (int)i;
	irqm_nearest_begin(&n, name, strlen(name));
	for (i = 0; i < s->nr_devices; i++)
		irqm_device_offer(&s->devices[i], &n);
	offer_drivers(s, &n);
	irqm_error_set(err,
		       "no device with MSI, nor its driver, is called "
		       "\"%.80s\"; %s",
		       name,
		       irqm_nearest_hint(&n, "", "irqmatrix -d lists them",
					 hint));
	return -1;
}

static int parse_like(struct irqm_plan_step *step, struct irqm_snapshot *s,
		      const char *arg, struct irqm_error *err)
{
	size_t len = strcspn(arg, ",");
	const char *p = arg + len, *driver;
	char *name = copy_name(s, arg, len);
	int device;

	if (!name) {
		irqm_error_memory(err);
		return -1;
	}
	while (take_word(&p, ",")) {
		if (take_word(&p, "x") ? !take_number(&p, &step->count) :
					 !parse_option(step, &p))
			return refuse_form(arg, LIKE_FORM, err);
	}
	if (*p || !len)
		return refuse_form(arg, LIKE_FORM, err);
	device = find_device(s, name, err);
	if (device < 0)
		return -1;
	driver = irqm_device_driver(&s->devices[device]);
	step->driver = driver ? driver : s->devices[device].name;
	step->known = driver ? irqm_driver_find(driver) : NULL;
	if (step->node < 0 && s->devices[device].node != IRQM_UNKNOWN)
		step->node = s->devices[device].node;
	return copy_vectors(step, s, device, err);
}

static bool is_without_vectors(const struct irqm_driver *d)
{
	return d && !d->pre && !d->per_queue;
}

/* Checks the limits of a step that adds devices. */
static int check_add(const struct irqm_plan_request *r,
		     const struct irqm_plan_step *step,
		     const struct irqm_snapshot *s, struct irqm_error *err)
{
	const char *arg = step->text;
	unsigned int first = step->first_set ? step->first_set : step->managed;
	unsigned int cpus = r->nr_cpus ? r->nr_cpus : s->nr_cpus;

	if (step->pre > MAX_VECTORS || step->managed > MAX_VECTORS)
		irqm_error_set(err,
			       "\"%.80s\": a device has at most %u "
			       "vectors",
			       arg, MAX_VECTORS);
	else if (is_without_vectors(step->known))
		irqm_error_set(err,
			       "\"%.80s\": %s takes no vectors, only the "
			       "devices behind it do: add these",
			       arg, step->known->name);
	else if (step->pre + step->managed == 0)
		irqm_error_set(err,
			       "\"%.80s\" needs no vectors: give queues "
			       "or vectors=",
			       arg);
	else if (first > cpus || step->managed - first > cpus)
		irqm_error_set(err,
			       "\"%.80s\": there is one managed vector for "
			       "each of the %u possible CPUs at most; give "
			       "fewer, or two sets as nvme.write_queues makes "
			       "them, as in nvme:%u+%u",
			       arg, cpus, cpus, cpus);
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
	bool like = step->kind == IRQM_PLAN_LIKE;

	step->kind = IRQM_PLAN_ADD;
	step->node = step->line = step->like = -1;
	step->count = 1;
	if (like ? parse_like(step, s, arg, err) : parse_add(step, s, arg, err))
		return -1;
	if (check_add(r, step, s, err))
		return -1;
	if (step->line >= 0 && !has_vector_line(s, step->line)) {
		irqm_error_set(err,
			       "line=%d: this IRQ is not an INTx with a "
			       "vector",
			       step->line);
		return -1;
	}
	r->devices += step->count;
	return 0;
}

/* ADD[ ADD]..., of which as many of each are added as fit. */
static int ask_max(struct irqm_plan_request *r, struct irqm_snapshot *s,
		   const char *arg, struct irqm_error *err)
{
	char *copy = irqm_arena_strdup(s->arena, arg), *save = NULL, *kind;
	struct irqm_plan_step step;

	if (!copy) {
		irqm_error_memory(err);
		return -1;
	}
	if (r->max) {
		irqm_error_set(err, "give one --max; it can name several "
				    "devices: 'pcieport:0 virtio_blk:2'");
		return -1;
	}
	for (kind = strtok_r(copy, " ", &save); kind;
	     kind = strtok_r(NULL, " ", &save)) {
		step = (struct irqm_plan_step){ .kind = IRQM_PLAN_ADD,
						.text = kind,
						.max = true };
		if (ask_add(r, &step, s, kind, err))
			return -1;
		if (step.count != 1) {
			irqm_error_set(err,
				       "--max \"%.80s\": leave out the count: "
				       "--max finds it",
				       kind);
			return -1;
		}
		r->devices--; /* irqm_plan() counts them */
		if (irqm_plan_add_step(r, s, &step, err))
			return -1;
		r->max = arg;
	}
	if (r->max)
		return 0;
	return refuse_form(arg, ADD_FORM, err);
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
	/* e59e74dc48a3 (6.5) took cpu0_hotplug out */
	if (irqm_bits_test(&step->cpus, 0) && s->dump.generation.maple_tree) {
		irqm_error_set(err, "CPU 0 cannot go offline in kernels since "
				    "6.5: give other CPUs");
		return -1;
	}
	return 0;
}

/* Steps before it can only remove devices: others would be undone. */
static int ask_boot(struct irqm_plan_request *r, struct irqm_plan_step *step,
		    struct irqm_snapshot *s, const char *arg,
		    struct irqm_error *err)
{
	const char *p = arg;
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		if (r->steps[i].kind == IRQM_PLAN_REMOVE)
			continue;
		irqm_error_set(err, "--nr-cpus must come first; only --remove "
				    "can come before it");
		return -1;
	}
	if (!take_number(&p, &step->nr_cpus) || *p || !step->nr_cpus) {
		irqm_error_set(err,
			       "--nr-cpus \"%.80s\": give a number of CPUs, as "
			       "nr_cpus= has it",
			       arg);
		return -1;
	}
	if (step->nr_cpus > s->nr_cpus) {
		irqm_error_set(err,
			       "--nr-cpus %u: only %u %s possible here, and a "
			       "plan cannot add any; plan --machine "
			       "cpus=%u,... describes such a machine",
			       step->nr_cpus, s->nr_cpus,
			       irqm_plural(s->nr_cpus, "CPU is", "CPUs are"),
			       step->nr_cpus);
		return -1;
	}
	r->nr_cpus = step->nr_cpus;
	return 0;
}

static int ask_remove(const struct irqm_plan_request *r,
		      const struct irqm_snapshot *s, const char *arg,
		      struct irqm_error *err)
{
	if (r->nr_cpus) {
		irqm_error_set(err, "--remove %.80s must come before --nr-cpus",
			       arg);
		return -1;
	}
	return find_device(s, arg, err) < 0 ? -1 : 0;
}

int irqm_plan_add_step(struct irqm_plan_request *r, struct irqm_snapshot *s,
		       const struct irqm_plan_step *step,
		       struct irqm_error *err)
{
	unsigned int room = r->room ? 2 * r->room : 8;
	struct irqm_plan_step *steps = r->steps;

	if (r->nr == r->room) {
		steps = irqm_arena_alloc(s->arena, room, sizeof(*steps));
		if (!steps) {
			irqm_error_memory(err);
			return -1;
		}
		if (r->nr)
			memcpy(steps, r->steps, r->nr * sizeof(*steps));
		r->steps = steps;
		r->room = room;
	}
	steps[r->nr++] = *step;
	return 0;
}

static int ask_step(struct irqm_plan_request *r, struct irqm_plan_step *step,
		    struct irqm_snapshot *s, struct irqm_error *err)
{
	switch (step->kind) {
	case IRQM_PLAN_ADD:
	case IRQM_PLAN_LIKE:
		return ask_add(r, step, s, step->text, err);
	case IRQM_PLAN_REMOVE:
		return ask_remove(r, s, step->text, err);
	case IRQM_PLAN_OFFLINE:
		return ask_offline(step, s, step->text, err);
	case IRQM_PLAN_BOOT:
		return ask_boot(r, step, s, step->text, err);
	case IRQM_PLAN_MAX:
		return ask_max(r, s, step->text, err);
	case IRQM_PLAN_SUSPEND:
	case IRQM_PLAN_ONLINE:
	case IRQM_PLAN_MOVE:
		break;
	}
	return 0;
}

int irqm_plan_ask(struct irqm_plan_request *r, struct irqm_snapshot *s,
		  enum irqm_plan_kind kind, const char *arg,
		  struct irqm_error *err)
{
	struct irqm_plan_step step = { .kind = kind };

	if (r->asked == IRQM_PLAN_MAX_STEPS) {
		irqm_error_set(err, "too many steps: at most %u",
			       IRQM_PLAN_MAX_STEPS);
		return -1;
	}
	step.text = irqm_arena_strdup(s->arena, arg ? arg : "");
	if (!step.text) {
		irqm_error_memory(err);
		return -1;
	}
	if (ask_step(r, &step, s, err))
		return -1;
	if (kind != IRQM_PLAN_MAX && irqm_plan_add_step(r, s, &step, err))
		return -1;
	r->asked++;
	return kind == IRQM_PLAN_BOOT ? irqm_plan_ask_devices(r, s, err) : 0;
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
