/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/drivers.h"
#include "analysis/findings/finding.h"

/* Memory of the answers. */
#define ROOM (16U << 20)
/*
 * Limits on irqm_plan.work of all plans of single changes, and of combinations:
 * some seconds each. What is tried depends on it, not on the
 * time, so that the advice is the same wherever it is given.
 */
#define MAX_WORK 4000000000UL
#define MAX_WORK_COMBINED 1500000000UL
/* Limit on the advice. */
#define MAX_ADVICE 1000

const char *irqm_knob_name(enum irqm_knob knob)
{
	static const char *const names[] = {
		[IRQM_KNOB_AFFINITY] = "default-affinity",
		[IRQM_KNOB_MOVE] = "smp-affinity",
		[IRQM_KNOB_ONLINE] = "cpus-online",
		[IRQM_KNOB_ETHTOOL] = "ethtool",
		[IRQM_KNOB_NEW_VECTORS] = "new-vectors",
		[IRQM_KNOB_VFS] = "sriov-numvfs",
		[IRQM_KNOB_MSI_OFF] = "msi-bus",
		[IRQM_KNOB_UNPLUG] = "unplug",
		[IRQM_KNOB_REBOOT] = "reboot",
		[IRQM_KNOB_WRITE_QUEUES] = "write-queues",
		[IRQM_KNOB_PORTS] = "pcie-ports",
		[IRQM_KNOB_UNMANAGED] = "smp-affinity-enable",
		[IRQM_KNOB_QUEUES] = "queues",
		[IRQM_KNOB_VECTORS] = "vectors",
		[IRQM_KNOB_SCSI] = "virtio-scsi",
		[IRQM_KNOB_PARAMETER] = "msi-parameter",
		[IRQM_KNOB_KERNEL] = "kernel",
		[IRQM_KNOB_NR_CPUS] = "nr-cpus",
		[IRQM_KNOB_COMBINED] = "combined",
		[IRQM_KNOB_NO_MSI] = "nomsi",
	};

	return names[knob];
}

/*
 * Targets.
 */

static struct target *new_target(struct search *s)
{
	if (s->nr_targets == s->room_targets) {
		unsigned int room = s->room_targets ? 2 * s->room_targets : 16;
		struct target *all;

		all = irqm_arena_alloc(s->out->arena, room, sizeof(*all));
		if (!all)
			return NULL;
		if (s->nr_targets)
			memcpy(all, s->targets, s->nr_targets * sizeof(*all));
		s->targets = all;
		s->room_targets = room;
	}
	return &s->targets[s->nr_targets++];
}

/* Adds devices that are to fit. Returns false if out of memory. */
static bool want_devices(struct search *s, const struct irqm_plan_step *step)
{
	struct target *t;
	unsigned int i;

	for (i = 0; i < s->nr_targets; i++) {
		if (!irqm_plan_steps_alike(&s->targets[i].step, step))
			continue;
		s->targets[i].wanted += step->count;
		return true;
	}
	t = new_target(s);
	if (!t)
		return false;
	*t = (struct target){ .step = *step,
			      .again = *step,
			      .wanted = step->count };
	return true;
}

static bool find_groups(struct search *s)
{
	struct irqm_plan_group *groups;
	unsigned int i, nr;

	if (irqm_plan_group_devices(s->s, NULL, &groups, &nr, s->err)) {
		s->failed = true;
		return false;
	}
	for (i = 0; i < nr; i++) {
		struct target *t = new_target(s);

		if (!t)
			return false;
		*t = (struct target){ .group = &groups[i],
				      .step = groups[i].step,
				      .again = groups[i].step,
				      .present = groups[i].step.count };
	}
	return true;
}

/* The devices of the driver that got the most vectors: what each asks for. */
static struct target *best_sister(const struct search *s, const char *driver)
{
	struct target *best = NULL;
	unsigned int i;

	for (i = 0; driver && i < s->nr_targets; i++) {
		struct target *t = &s->targets[i];

		if (!t->group || !irqm_driver_is(t->step.driver, driver))
			continue;
		if (!best || t->step.managed > best->step.managed ||
		    (t->step.managed == best->step.managed &&
		     t->step.pre > best->step.pre))
			best = t;
	}
	return best;
}

/*
 * After a reboot all devices ask for their vectors again: those that share one
 * among their queues, and those that use INTx. Why they do is not known, so
 * each is taken to ask for as much as its sisters got.
 */
