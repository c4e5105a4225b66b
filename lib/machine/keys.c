/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

#define MAX_NODES 1024

static int refuse_value(struct irqm_error *err, const char *key,
			const char *value, const char *allowed)
{
	irqm_error_set(err, "--machine %s=%.80s: give %s", key, value, allowed);
	return -1;
}

static int take_number(unsigned int *ret, unsigned int most, const char *key,
		       const char *value, struct irqm_error *err)
{
	unsigned long n;
	char allowed[40];
	char *end;

	n = strtoul(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && !*end && n && n <= most) {
		*ret = (unsigned int)n;
		return 0;
	}
	snprintf(allowed, sizeof(allowed), "a number from 1 to %u", most);
	return refuse_value(err, key, value, allowed);
}

/* A list with ',' in the place of '+'. Which CPUs there are is known later. */
static int take_list(const char **ret, struct irqm_arena *arena,
		     const char *value, struct irqm_error *err)
{
	char *list = irqm_arena_strdup(arena, value), *p;

	if (!list) {
		irqm_error_memory(err);
		return -1;
	}
	for (p = list; (p = strchr(p, '+'));)
		*p = ',';
	*ret = list;
	return 0;
}

static int take_remapping(struct irqm_machine_keys *k, const char *value,
			  struct irqm_error *err)
{
	static const struct {
		const char *name;
		enum irqm_machine_level level;
	} all[] = {
		{ "none", IRQM_LEVEL_END },
		{ "intel", IRQM_LEVEL_IR },
		{ "amd", IRQM_LEVEL_AMD_IR },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (strcmp(value, all[i].name) == 0) {
			k->remapping = all[i].level;
			return 0;
		}
	}
	return refuse_value(err, "remapping", value, "none, intel or amd");
}

static int take_order(struct irqm_machine_keys *k, const char *value,
		      struct irqm_error *err)
{
	k->split = strcmp(value, "split") == 0;
	if (k->split || strcmp(value, "adjacent") == 0)
		return 0;
	return refuse_value(err, "thread-order", value, "adjacent or split");
}

static const char *const keys[] = {
	"cpus",      "possible",     "sockets",          "cores",
	"threads",   "nodes",        "cluster",          "online",
	"kernel",    "thread-order", "default-affinity", "isolated",
	"remapping",
};

static int unknown_key(const char *key, struct irqm_error *err)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;
	unsigned int i;

	irqm_nearest_begin(&n, key, strlen(key));
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		irqm_nearest_offer(&n, keys[i]);
	irqm_error_set(err, "--machine %.80s=: no such key; %s", key,
		       irqm_nearest_hint(&n, "", "see irqmatrix plan --help",
					 hint));
	return -1;
}

