/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which machine it is: from made-up bytes, and from lines of a log. */
#include <string.h>

#include "snapshot/stages.h"
#include "tests/unit/unit.h"

#define UTS 0xffffffff82000000ULL
#define HARDWARE 0xffffffff82001000ULL
#define RAM 0xffffffff82002000ULL
#define CORE 0xffffffff82003000ULL
#define BOOTED 1700000000LL

static char memory[4 * 4096];
static bool unreadable;
static const char *absent; /* a symbol that this kernel does not have */

static enum irqm_why fake_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	if (unreadable || addr < UTS || addr - UTS + len > sizeof(memory))
		return IRQM_EXCLUDED;
	memcpy(buf, memory + (addr - UTS), len);
	return IRQM_OK;
}

static bool fake_symbol(void *ctx, const char *name, uint64_t *ret)
{
	static const struct {
		const char *name;
		uint64_t addr;
	} symbols[] = {
		{ "init_uts_ns", UTS },
		{ "dump_stack_arch_desc_str", HARDWARE },
		{ "_totalram_pages", RAM },
		{ "tk_core", CORE },
	};
	size_t i;

	(void)ctx;
	for (i = 0; i < ARRAY_SIZE(symbols); i++)
		if (strcmp(name, symbols[i].name) == 0 &&
		    (!absent || strcmp(name, absent) != 0)) {
			*ret = symbols[i].addr;
			return true;
		}
	return false;
}

static struct irqm_target target;
static struct irqm_layout layout;
static struct irqm_snapshot *snapshot;
static struct reader reader;

static struct irqm_member member(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true,
				     .kind = IRQM_KIND_INT,
				     .offset = offset,
				     .size = size };
}

static void put(uint64_t addr, int64_t value)
{
	memcpy(memory + (addr - UTS), &value, sizeof(value));
}

static void put_string(uint64_t addr, const char *s)
{
	strcpy(memory + (addr - UTS), s);
}

/* xtime_sec, ktime_sec, wall_to_monotonic.tv_sec, offs_boot */
static void put_time(unsigned int offset, int64_t up, int64_t suspended)
{
	put(CORE + offset, BOOTED + up);
	put(CORE + offset + 8, up);
	put(CORE + offset + 16, -BOOTED);
	put(CORE + offset + 24, suspended * 1000000000);
}

static void begin(void)
{
	memset(memory, 0, sizeof(memory));
	unreadable = false;
	absent = NULL;
	put_string(UTS + 4, "Linux");
	put_string(UTS + 4 + 65, "db7.example.com");
	put_string(HARDWARE, "Some Vendor Box, BIOS 1 01/01/2020");
	put(RAM, 1000);
	put_time(8, 86400, 0);
	layout.uts_namespace.name = member(4, 390);
	layout.uts_namespace.sysname = member(4, 65);
	layout.uts_namespace.nodename = member(4 + 65, 65);
	layout.timekeeper.exists = true;
	layout.timekeeper.size = 32;
	layout.timekeeper.xtime_sec = member(0, 8);
	layout.timekeeper.ktime_sec = member(8, 8);
	layout.timekeeper.wall_to_monotonic_sec = member(16, 8);
	layout.timekeeper.offs_boot = member(24, 8);
	target = (struct irqm_target){ .read = fake_read,
				       .symbol = fake_symbol };
	snapshot = irqm_snapshot_new();
	assert_non_null(snapshot);
	reader = (struct reader){ .target = &target,
				  .layout = &layout,
				  .s = snapshot,
				  .arena = snapshot->arena };
}

static const struct irqm_dump *identify(void)
{
	irqm_read_identity(&reader);
	assert_false(reader.no_memory);
	return &snapshot->dump;
}

static void test_all(void **state)
{
	const struct irqm_dump *d;

	(void)state;
	begin();
	d = identify();
	assert_string_equal(d->hostname, "db7.example.com");
	assert_string_equal(d->hardware, "Some Vendor Box, BIOS 1 01/01/2020");
	assert_int_equal(d->memory, 1000 * 4096);
	assert_int_equal(d->uptime, 86400);
	assert_int_equal(snapshot->nr_unread, 0);
	irqm_snapshot_free(snapshot);
}

/* Behind a lock's pointer, rounded up by a second, with a day of sleep. */
static void test_other_timekeeper(void **state)
{
	(void)state;
	begin();
	put_time(16, 100, 86400);
	put(CORE + 8, 0x1234);
	put(CORE + 16 + 8, 101);
	assert_int_equal(identify()->uptime, 101 + 86400);
	assert_int_equal(snapshot->nr_unread, 0);
	irqm_snapshot_free(snapshot);
}