static void let_ask_again(struct search *s)
{
	const struct irqm_snapshot *snapshot = s->s;
	struct target *sister;
	unsigned int i;

	for (i = 0; i < s->nr_targets; i++) {
		struct target *t = &s->targets[i];

		sister = best_sister(s, t->step.driver);
		if (!t->step.managed && t->step.known && sister &&
		    sister->step.managed)
			t->again = sister->step;
	}
	for (i = 0; i < snapshot->nr_pci_lines; i++) {
		sister = best_sister(
			s, irqm_device_driver(&snapshot->pci_lines[i].device));
		if (sister)
			sister->on_lines++;
	}
}

/*
 * The goal.
 */

struct goal {
	struct irqm_text text, unplanned;
	unsigned int nr; /* devices */
};

/* The log does not always name the driver of a drive. */
static const char *driver_of(const struct irqm_failed_device *f)
{
	if (strncmp(f->name, "nvme", 4) == 0)
		return "nvme";
	return f->driver && !irqm_is_pci_address(f->driver) ? f->driver : NULL;
}

static bool same_driver(const struct irqm_failed_device *a,
			const struct irqm_failed_device *b)
{
	const char *x = driver_of(a), *y = driver_of(b);

	return x && y ? irqm_driver_is(x, y) : x == y;
}

/*
 * What a device asks for: as its sister that got most, or, for storage whose
 * queues follow the CPUs, as the table of drivers says. Returns false if
 * neither is known.
 */
static bool asks_for(const struct search *s, const char *driver,
		     struct irqm_plan_step *ret)
{
	const struct target *sister = best_sister(s, driver);
	const struct irqm_driver *d = irqm_driver_find(driver);

	if (sister) {
		*ret = sister->step;
		return true;
	}
	if (!d || d->probe == IRQM_PROBE_VIRTIO ||
	    !irqm_driver_manages(d, s->s))
		return false;
	*ret = (struct irqm_plan_step){ .kind = IRQM_PLAN_ADD,
					.text = d->name,
					.driver = d->name,
					.known = d,
					.pre = d->pre,
					.managed = s->s->nr_cpus,
					.like = -1,
					.node = -1,
					.line = -1 };
	return true;
}

static void say_failed(struct goal *g, const char *driver, unsigned int nr,
		       const char *first, const char *last)
{
	irqm_text_add(&g->text, "%s%u %s %s that failed: %s",
		      g->text.used ? "; " : "", nr, driver,
		      irqm_plural(nr, "device", "devices"), first);
	if (nr > 1)
		irqm_text_add(&g->text, "%s%s", nr > 2 ? " ... " : ", ", last);
}

/* Adds the failed devices of one driver, the first of which is failed[from]. */
static bool want_failed(struct search *s, struct goal *g, unsigned int from,
			bool *done)
{
	const struct irqm_failed_device *f = s->a->failed;
	struct irqm_plan_step step;
	bool known = asks_for(s, driver_of(&f[from]), &step);
	const char *last = f[from].name;
	unsigned int i, nr = 0;

	for (i = from; i < s->a->nr_failed; i++) {
		if (!same_driver(&f[i], &f[from]))
			continue;
		done[i] = true;
		last = f[i].name;
		nr++;
		if (!known)
			irqm_text_add(&g->unplanned, "%s%s",
				      g->unplanned.used ? ", " : "", f[i].name);
	}
	if (!known)
		return true;
	step.count = nr;
	g->nr += nr;
	say_failed(g, step.driver, nr, f[from].name, last);
	return want_devices(s, &step);
}

/* A virtio or PCI device that failed is probed again by its name. */
static void say_probe_again(struct search *s)
{
	const char *name = s->a->nr_failed ? s->a->failed[0].name : NULL;
	struct irqm_text t = { 0 };
	bool pci = name && irqm_is_pci_address(name);

	if (!name || name[strspn(name, "virtio0123456789abcdef:.")] ||
	    (!pci && strncmp(name, "virtio", 6) != 0))
		return;
	irqm_text_add(&t, "echo %s > /sys/bus/%s/drivers_probe", name,
		      pci ? "pci" : "virtio");
	s->out->probe_again = irqm_arena_strdup(s->out->arena, t.s);
}

static bool want_all_failed(struct search *s, struct goal *g)
{
	bool *done = calloc(s->a->nr_failed + 1UL, sizeof(*done));
	bool good = done;
	unsigned int i;

	for (i = 0; good && i < s->a->nr_failed; i++)
		if (!done[i])
			good = want_failed(s, g, i, done);
	free(done);
	return good;
}