static int take_key(struct irqm_machine_keys *k, const char *key,
		    const char *value, struct irqm_error *err)
{
	const struct {
		const char *key;
		unsigned int *n, most;
	} numbers[] = {
		{ "cpus", &k->cpus, IRQM_MACHINE_MAX_CPUS },
		{ "possible", &k->possible, IRQM_MACHINE_MAX_CPUS },
		{ "sockets", &k->sockets, IRQM_MACHINE_MAX_CPUS },
		{ "cores", &k->cores, IRQM_MACHINE_MAX_CPUS },
		{ "threads", &k->threads, IRQM_MACHINE_MAX_CPUS },
		{ "cluster", &k->cluster, IRQM_MACHINE_MAX_CPUS },
		{ "nodes", &k->nodes, MAX_NODES },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (strcmp(key, numbers[i].key) == 0)
			return take_number(numbers[i].n, numbers[i].most, key,
					   value, err);
	if (strcmp(key, "online") == 0)
		return take_list(&k->online, k->arena, value, err);
	if (strcmp(key, "default-affinity") == 0)
		return take_list(&k->affinity, k->arena, value, err);
	if (strcmp(key, "isolated") == 0)
		return take_list(&k->isolated, k->arena, value, err);
	if (strcmp(key, "kernel") == 0)
		return take_list(&k->kernel, k->arena, value, err);
	if (strcmp(key, "remapping") == 0)
		return take_remapping(k, value, err);
	if (strcmp(key, "thread-order") == 0)
		return take_order(k, value, err);
	return unknown_key(key, err);
}

int irqm_machine_take_keys(struct irqm_machine_keys *k, const char *text,
			   struct irqm_error *err)
{
	char *copy = irqm_arena_strdup(k->arena, text), *save = NULL, *key;

	if (!copy) {
		irqm_error_memory(err);
		return -1;
	}
	for (key = strtok_r(copy, ",", &save); key;
	     key = strtok_r(NULL, ",", &save)) {
		char *value = strchr(key, '=');

		if (!value || value == key || !value[1]) {
			irqm_error_set(err,
				       "--machine \"%.80s\" is not KEY=VALUE; "
				       "write a list of CPUs with +, as in "
				       "0-3+5",
				       key);
			return -1;
		}
		*value++ = '\0';
		if (take_key(k, key, value, err))
			return -1;
	}
	return 0;
}

/* sockets * cores * threads is the number of CPUs. */
static int check_product(const struct irqm_machine_keys *k,
			 struct irqm_error *err)
{
	uint64_t product = (uint64_t)(k->sockets ? k->sockets : 1) *
			   (k->threads ? k->threads : 1);

	if (k->cores ? product * k->cores == k->cpus : k->cpus % product == 0)
		return 0;
	if (k->cores)
		irqm_error_set(
			err,
			"--machine: %u sockets of %u cores of %u threads "
			"are not cpus=%u",
			k->sockets ? k->sockets : 1, k->cores,
			k->threads ? k->threads : 1, k->cpus);
	else
		irqm_error_set(err,
			       "--machine: cpus=%u cannot be split into %u "
			       "sockets with cores of %u threads",
			       k->cpus, k->sockets ? k->sockets : 1,
			       k->threads ? k->threads : 1);
	return -1;
}

static int check_keys(const struct irqm_machine_keys *k, struct irqm_error *err)
{
	if (!k->cpus) {
		irqm_error_set(err, "--machine: give the number of CPUs, as in "
				    "cpus=16");
		return -1;
	}
	if (!k->kernel) {
		irqm_error_set(err, "--machine: give the kernel's version, as "
				    "`uname -r` prints it or its beginning, as "
				    "in kernel=6.12");
		return -1;
	}
	if (k->possible && k->possible < k->cpus) {
		irqm_error_set(err,
			       "--machine: possible=%u is less than "
			       "cpus=%u",
			       k->possible, k->cpus);
		return -1;
	}
	if (k->nodes && k->cpus % k->nodes) {
		irqm_error_set(
			err,
			"--machine: nodes=%u do not have the same number "
			"of CPUs each, if cpus=%u; describe them in a "
			"file (irqmatrix-machine(5))",
			k->nodes, k->cpus);
		return -1;
	}
	if (check_product(k, err))
		return -1;
	if (!k->nodes ||
	    k->cpus / (k->threads ? k->threads : 1) % k->nodes == 0)
		return 0;
	irqm_error_set(err,
		       "--machine: the cores cannot be split into nodes=%u; "
		       "describe them in a file (irqmatrix-machine(5))",
		       k->nodes);
	return -1;
}

static const char *range_text(struct irqm_arena *arena, unsigned int from,
			      unsigned int to)
{
	char text[IRQM_RANGE_SIZE];

	return irqm_arena_strdup(arena, irqm_range_text(text, from, to));
}

/* A list of CPUs of the machine, which are below nr. */
static int check_list(struct irqm_machine *m, const char *key, const char *list,
		      unsigned int nr, const char **ret, struct irqm_error *err)
{
	struct irqm_bits b = irqm_bits_new(m->arena, nr);
	struct irqm_error why;

	if (!b.words) {
		irqm_error_memory(err);
		return -1;
	}
	if (irqm_bits_parse(&b, list, &why)) {
		irqm_error_set(err, "--machine %s: %s", key, why.msg);
		return -1;
	}
	if (!irqm_bits_weight(&b)) {
		irqm_error_set(err, "--machine %s: give at least one CPU", key);
		return -1;
	}
	*ret = list;
	return 0;
}

/* All CPUs of the machine but these. */
static int all_but(struct irqm_machine *m, const char *list, const char **ret,
		   struct irqm_error *err)
{
	struct irqm_bits b = irqm_bits_new(m->arena, m->nr_cpu_ids);
	struct irqm_bits rest = irqm_bits_new(m->arena, m->nr_cpu_ids);
	unsigned int cpu;
	char *text;

	if (b.words && rest.words && irqm_bits_parse(&b, list, err) == 0) {
		for (cpu = 0; cpu < m->nr_cpu_ids; cpu++)
			if (!irqm_bits_test(&b, cpu))
				irqm_bits_set(&rest, cpu);
		text = irqm_bits_list(&rest);
		*ret = text ? irqm_arena_strdup(m->arena, text) : NULL;
		free(text);
		if (!irqm_bits_weight(&rest)) {
			irqm_error_set(err, "--machine isolated: leave at "
					    "least one CPU");
			return -1;
		}
		if (*ret)
			return 0;
	}
	irqm_error_memory(err);
	return -1;
}

/* The threads of the core whose first thread is this CPU. */
static const char *threads_of(struct irqm_arena *arena, unsigned int first,
			      unsigned int threads, unsigned int step)
{
	struct irqm_bits b = irqm_bits_new(arena, first + threads * step);
	const char *copy = NULL;
	unsigned int i;
	char *list;

	for (i = 0; i < threads; i++)
		irqm_bits_set(&b, first + i * step);
	list = irqm_bits_list(&b);
	if (list)
		copy = irqm_arena_strdup(arena, list);
	free(list);
	return copy;
}

static void place_cpu(struct irqm_machine *m, const struct irqm_machine_keys *k,
		      unsigned int cpu)
{
	unsigned int threads = k->threads ? k->threads : 1;
	unsigned int nodes = k->nodes ? k->nodes : 1;
	unsigned int cores = k->cpus / threads;
	unsigned int core = k->split ? cpu % cores : cpu / threads;
	unsigned int first = k->cluster ? cpu - cpu % k->cluster : 0, end;
	struct irqm_machine_cpu *c = &m->cpus[cpu];

	c->node = (int)(core / (cores / nodes));
	c->siblings = k->split ? threads_of(m->arena, core, threads, cores) :
				 range_text(m->arena, core * threads,
					    core * threads + threads - 1);
	c->cluster = c->siblings;
	if (!k->cluster)
		return;
	end = first + k->cluster;
	c->cluster = range_text(m->arena, first,
				(end < k->cpus ? end : k->cpus) - 1);
}

/* Where CPUs that are not present would be, nothing says. */
static void place_cpus(struct irqm_machine *m,
		       const struct irqm_machine_keys *k)
{
	unsigned int cpu;

	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++) {
		if (cpu < k->cpus)
			place_cpu(m, k, cpu);
		else
			m->cpus[cpu].siblings = m->cpus[cpu].cluster =
				range_text(m->arena, cpu, cpu);
	}
}

