/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the log once. All lines of a kind are counted, and the first MAX_KEPT
 * of them are kept.
 */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KEPT 1024

#define EBUSY_ 16

/* The messages of the IOMMUs: reasons of interrupt remapping, and AMD's range
 * of addresses for interrupts and the flag that says that it was one. */
#define DMAR_FIRST 0x20
#define DMAR_LAST 0x2f
#define AMD_ADDRESS_MASK 0xffffffffffULL
#define AMD_INTERRUPTS 0xfdf8000000ULL
#define AMD_INTERRUPTS_END 0xfdf9000000ULL
#define AMD_FLAG_INTERRUPT 0x8

static bool keep_line(struct log *log, const struct irqm_log_line *line,
		      const struct log_match *match)
{
	struct evidence *e = &log->e[match->kind];

	if (!e->count++)
		e->first = e->last = line;
	if (line < e->first)
		e->first = line;
	if (line > e->last)
		e->last = line;
	if (!e->kept) {
		e->kept = irqm_arena_alloc(log->a->arena, MAX_KEPT,
					   sizeof(*e->kept));
		e->lines = irqm_arena_alloc(log->a->arena, MAX_KEPT,
					    sizeof(*e->lines));
	}
	if (!e->kept || !e->lines)
		return false;
	if (e->nr_kept < MAX_KEPT) {
		e->lines[e->nr_kept] = line;
		e->kept[e->nr_kept++] = *match;
	}
	return true;
}

/* Returns N of "nvmeN", or LOG_MAX_FUNCTIONS. */
static unsigned int nvme_number(const char *name)
{
	static const char prefix[] = "nvme";
	const char *digits = name + sizeof(prefix) - 1;
	size_t nr;

	if (strncmp(name, prefix, sizeof(prefix) - 1) != 0)
		return LOG_MAX_FUNCTIONS;
	nr = strspn(digits, "0123456789");
	if (!nr || nr > 4 || digits[nr])
		return LOG_MAX_FUNCTIONS;
	nr = strtoul(digits, NULL, 10);
	return nr < LOG_MAX_FUNCTIONS ? nr : LOG_MAX_FUNCTIONS;
}

static void remember_function(struct log *log, unsigned int line,
			      const struct log_match *match)
{
	unsigned int n = nvme_number(match->device);

	if (n < LOG_MAX_FUNCTIONS && irqm_is_pci_address(match->driver))
		log->function[n] = line + 1;
}

/*
 * Drives that fail one after the other get the same name, because each gives
 * it back. Only the PCI function tells them apart; an earlier line has it.
 */
static void replace_name(const struct log *log, struct log_match *match)
{
	unsigned int n = nvme_number(match->device);
	struct log_match function;

	if (n == LOG_MAX_FUNCTIONS || !log->function[n])
		return;
	irqm_log_match(&log->forms,
		       log->a->snapshot->log.lines[log->function[n] - 1].text,
		       &function);
	memcpy(match->device, function.driver, sizeof(match->device));
	if (!*match->driver)
		strcpy(match->driver, "nvme");
}

/*
 * -EBUSY has many reasons and counts only if another line says that the device
 * was refused an interrupt, and what a driver returns instead of -ENOSPC only
 * if vectors were short. Other errors are no evidence.
 */
static bool is_probe_evidence(struct log_match *match)
{
	int64_t error = match->num[0];

	if (error == -EBUSY_)
		match->kind = LOG_PROBE_BUSY;
	else if (irqm_log_is_driver_error(match->driver, error))
		match->kind = LOG_PROBE_OTHER;
	else
		return error == -ENOSPC_;
	return true;
}

static bool is_interrupt_fault(struct log *log, struct log_match *match)
{
	uint64_t address = (uint64_t)match->num[0] & AMD_ADDRESS_MASK;

	if (match->kind == LOG_FAULT_AMD) {
		match->kind = LOG_FAULT;
		match->num[0] = IRQM_UNKNOWN;
		return (address >= AMD_INTERRUPTS &&
			address < AMD_INTERRUPTS_END) ||
		       (match->num[1] & AMD_FLAG_INTERRUPT);
	}
	if (!*match->device)
		memcpy(match->device, log->fault_device, sizeof(match->device));
	return match->num[0] >= DMAR_FIRST && match->num[0] <= DMAR_LAST;
}