/* Zeros, as a distilled dump has for what it did not keep, are no facts. */
static void test_zeros(void **state)
{
	const struct irqm_dump *d;

	(void)state;
	begin();
	memset(memory, 0, sizeof(memory));
	d = identify();
	assert_null(d->hostname);
	assert_null(d->hardware); /* as on a machine without DMI */
	assert_int_equal(d->memory, IRQM_UNKNOWN);
	assert_int_equal(d->uptime, IRQM_UNKNOWN);
	assert_int_equal(snapshot->nr_unread, 3);
	irqm_snapshot_free(snapshot);
}

static void test_unreadable(void **state)
{
	const struct irqm_dump *d;

	(void)state;
	begin();
	unreadable = true;
	d = identify();
	assert_null(d->hostname);
	assert_null(d->hardware);
	assert_int_equal(d->memory, IRQM_UNKNOWN);
	assert_int_equal(d->uptime, IRQM_UNKNOWN);
	assert_int_equal(snapshot->nr_unread, 4);
	irqm_snapshot_free(snapshot);
}

/* Another kernel does not have them, or the dump was made without them. */
static void test_nothing_to_read(void **state)
{
	(void)state;
	begin();
	absent = "tk_core";
	assert_int_equal(identify()->uptime, IRQM_UNKNOWN);
	assert_non_null(snapshot->dump.hostname);
	assert_int_equal(snapshot->nr_unread, 0);
	irqm_snapshot_free(snapshot);

	begin();
	target.left_out.host = true;
	assert_null(identify()->hostname);
	assert_non_null(snapshot->dump.hardware);
	assert_int_equal(snapshot->nr_unread, 0);
	irqm_snapshot_free(snapshot);

	begin();
	target.left_out.identity = true;
	unreadable = true;
	identify();
	assert_int_equal(snapshot->nr_unread, 0);
	irqm_snapshot_free(snapshot);
}

static struct irqm_log_line lines[4];
static irqm_num crash_time = BOOTED;

/* Seconds and text of each line; returns the reason, NULL is none. */
static const char *reason(unsigned int nr, const struct irqm_log_line *in)
{
	const char *result;
	unsigned int i;

	begin();
	for (i = 0; i < nr; i++) {
		lines[i] = in[i];
		lines[i].ns *= 1000000000;
	}
	snapshot->dump.crash_time = crash_time;
	snapshot->log.lines = lines;
	snapshot->log.nr_lines = nr;
	irqm_read_panic(&reader);
	result = snapshot->dump.panic;
	irqm_snapshot_free(snapshot);
	return result;
}

#define REASON(...)                                                            \
	reason(sizeof((struct irqm_log_line[]){ __VA_ARGS__ }) /               \
		       sizeof(struct irqm_log_line),                           \
	       (struct irqm_log_line[]){ __VA_ARGS__ })

static void test_panic(void **state)
{
	const char *oops = "BUG: unable to handle page fault for address: 8";

	(void)state;
	assert_null(REASON({ 1, 5, 0, "Linux version" }));
	assert_string_equal(
		REASON({ 10, 6, 0, "sysrq: Trigger a crash" },
		       { 10, 0, 0,
			 "Kernel panic - not syncing: sysrq triggered crash" },
		       { 11, 0, 0, "Call Trace:" }),
		"sysrq triggered crash");
	/* the panic names no reason, or kexec came before it */
	assert_string_equal(
		REASON({ 10, 1, 0, oops }, { 10, 1, 0, "Oops: 0002 [#1] SMP" },
		       { 11, 0, 0,
			 "Kernel panic - not syncing: Fatal exception" }),
		oops);
	assert_string_equal(REASON({ 10, 1, 0, oops },
				   { 10, 1, 0, "Oops: 0002 [#1] SMP" }),
			    oops);
	/* one that was survived, and one that a program wrote */
	assert_null(REASON({ 10, 1, 0, oops }, { 21, 6, 0, "eth0: up" }));
	assert_null(REASON({ 10, 0, 1, "Kernel panic - not syncing: no" }));
	assert_null(REASON({ 10, 6, 0, "DEBUG: nothing" }));
	/* a dump of a running guest: it survived */
	crash_time = IRQM_UNKNOWN;
	assert_null(REASON({ 10, 1, 0, oops }));
	assert_string_equal(
		REASON({ 10, 0, 0, "Kernel panic - not syncing: hung" }),
		"hung");
	crash_time = BOOTED;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_other_timekeeper),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_nothing_to_read),
		cmocka_unit_test(test_panic),
	};

	return RUN(tests);
}