static int set_affinities(struct irqm_machine *m,
			  const struct irqm_machine_keys *k,
			  struct irqm_error *err)
{
	if (k->affinity && check_list(m, "default-affinity", k->affinity,
				      m->nr_cpu_ids, &m->default_affinity, err))
		return -1;
	if (!k->isolated)
		return 0;
	return check_list(m, "isolated", k->isolated, m->nr_cpu_ids,
			  &m->housekeeping, err) ||
			       all_but(m, k->isolated, &m->housekeeping, err) ?
		       -1 :
		       0;
}

static int set_lists(struct irqm_machine *m, const struct irqm_machine_keys *k,
		     struct irqm_error *err)
{
	m->possible = range_text(m->arena, 0, m->nr_cpu_ids - 1);
	m->present = m->online = range_text(m->arena, 0, k->cpus - 1);
	m->default_affinity = m->possible;
	if (k->online &&
	    check_list(m, "online", k->online, k->cpus, &m->online, err))
		return -1;
	return set_affinities(m, k, err);
}

int irqm_machine_change(const struct irqm_machine_keys *k,
			struct irqm_machine *m, struct irqm_error *err)
{
	if (k->cpus || k->possible || k->sockets || k->cores || k->threads ||
	    k->nodes || k->cluster || k->split || k->online || k->remapping) {
		irqm_error_set(err, "--machine: beside a file only kernel=, "
				    "default-affinity= and isolated= can be "
				    "given");
		return -1;
	}
	if (k->kernel)
		m->release = k->kernel;
	if (!m->release) {
		irqm_error_set(err,
			       "--machine: the file has no line "
			       "\"release\": give the kernel's version, as "
			       "in --machine kernel=6.12");
		return -1;
	}
	return set_affinities(m, k, err);
}

int irqm_machine_of_keys(const struct irqm_machine_keys *k,
			 struct irqm_machine *m, struct irqm_error *err)
{
	if (check_keys(k, err))
		return -1;
	*m = (struct irqm_machine){
		.arena = k->arena,
		.nr_cpu_ids = k->possible ? k->possible : k->cpus,
		.release = k->kernel,
		.remapping = k->remapping,
	};
	m->cpus = irqm_arena_alloc(m->arena, m->nr_cpu_ids, sizeof(*m->cpus));
	if (!m->cpus) {
		irqm_error_memory(err);
		return -1;
	}
	place_cpus(m, k);
	if (set_lists(m, k, err))
		return -1;
	if (irqm_arena_exhausted(m->arena)) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}
