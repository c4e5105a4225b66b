/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public library: what it refuses, and what it says of a real dump; its
 * facts are compared with the document's by tests/install. */
#include "unit.h"

#include <unistd.h>

#include "libirqmatrix.h"
#include "memory/dumpfile.h"

#define DUMP "tests/data/distilled/bookworm-plain.zst"
#define OTHER "tests/data/distilled/bookworm-exhausted.zst"

static struct irqmatrix *read_dump(const char *path)
{
	struct irqmatrix *m = irqmatrix_new();

	assert_non_null(m);
	irqmatrix_set_threads(m, 1);
	if (irqmatrix_read_dump(m, &path, 1))
		fail_msg("%s: %s", path, irqmatrix_error(m));
	return m;
}

static void assert_code(const struct irqmatrix *m, int rc,
			enum irqmatrix_error_code code)
{
	assert_int_equal(rc, -1);
	assert_int_equal(irqmatrix_error_code(m), code);
}

static void assert_error(const struct irqmatrix *m, int rc, const char *why)
{
	assert_int_equal(rc, -1);
	assert_int_not_equal(irqmatrix_error_code(m), IRQMATRIX_ERROR_NONE);
	if (!strstr(irqmatrix_error(m), why))
		fail_msg("\"%s\", not \"%s\"", irqmatrix_error(m), why);
}

static void test_error_codes(void **state)
{
	static const char *const paths[] = {
		"/no/such/file",
		"Makefile",
		"build/no-such-vmlinux",
	};
	const char *dump = DUMP;
	struct irqmatrix *m = irqmatrix_new();
	struct irqmatrix_plan *p;

	(void)state;
	assert_int_equal(irqmatrix_error_code(NULL), IRQMATRIX_ERROR_MEMORY);
	assert_int_equal(irqmatrix_error_code(m), IRQMATRIX_ERROR_NONE);
	assert_code(m, irqmatrix_read_dump(m, NULL, 0), IRQMATRIX_ERROR_USAGE);
	assert_code(m, irqmatrix_read_dump(m, paths, 1), IRQMATRIX_ERROR_FILE);
	assert_code(m, irqmatrix_read_dump(m, paths + 1, 1),
		    IRQMATRIX_ERROR_FORMAT);
	assert_int_equal(irqmatrix_set_vmlinux(m, paths[2]), 0);
	assert_code(m, irqmatrix_read_dump(m, &dump, 1), IRQMATRIX_ERROR_TYPES);
	assert_int_equal(irqmatrix_set_vmlinux(m, NULL), 0);
	irqmatrix_set_temp_limit(m, 4096);
	assert_code(m, irqmatrix_read_dump(m, &dump, 1), IRQMATRIX_ERROR_FILE);
	irqmatrix_set_temp_limit(m, 0);
	assert_int_equal(irqmatrix_read_dump(m, &dump, 1), 0);
	assert_code(m, irqmatrix_render_irqs(m, stdout, "no-such-name"),
		    IRQMATRIX_ERROR_USAGE);
	p = irqmatrix_plan_new(m);
	assert_code(m, irqmatrix_plan_step(p, IRQMATRIX_STEP_OFFLINE, "x"),
		    IRQMATRIX_ERROR_USAGE);
	irqmatrix_plan_free(p);
	irqmatrix_free(m);
}