static bool want_wishes(struct search *s, struct goal *g,
			const struct irqm_plan_wish *wishes, unsigned int nr)
{
	struct irqm_plan_request r = { 0 };
	unsigned int i;

	if (irqm_plan_ask_all(&r, s->s, wishes, nr, s->err)) {
		s->failed = true;
		return false;
	}
	for (i = 0; i < r.nr; i++) {
		irqm_text_add(&g->text, "%sadded: %s", g->text.used ? "; " : "",
			      r.steps[i].text);
		g->nr += r.steps[i].count;
		if (!want_devices(s, &r.steps[i]))
			return false;
	}
	return true;
}

/* Returns NULL if there is no text. */
static const char *keep_text(struct search *s, const struct irqm_text *t)
{
	return t->used ? irqm_arena_strdup(s->out->arena, t->s) : NULL;
}

/* By rank, then by the number of devices, then those of the goal's drivers, then
 * as in enum irqm_knob. */
static int by_rank(const void *a, const void *b)
{
	const struct irqm_advice *x = a, *y = b;
	unsigned int i;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->devices != y->devices)
		return x->devices < y->devices ? -1 : 1;
	if (x->other_driver != y->other_driver)
		return x->other_driver ? 1 : -1;
	for (i = 0; i < x->nr_parts && i < y->nr_parts; i++)
		if (x->parts[i].knob != y->parts[i].knob)
			return x->parts[i].knob < y->parts[i].knob ? -1 : 1;
	/* as in the list */
	return (x > y) - (x < y);
}

/* Whether devices of the driver that changes are to fit. */
static bool is_wanted(const struct search *s, const struct change *c)
{
	unsigned int i;

	if (c->target == NO_TARGET)
		return true;
	for (i = 0; i < s->nr_targets; i++)
		if (s->targets[i].wanted &&
		    irqm_driver_is(s->targets[i].step.driver,
				   s->targets[c->target].step.driver))
			return true;
	return false;
}

static bool has_part(const struct irqm_advice *a, enum irqm_knob knob)
{
	unsigned int i;

	for (i = 0; i < a->nr_parts; i++)
		if (a->parts[i].knob == knob)
			return true;
	return false;
}

/*
 * Changes that keep all devices come first. On one CPU, pcie_ports=compat comes
 * before all: a crash kernel must not lose the drive that the dump is
 * written to, and takes no commands.
 */
static enum irqm_advice_rank rank_of(const struct search *s,
				     const struct irqm_advice *a)
{
	if (has_part(a, IRQM_KNOB_UNPLUG) || has_part(a, IRQM_KNOB_VFS))
		return a->reboot ? IRQM_RANK_FEWER_DEVICES_REBOOT :
				   IRQM_RANK_FEWER_DEVICES;
	if (s->s->nr_cpus == 1 && has_part(a, IRQM_KNOB_PORTS))
		return IRQM_RANK_CRASH_KERNEL;
	return a->reboot ? IRQM_RANK_REBOOT : IRQM_RANK_RUNNING;
}

bool irqm_advise_add(struct search *s, const struct change *c,
		     irqm_num available)
{
	struct irqm_advice *a = &s->out->list[s->out->nr];
	bool good = !s->failed;

	if (s->out->nr == MAX_ADVICE)
		return true;
	*a = (struct irqm_advice){ .knob = c->also ? IRQM_KNOB_COMBINED :
						     c->knob,
				   .reboot = c->reboot,
				   .available = available };
	for (; c && good; c = c->also) {
		struct irqm_advice_part *part = &a->parts[a->nr_parts++];

		part->knob = c->knob;
		part->devices = c->nr;
		a->devices += c->nr;
		a->other_driver |= !is_wanted(s, c);
		good = irqm_advise_describe(s, c, part);
	}
	a->rank = rank_of(s, a);
	if (!good && !s->failed) {
		irqm_error_memory(s->err);
		s->failed = true;
	}
	s->out->nr += good;
	return good;
}

bool irqm_advise_may_go_on(struct search *s)
{
	if (s->failed)
		return false;
	if (s->work < s->limit)
		return true;
	s->out->limited = true;
	return false;
}

/* A stronger change leaves more vectors, so a binary search will do. */
void irqm_advise_narrow(struct search *s, struct change *all, struct change *c,
			irqm_num *available)
{
	unsigned int low = 0, high = c->strength;
	irqm_num then = 0;

	while (c->set && high - low > 1 && irqm_advise_may_go_on(s)) {
		unsigned int strength = low + (high - low) / 2;

		c->set(c, strength);
		if (irqm_advise_fits(s, all, &then, NULL)) {
			high = strength;
			*available = then;
		} else {
			low = strength;
		}
	}
	if (c->set)
		c->set(c, high);
}

static void try_change(struct search *s, struct change *c)
{
	struct change smallest = *c;

	c->tried = true;
	if (!irqm_advise_fits(s, c, &c->available, &c->missing) || s->failed)
		return;
	irqm_advise_narrow(s, &smallest, &smallest, &c->available);
	irqm_advise_add(s, &smallest, c->available);
}