static bool is_evidence(struct log *log, unsigned int line,
			struct log_match *match)
{
	switch (match->kind) {
	case LOG_FUNCTION:
		remember_function(log, line, match);
		return false;
	case LOG_FAULT_DEVICE:
		memcpy(log->fault_device, match->device,
		       sizeof(log->fault_device));
		return false;
	case LOG_FAULT:
	case LOG_FAULT_AMD:
		return is_interrupt_fault(log, match);
	case LOG_PROBE:
		return is_probe_evidence(match);
	case LOG_CPU_DOWN:
		return match->context || match->num[1] == -ENOSPC_;
	default:
		return true;
	}
}

static void count_full_cpus(struct log *log)
{
	const struct irqm_snapshot *s = log->a->snapshot;
	unsigned int i;

	log->full_known = s->nr_cpus != 0;
	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu *cpu = &s->cpus[i];

		log->online_cpus += cpu->online == 1;
		if (cpu->online == IRQM_UNKNOWN ||
		    (cpu->online == 1 && cpu->available == IRQM_UNKNOWN))
			log->full_known = false;
		else if (cpu->online == 1 && cpu->available == 0)
			log->full_cpus++;
	}
}

static bool is_certain(const struct evidence *e)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++)
		if (!e->kept[i].context)
			return true;
	return false;
}

static bool has_vector_driver(const struct evidence *e)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++)
		if (irqm_log_probe_error(e->kept[i].driver) ==
		    LOG_ERROR_VECTORS)
			return true;
	return false;
}

static bool was_short(const struct log *log)
{
	return log->full_cpus || log->e[LOG_RESERVATION].count ||
	       log->e[LOG_IRTE].count || is_certain(&log->e[LOG_REFUSED]) ||
	       is_certain(&log->e[LOG_FEWER]) ||
	       has_vector_driver(&log->e[LOG_PROBE]);
}

static int64_t queues_of(const struct log_match *m)
{
	return m->num[0] + m->num[1] + m->num[2];
}

/*
 * nvme says at each probe how many queues it has. That is fewer than it could
 * have if another drive has more or, for the only drive, if it has just one and
 * there are more CPUs.
 */
static bool has_fewer_queues(const struct log *log, const struct evidence *e,
			     unsigned int i)
{
	bool sisters = false;
	unsigned int k;

	for (k = 0; k < e->nr_kept; k++) {
		if (strcmp(e->kept[k].device, e->kept[i].device) == 0)
			continue;
		sisters = true;
		if (queues_of(&e->kept[k]) > queues_of(&e->kept[i]))
			return true;
	}
	return !sisters && queues_of(&e->kept[i]) == 1 && log->online_cpus > 1;
}

/*
 * Lines that prove something only where vectors were short become those that
 * prove it.
 */
static bool promote_lines(struct log *log)
{
	const struct evidence *probes = &log->e[LOG_PROBE_OTHER];
	const struct evidence *queues = &log->e[LOG_QUEUES];
	struct log_match match;
	unsigned int i;

	for (i = 0; i < probes->nr_kept && log->was_short; i++) {
		match = probes->kept[i];
		match.kind = LOG_PROBE;
		match.context = true;
		if (!keep_line(log, probes->lines[i], &match))
			return false;
	}
	for (i = 0; i < queues->nr_kept && log->was_short; i++) {
		if (!has_fewer_queues(log, queues, i))
			continue;
		match = queues->kept[i];
		match.kind = LOG_FEWER;
		match.num[0] = match.num[1] = 0;
		if (!keep_line(log, queues->lines[i], &match))
			return false;
	}
	return true;
}

bool irqm_log_read(struct log *log)
{
	const struct irqm_log *l = &log->a->snapshot->log;
	struct log_match match;
	unsigned int i;

	irqm_log_forms_init(&log->forms);
	for (i = 0; i < l->nr_lines; i++) {
		/* a program may have written anything to /dev/kmsg */
		if (l->lines[i].facility ||
		    !irqm_log_match(&log->forms, l->lines[i].text, &match) ||
		    !is_evidence(log, i, &match))
			continue;
		replace_name(log, &match);
		if (!keep_line(log, &l->lines[i], &match))
			return false;
	}
	count_full_cpus(log);
	log->was_short = was_short(log);
	return promote_lines(log);
}