/* Of what was not read, nothing is told. */
static void test_nothing_read(void **state)
{
	const char *const none = "/no/such/file";
	struct irqmatrix *m = irqmatrix_new();
	struct irqmatrix_matrix matrix;
	unsigned int list;

	(void)state;
	assert_int_equal(irqmatrix_status(m), IRQMATRIX_STATUS_PARTIAL);
	for (list = 0; list < 6; list++)
		assert_int_equal(irqmatrix_count(m, list), 0);
	assert_int_equal(irqmatrix_get_matrix(m, &matrix, sizeof(matrix)), -1);
	assert_int_equal(irqmatrix_get_cpu(m, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_irq(m, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_action(m, 0, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_device(m, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_consumer(m, 0, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_finding(m, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_datum(m, 0, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_unread(m, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_find_irq(m, 1), -1);
	assert_null(irqmatrix_json(m, false));
	assert_error(m, irqmatrix_render(m, stdout, 0, NULL, 0), "read");
	assert_error(m, irqmatrix_render_irqs(m, stdout, "1"), "read");
	assert_error(m, irqmatrix_diff(m, m, stdout, false), "read");
	assert_null(irqmatrix_plan_new(m));
	assert_error(m, irqmatrix_read_dump(m, NULL, 0), "no file");
	assert_error(m, irqmatrix_read_dump(m, &none, 1), none);
	irqmatrix_free(m);
	irqmatrix_free(NULL);
	irqmatrix_plan_free(NULL);
	assert_non_null(strstr(irqmatrix_error(NULL), "memory"));
	assert_string_equal(irqmatrix_version(), IRQMATRIX_VERSION);
}

/* Past the end of each list, and structures of a later version. */
static void test_bounds(void **state)
{
	struct irqmatrix *m = read_dump(DUMP);
	unsigned int cpus = irqmatrix_count(m, IRQMATRIX_CPUS);
	unsigned int irqs = irqmatrix_count(m, IRQMATRIX_IRQS);
	unsigned int devices = irqmatrix_count(m, IRQMATRIX_DEVICES);
	struct irqmatrix_device device;
	struct irqmatrix_irq irq;
	struct {
		struct irqmatrix_cpu cpu;
		char later;
	} cpu;
	unsigned int i;

	(void)state;
	assert_true(cpus > 1 && irqs > 1 && devices > 1);
	assert_int_equal(
		irqmatrix_get_cpu(m, cpus - 1, &cpu.cpu, sizeof(cpu.cpu)), 0);
	assert_int_equal(cpu.cpu.cpu, cpus - 1);
	assert_int_equal(irqmatrix_get_cpu(m, cpus, &cpu.cpu, sizeof(cpu.cpu)),
			 -1);
	assert_int_equal(
		irqmatrix_get_cpu(m, 0, (void *)&cpu, sizeof(cpu.cpu) + 1), -1);
	/* an older program's is shorter, and no byte more is written */
	memset(&cpu, 0x55, sizeof(cpu));
	assert_int_equal(
		irqmatrix_get_cpu(m, 0, &cpu.cpu,
				  offsetof(struct irqmatrix_cpu, available)),
		0);
	assert_int_equal(cpu.cpu.online, 1);
	assert_int_equal(cpu.cpu.available, 0x5555555555555555);

	assert_int_equal(irqmatrix_get_irq(m, irqs, &irq, sizeof(irq)), -1);
	for (i = 0; i < irqs; i++) {
		assert_int_equal(irqmatrix_get_irq(m, i, &irq, sizeof(irq)), 0);
		assert_int_equal(irqmatrix_find_irq(m, irq.irq), i);
		assert_int_equal(irqmatrix_get_action(m, i, irq.nr_actions,
						      NULL, 0),
				 -1);
		if (irq.device != IRQMATRIX_UNKNOWN)
			assert_in_range(irq.device, 0, devices - 1);
		/* it has a CPU just if it has a vector */
		if (irq.vector > 0)
			assert_in_range(irq.cpu, 0, cpus - 1);
		else
			assert_int_equal(irq.cpu, IRQMATRIX_UNKNOWN);
	}
	assert_int_equal(irqmatrix_find_irq(m, 4000000000), -1);
	assert_int_equal(irqmatrix_get_action(m, irqs, 0, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_device(m, 0, &device, sizeof(device)),
			 0);
	assert_int_equal(
		irqmatrix_get_device(m, devices, &device, sizeof(device)), -1);
	assert_int_equal(
		irqmatrix_get_consumer(m, 0, device.nr_consumers, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_consumer(m, devices, 0, NULL, 0), -1);
	i = irqmatrix_count(m, IRQMATRIX_FINDINGS);
	assert_int_equal(irqmatrix_get_finding(m, i, NULL, 0), -1);
	assert_int_equal(irqmatrix_get_datum(m, i, 0, NULL, 0), -1);
	i = irqmatrix_count(m, IRQMATRIX_UNREAD);
	assert_int_equal(irqmatrix_get_unread(m, i, NULL, 0), -1);
	assert_int_equal(irqmatrix_count(m, IRQMATRIX_UNREAD + 1), 0);
	irqmatrix_free(m);
}

static void test_sets(void **state)
{
	struct irqmatrix *m = read_dump(DUMP);
	struct irqmatrix_matrix matrix;
	const struct irqmatrix_bits *b;
	int64_t cpu = -1, n = 0;
	char *list;

	(void)state;
	assert_int_equal(irqmatrix_get_matrix(m, &matrix, sizeof(matrix)), 0);
	b = matrix.cpus_possible;
	while ((cpu = irqmatrix_bits_next(b, cpu + 1)) >= 0)
		assert_int_equal(cpu, n++);
	assert_int_equal(irqmatrix_bits_weight(b), n);
	assert_int_equal(irqmatrix_bits_next(b, 1000000), -1);
	list = irqmatrix_bits_list(b);
	assert_int_equal(strncmp(list, "0-", 2), 0);
	free(list);
	assert_int_equal(irqmatrix_bits_weight(NULL), 0);
	assert_int_equal(irqmatrix_bits_next(NULL, 0), -1);
	assert_null(irqmatrix_bits_list(NULL));
	irqmatrix_free(m);
}

/* What a view prints; NULL: it fails and has this part in its error. */
static char *text_of(struct irqmatrix *m, enum irqmatrix_view view,
		     const struct irqmatrix_render_options *o,
		     const char *error)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int rc = irqmatrix_render(m, out, view, o, o ? sizeof(*o) : 0);

	fclose(out);
	if (!error) {
		assert_int_equal(rc, 0);
		return text;
	}
	assert_error(m, rc, error);
	free(text);
	return NULL;
}

static void test_views(void **state)
{
	struct irqmatrix *m = read_dump(DUMP);
	struct irqmatrix_render_options o = { .csv = true,
					      .columns = "CPU,STATE" };
	unsigned int view;
	char *text;
	FILE *out;

	(void)state;
	for (view = 0; view <= IRQMATRIX_VIEW_MAP; view++) {
		text = text_of(m, view, NULL, NULL);
		if (view != IRQMATRIX_VIEW_LOG) /* it was left out of it */
			assert_string_not_equal(text, "");
		free(text);
		out = fopen("/dev/full", "w");
		if (view != IRQMATRIX_VIEW_LOG)
			assert_error(m, irqmatrix_render(m, out, view, NULL, 0),
				     "cannot write");
		fclose(out);
	}
	text_of(m, view, NULL, "later libirqmatrix");
	assert_error(m, irqmatrix_render(m, stdout, 0, &o, sizeof(o) + 1),
		     "later libirqmatrix");
	text = text_of(m, IRQMATRIX_VIEW_MATRIX, &o, NULL);
	assert_int_equal(strncmp(text, "CPU,STATE\r\n0,online\r\n", 21), 0);
	free(text);
	o.no_header = true;
	o.cpus = "1";
	text = text_of(m, IRQMATRIX_VIEW_MATRIX, &o, NULL);
	assert_string_equal(text, "1,online\r\n");
	free(text);
	o.cpus = "1000";
	text_of(m, IRQMATRIX_VIEW_MATRIX, &o, "out of range");
	o.cpus = NULL;
	o.columns = "CPU,NONE";
	text_of(m, IRQMATRIX_VIEW_MATRIX, &o, "no column is called \"NONE\"");
	text_of(m, IRQMATRIX_VIEW_MAP, &o, "not a table");
	o.columns = NULL;
	text_of(m, IRQMATRIX_VIEW_FINDINGS, &o, "not a table");
	irqmatrix_free(m);
}

static void test_irqs(void **state)
{
	struct irqmatrix *m = read_dump(DUMP);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(irqmatrix_render_irqs(m, out, "9,1"), 0);
	fclose(out);
	assert_int_equal(strncmp(text, "        IRQ: 9, ", 16), 0);
	assert_non_null(strstr(text, "\n\n        IRQ: 1, "));
	free(text);
	assert_error(m, irqmatrix_render_irqs(m, stdout, "no-such-name"),
		     "no IRQ has");
	out = fopen("/dev/full", "w");
	assert_error(m, irqmatrix_render_irqs(m, out, "9,1"), "cannot write");
	fclose(out);
	irqmatrix_free(m);
}

static void test_diff(void **state)
{
	struct irqmatrix *m = read_dump(DUMP), *other = read_dump(OTHER);
	struct irqmatrix *none = irqmatrix_new();
	FILE *out = fopen("/dev/null", "w");

	(void)state;
	assert_int_equal(irqmatrix_diff(m, m, out, false), 0);
	assert_int_equal(irqmatrix_diff(m, other, out, false), 1);
	assert_int_equal(irqmatrix_diff(m, other, out, true), 1);
	fclose(out);
	assert_error(m, irqmatrix_diff(m, none, stdout, false), "second");
	assert_error(none, irqmatrix_diff(none, m, stdout, false), "read");
	out = fopen("/dev/full", "w");
	assert_error(m, irqmatrix_diff(m, other, out, true), "cannot write");
	fclose(out);
	irqmatrix_free(none);
	irqmatrix_free(other);
	irqmatrix_free(m);
}

static void test_plan(void **state)
{
	struct irqmatrix *m = read_dump(DUMP);
	struct irqmatrix_plan *p = irqmatrix_plan_new(m);
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(p);
	assert_error(m, irqmatrix_plan_render(p, stdout, false),
		     "call irqmatrix_plan_run() first");
	assert_error(m, irqmatrix_plan_step(p, 7, "x"), "no such step");
	assert_error(m, irqmatrix_plan_step(p, IRQMATRIX_STEP_ADD, NULL),
		     "argument");
	assert_error(m, irqmatrix_plan_step(p, IRQMATRIX_STEP_ADD, "nvme"),
		     "DRIVER:QUEUES");
	assert_int_equal(irqmatrix_plan_step(p, IRQMATRIX_STEP_ADD, "nvme:1"),
			 0);
	assert_int_equal(irqmatrix_plan_run(p), 0);
	assert_error(m, irqmatrix_plan_render(p, out, true), "cannot write");
	assert_error(m, irqmatrix_plan_render(p, out, false), "cannot write");
	fclose(out);
	assert_int_equal(
		irqmatrix_plan_step(p, IRQMATRIX_STEP_ADD, "nvme:4x9000"), 0);
	assert_int_equal(irqmatrix_plan_run(p), 1);
	irqmatrix_plan_free(p);
	irqmatrix_free(m);
}

/* The dump, behind functions of the caller's own. */
struct mine {
	struct irqm_target *t;
	int why; /* of reads, if not 0 */
	struct irqm_dumpfile_table btf;
};

static enum irqmatrix_why my_read(void *ctx, uint64_t addr, void *buf,
				  size_t len)
{
	struct mine *mine = ctx;

	if (mine->why)
		return (enum irqmatrix_why)mine->why;
	return (enum irqmatrix_why)mine->t->read(mine->t->ctx, addr, buf, len);
}

static bool my_symbol(void *ctx, const char *name, uint64_t *ret)
{
	struct mine *mine = ctx;

	if (strcmp(name, "__start_BTF") == 0 && mine->btf.len)
		*ret = mine->btf.addr;
	else if (strcmp(name, "__stop_BTF") == 0 && mine->btf.len)
		*ret = mine->btf.addr + mine->btf.len;
	else
		return mine->t->symbol(mine->t->ctx, name, ret);
	return true;
}

static bool my_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			 uint64_t *ret)
{
	struct mine *mine = ctx;

	return mine->t->symbol_at(mine->t->ctx, addr, name, size, ret);
}

static char *without_dump(struct irqmatrix *m)
{
	char *text = irqmatrix_json(m, false), *cpus;

	assert_non_null(text);
	cpus = strstr(text, "\"matrix\":");
	assert_non_null(cpus);
	memmove(text, cpus, strlen(cpus) + 1);
	return text;
}

static struct irqm_dumpfile_table btf_of(struct irqm_dumpfile *f)
{
	struct irqm_dumpfile_table tables[IRQM_DUMPFILE_TABLES];
	unsigned int i, nr = irqm_dumpfile_tables(f, tables);

	for (i = 0; i < nr; i++)
		if (strstr(tables[i].what, "BTF"))
			return tables[i];
	fail_msg("no BTF");
	return tables[0];
}

static void test_target(void **state)
{
	const char *path = DUMP;
	struct irqm_dumpfile_options o = { .threads = 1 };
	struct irqmatrix *m = read_dump(DUMP);
	char *expected = without_dump(m), *got;
	struct irqm_dumpfile *f;
	struct irqm_error err;
	struct mine mine = { 0 };
	struct {
		struct irqmatrix_target t;
		char later;
	} t = { .t = { .ctx = &mine,
		       .read = my_read,
		       .symbol = my_symbol,
		       .symbol_at = my_symbol_at } };

	(void)state;
	assert_int_equal(irqm_dumpfile_open(&path, 1, &o, &f, &err), 0);
	mine.t = irqm_dumpfile_target(f);
	mine.btf = btf_of(f);
	if (irqmatrix_read_target(m, &t.t, sizeof(t.t)))
		fail_msg("%s", irqmatrix_error(m));
	got = without_dump(m);
	/* but for the log, which is not known to be left out on purpose */
	assert_int_equal(strncmp(got, expected, 2000), 0);
	free(got);
	/* names of functions are unknown then, and that is all */
	t.t.symbol_at = NULL;
	assert_int_equal(irqmatrix_read_target(m, &t.t, sizeof(t.t)), 0);
	assert_int_equal(irqmatrix_count(m, IRQMATRIX_IRQS) > 0, 1);

	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t) + 1),
		     "later libirqmatrix");
	/* what was read before is gone, also where nothing else was */
	assert_int_equal(irqmatrix_count(m, IRQMATRIX_IRQS), 0);
	mine.why = IRQMATRIX_EXCLUDED;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "(BTF) cannot be read: excluded");
	/* no such reason */
	mine.why = 99;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "(BTF) cannot be read: invalid");
	mine.why = 0;
	mine.btf.len = 1ULL << 40;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "no type information in memory "
		     "(CONFIG_DEBUG_INFO_BTF); name a vmlinux");
	mine.btf.len = 0;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "no type information in memory "
		     "(CONFIG_DEBUG_INFO_BTF); name a vmlinux");
	t.t.btf = "no BTF at all";
	t.t.btf_size = 13;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)), "BTF");
	t.t.vmlinux = "/no/such/vmlinux";
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "No such file");
	t.t.read = NULL;
	assert_error(m, irqmatrix_read_target(m, &t.t, sizeof(t.t)),
		     "lacks the function read");
	irqm_dumpfile_close(f);
	free(expected);
	irqmatrix_free(m);
}

static void test_options(void **state)
{
	char folder[] = "/tmp/test_api.XXXXXX", command[64];
	const char *path = DUMP;
	struct irqmatrix *m = irqmatrix_new();

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(irqmatrix_set_cache(m, folder), 0);
	assert_int_equal(irqmatrix_set_vmlinux(m, "/no/such/vmlinux"), 0);
	assert_error(m, irqmatrix_read_dump(m, &path, 1), "/no/such/vmlinux");
	assert_int_equal(irqmatrix_set_vmlinux(m, NULL), 0);
	irqmatrix_set_temp_limit(m, 4096);
	assert_error(m, irqmatrix_read_dump(m, &path, 1), "unpacking needs");
	irqmatrix_set_temp_limit(m, 0);
	assert_int_equal(irqmatrix_read_dump(m, &path, 1), 0);
	assert_int_equal(irqmatrix_set_cache(m, NULL), 0);
	irqmatrix_free(m);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	/* something of the kernel was kept */
	assert_int_equal(rmdir(folder), -1);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_codes),
		cmocka_unit_test(test_nothing_read),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_options),
	};

	return RUN(tests);
}