/* If a reboot alone is enough, no change with a reboot is smaller. */
static bool try_reboot(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_REBOOT,
			    .reboot = true,
			    .target = NO_TARGET };

	if (irqm_advise_fits(s, &c, &c.available, NULL))
		irqm_advise_add(s, &c, c.available);
	return s->out->nr;
}

static void try_no_msi(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_NO_MSI,
			    .reboot = true,
			    .target = NO_TARGET };

	irqm_advise_add(s, &c, IRQM_UNKNOWN);
}

/* Says which change comes nearest. */
static void note_nearest(struct search *s)
{
	const struct change *best = NULL;
	struct irqm_advice_part part = { 0 };
	unsigned int i;

	for (i = 0; i < s->nr_changes; i++)
		if (s->changes[i].tried &&
		    (!best || s->changes[i].missing < best->missing))
			best = &s->changes[i];
	if (!best || s->failed || !irqm_advise_describe(s, best, &part))
		return;
	s->out->nearest = part.what;
	s->out->nearest_missing = best->missing;
}

static void try_changes(struct search *s)
{
	bool reboot = try_reboot(s);
	unsigned int i;

	irqm_advise_list_changes(s);
	s->limit = MAX_WORK;
	for (i = 0; i < s->nr_changes && irqm_advise_may_go_on(s); i++)
		if (!reboot || !s->changes[i].reboot)
			try_change(s, &s->changes[i]);
	s->limit = s->work + MAX_WORK_COMBINED;
	if (!s->failed && !s->out->nr)
		irqm_advise_combine(s);
	if (s->failed || s->out->nr)
		return;
	note_nearest(s);
	if (s->s->nr_devices)
		try_no_msi(s);
}

static void find_changes(struct search *s)
{
	struct irqm_advices *out = s->out;

	out->without = irqm_advise_run(s, NULL);
	if (!out->without)
		return;
	if (irqm_plans_fit(out->without)) {
		out->end = IRQM_ADVISE_FITS;
		return;
	}
	out->list =
		irqm_arena_alloc(out->arena, MAX_ADVICE, sizeof(*out->list));
	if (!out->list) {
		irqm_error_memory(s->err);
		s->failed = true;
		return;
	}
	try_changes(s);
	qsort(out->list, out->nr, sizeof(*out->list), by_rank);
	out->end = out->nr ? IRQM_ADVISE_FOUND : IRQM_ADVISE_NOTHING;
	if (s->s->nr_cpus == 1)
		out->not_tried = "More CPUs (nr_cpus=2) may help too, but the "
				 "dump does not show what the drivers then ask "
				 "for, so no plan can confirm that.";
}

static bool run_search(struct search *s, const struct irqm_plan_wish *wishes,
		       unsigned int nr)
{
	struct goal g = { 0 };
	bool good = find_groups(s);

	if (good)
		let_ask_again(s);
	good = good && want_all_failed(s, &g) && want_wishes(s, &g, wishes, nr);
	say_probe_again(s);
	s->out->goal = keep_text(s, &g.text);
	s->out->unplanned = keep_text(s, &g.unplanned);
	if (!good && !s->failed) {
		irqm_error_memory(s->err);
		s->failed = true;
	}
	if (s->failed)
		return false;
	if (g.nr)
		find_changes(s);
	else
		s->out->end = IRQM_ADVISE_NO_GOAL;
	irqm_advise_say_known(s);
	return !s->failed;
}

struct irqm_advices *
irqm_advise(const struct irqm_analysis *a, struct irqm_snapshot *s,
	    const struct irqm_plan_wish *wishes, unsigned int nr,
	    const struct irqm_advise_progress *progress, struct irqm_error *err)
{
	struct search search_ = {
		.a = a, .s = s, .wide = *s, .progress = progress, .err = err
	};
	struct irqm_arena *arena = irqm_arena_new(ROOM);

	if (arena)
		search_.out = irqm_arena_alloc(arena, 1, sizeof(*search_.out));
	if (!search_.out) {
		irqm_arena_free(arena);
		irqm_error_memory(err);
		return NULL;
	}
	search_.out->arena = arena;
	search_.out->available = s->matrix.global_available;
	search_.wide.dump.default_affinity = a->online.yes;
	if (run_search(&search_, wishes, nr))
		return search_.out;
	irqm_advices_free(search_.out);
	return NULL;
}

void irqm_advices_free(struct irqm_advices *a)
{
	if (!a)
		return;
	irqm_plans_free(a->without);
	irqm_arena_free(a->arena);
}
