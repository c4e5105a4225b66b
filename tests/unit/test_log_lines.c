/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from each line of tests/data/log-lines.tsv. */
#include "log_findings.h"
#include "unit.h"

#define FILE_NAME "tests/data/log-lines.tsv"
#define MAX_LINES 512
#define SECONDS 1000000000ULL

struct row {
	char text[512];
	const char *code, *full, *free, *device, *line;
};

static struct row rows[MAX_LINES];
static unsigned int nr_rows;

static const char *take_field(char **rest)
{
	char *field = strsep(rest, "\t\n");

	assert_non_null(field);
	return field;
}

static int read_rows(void **state)
{
	FILE *f = fopen(FILE_NAME, "r");

	(void)state;
	if (!f)
		return -1;
	while (nr_rows < MAX_LINES) {
		struct row *r = &rows[nr_rows];
		char *rest = r->text;

		if (!fgets(r->text, sizeof(r->text), f))
			break;
		if (r->text[0] == '#')
			continue;
		r->code = take_field(&rest);
		r->full = take_field(&rest);
		r->free = take_field(&rest);
		r->device = take_field(&rest);
		r->line = take_field(&rest);
		nr_rows++;
	}
	return fclose(f);
}

static const char *device_of(const struct irqm_finding *f)
{
	unsigned int i;

	for (i = 0; i < f->nr_data; i++)
		if (strcmp(f->data[i].key, "first_device") == 0 &&
		    f->data[i].string)
			return f->data[i].string;
	return "-";
}

static void check_row(const struct row *r, const char *severity, bool full)
{
	bool none = strcmp(severity, "-") == 0;
	struct irqm_snapshot *s = snap_new(2);
	const struct irqm_finding *f;

	if (full) {
		take_all_vectors(s, 0);
		take_all_vectors(s, 1);
	}
	log_say(s, 30 * SECONDS, r->line);
	f = log_only_finding(s, none ? NULL : r->code);
	if (!none && (strcmp(irqm_severity_name(f->severity), severity) != 0 ||
		      strcmp(device_of(f), r->device) != 0))
		fail_msg("%s: %s, %s", r->line, irqm_severity_name(f->severity),
			 device_of(f));
	/* what to do about each warning */
	if (!none && f->severity >= IRQM_WARNING) {
		assert_non_null(f->remedy);
		assert_true(strlen(f->remedy) > 10);
	}
	log_done(s);
}

static void test_full(void **state)
{
	unsigned int i;

	(void)state;
	assert_true(nr_rows > 100);
	for (i = 0; i < nr_rows; i++)
		check_row(&rows[i], rows[i].full, true);
}

static void test_with_room(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < nr_rows; i++)
		check_row(&rows[i], rows[i].free, false);
}

/* Whether the line has the texts of the pattern, one after the other. */
static bool fits(const char *line, const char *pattern)
{
	char text[80]; /* MAX_LITERAL */
	size_t len;

	pattern += *pattern == '*';
	while (line && *pattern) {
		len = strcspn(pattern, "%");
		assert_true(len < sizeof(text));
		memcpy(text, pattern, len);
		text[len] = '\0';
		line = strstr(line, text);
		pattern += len;
		pattern += *pattern ? 2 : 0;
	}
	return line != NULL;
}

static void check_pattern(const char *pattern)
{
	unsigned int i;

	for (i = 0; i < nr_rows; i++)
		if (fits(rows[i].line, pattern))
			return;
	fail_msg("no line of " FILE_NAME " tests \"%s\"", pattern);
}

/* A pattern that is added needs a line. */
static void test_patterns(void **state)
{
	(void)state;
#define FORM(kind, proof, pattern, file, versions)                             \
	if (strcmp(#kind, "LOG_FUNCTION") != 0)                                \
		check_pattern(pattern);
#include "analysis/findings/log_forms.def"
#undef FORM
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_with_room),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, read_rows, NULL);
}
