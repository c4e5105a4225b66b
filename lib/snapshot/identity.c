/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which machine it is: host name, hardware, memory, uptime, why it panicked. */
#include "snapshot/stages.h"

#include <ctype.h>
#include <string.h>

/* Whether m lies inside whole. */
static bool is_inside(const struct irqm_member *m,
		      const struct irqm_member *whole)
{
	return m->exists && m->size > 0 && m->offset >= whole->offset &&
	       m->offset - whole->offset <= whole->size &&
	       m->size <= whole->size - (m->offset - whole->offset);
}

/*
 * The host name of the first UTS namespace, which is the machine's own. A
 * distilled dump may have zeros here, so look for what is always there. All of
 * the name is read because libkdumpfile, given a part, refuses the dump.
 */
static void read_hostname(struct reader *r)
{
	const struct irqm_member *name = &r->layout->uts_namespace.name;
	const struct irqm_member *system = &r->layout->uts_namespace.sysname;
	const struct irqm_member *node = &r->layout->uts_namespace.nodename;
	char copy[READER_STRUCT_MAX], *text;
	uint64_t addr;

	if (r->target->left_out.host || !name->exists ||
	    !is_inside(system, name) || !is_inside(node, name) ||
	    !irqm_reader_symbol(r, "init_uts_ns", &addr))
		return;
	addr += name->offset;
	if (!irqm_reader_struct(r, copy, addr, name->size, "init_uts_ns.name"))
		return;
	text = copy + (node->offset - name->offset);
	if (strncmp(copy + (system->offset - name->offset), "Linux",
		    system->size) != 0)
		irqm_reader_note(r, IRQM_INVALID, addr, "init_uts_ns.name");
	else if (memchr(text, '\0', node->size))
		r->s->dump.hostname = irqm_reader_strdup(r, text);
	else
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "init_uts_ns.name.nodename");
}

/*
 * "QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2 04/01/2014": what
 * dmi_format_ids() made for the "Hardware name:" of an oops. Empty without
 * DMI.
 */
static void read_hardware(struct reader *r)
{
	const char *text;
	uint64_t addr;

	if (!irqm_reader_symbol(r, "dump_stack_arch_desc_str", &addr))
		return;
	text = irqm_reader_string(r, addr, "dump_stack_arch_desc_str");
	if (text && *text)
		r->s->dump.hardware = text;
}

/* An atomic_long_t since ca79b0c211af (5.0), of the same size. */
static void read_memory(struct reader *r)
{
	static const char *const names[] = { "_totalram_pages",
					     "totalram_pages" };
	uint64_t addr, pages;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (irqm_reader_find(r, names[i], &addr) == READER_ABSENT)
			continue;
		if (!irqm_reader_variable(r, names[i], &pages))
			return;
		if (pages > 0 && pages <= INT64_MAX / IRQM_PAGE_SIZE)
			r->s->dump.memory = pages * IRQM_PAGE_SIZE;
		else
			irqm_reader_note(r, IRQM_INVALID, addr, "%s", names[i]);
		return;
	}
}

/*
 * Seconds since boot, from a timekeeper; IRQM_UNKNOWN if it is none.
 * tk_update_ktime_data() keeps ktime_sec at xtime_sec + wall_to_monotonic,
 * rounded down.
 */
static irqm_num uptime_of(const struct irqm_layout *l, const char *copy)
{
	int64_t real = irqm_get(copy, &l->timekeeper.xtime_sec);
	int64_t monotonic = irqm_get(copy, &l->timekeeper.ktime_sec);
	int64_t offset = irqm_get(copy, &l->timekeeper.wall_to_monotonic_sec);
	int64_t suspended = irqm_get(copy, &l->timekeeper.offs_boot);
	int64_t sum;

	if (real <= 0 || monotonic < 0 || suspended < 0 ||
	    __builtin_add_overflow(real, offset, &sum) ||
	    (monotonic != sum && monotonic - 1 != sum))
		return IRQM_UNKNOWN;
	return irqm_add(monotonic, suspended / 1000000000);
}

/*
 * The timekeeper is behind a seqcount, in a structure that had no name before
 * 6.13 ("timekeeping: Provide timekeeper_data ..."): 8 bytes, or 16 with the
 * pointer to a lock that PREEMPT_RT and lockdep add. Try both; uptime_of()
 * knows the right one.
 */
static void read_uptime(struct reader *r)
{
	static const char *const names[] = { "tk_core", "timekeeper_data" };
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	uint64_t core = 0, addr;
	unsigned int offset;
	size_t i;

	if (!l->timekeeper.xtime_sec.exists ||
	    !l->timekeeper.ktime_sec.exists ||
	    !l->timekeeper.wall_to_monotonic_sec.exists ||
	    !l->timekeeper.offs_boot.exists ||
	    l->timekeeper.size > sizeof(copy))
		return;
	for (i = 0; i < ARRAY_SIZE(names) && !core; i++)
		if (irqm_reader_find(r, names[i], &addr) != READER_ABSENT &&
		    !irqm_reader_symbol(r, names[i], &core))
			return;
	if (!core)
		return;
	for (offset = 8; offset <= 16; offset += 8) {
		addr = core + offset;
		if (!irqm_reader_struct(r, copy, addr, l->timekeeper.size,
					"timekeeper"))
			return;
		r->s->dump.uptime = uptime_of(l, copy);
		if (r->s->dump.uptime != IRQM_UNKNOWN)
			return;
	}
	irqm_reader_note(r, IRQM_INVALID, core, "timekeeper");
}

void irqm_read_identity(struct reader *r)
{
	if (r->target->left_out.identity)
		return;
	read_hostname(r);
	read_hardware(r);
	read_memory(r);
	read_uptime(r);
}

/* How an oops begins, or what starts a crash without an oops. */
static const char *cause_in(const char *text)
{
	static const char *const causes[] = {
		"BUG: ",
		"kernel BUG at ",
		"general protection fault",
		"Oops: ",
		"divide error: ",
		"sysrq: Trigger a crash",
		"SysRq : Trigger a crash",
		"Watchdog detected hard LOCKUP",
	};
	const char *at = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(causes) && !at; i++) {
		at = strstr(text, causes[i]);
		if (at > text && isalpha((unsigned char)at[-1]))
			at = NULL; /* "DEBUG: " */
	}
	return at;
}

/* An oops that is older than the log's last line by more was survived. */
#define CAUSE_NS (10 * 1000000000ULL)

/*
 * Sets dump.panic to what follows "Kernel panic - not syncing:". If that is
 * only "Fatal exception", or kexec came before it, takes the first line of the
 * oops. Call it only if no record of the log is lost.
 */
void irqm_read_panic(struct reader *r)
{
	static const char panic[] = "Kernel panic - not syncing: ";
	const struct irqm_log *log = &r->s->log;
	const char *reason = NULL, *cause = NULL, *at;
	unsigned int i;

	for (i = log->nr_lines; i-- > 0;) {
		const struct irqm_log_line *line = &log->lines[i];

		if (line->facility != 0)
			continue;
		if (log->lines[log->nr_lines - 1].ns > line->ns + CAUSE_NS)
			break;
		at = strstr(line->text, panic);
		if (at && !reason)
			reason = at + sizeof(panic) - 1;
		at = cause_in(line->text);
		if (at)
			cause = at;
	}
	if (reason && (!cause || strncmp(reason, "Fatal exception", 15) != 0))
		r->s->dump.panic = reason;
	else if (r->s->dump.crash_time != IRQM_UNKNOWN && !r->s->dump.live)
		r->s->dump.panic = cause; /* a running machine survived it */
}
