/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's text: lines and "repeat". */
#include "machine/parse.h"

#include "machine/expand.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct text_line {
	const char *s;
	unsigned int len;
	unsigned int end;   /* of "repeat": index of its "end"; else 0 */
	unsigned int times; /* of "repeat" */
};

struct text {
	const char *name;
	struct text_line *lines;
	unsigned int nr;
	struct irqm_machine *m;
	const struct irqm_machine_other *other;
	unsigned long counters[IRQM_MAX_NESTED];
	/* what "repeat" has led to */
	uint64_t nr_lines, nr_bytes, nr_placed;
};

static int fail_at(const struct text *t, unsigned int line, const char *why,
		   struct irqm_error *err)
{
	struct irqm_error copy;

	/* why may be err->msg */
	irqm_error_set(&copy, "%s", why);
	irqm_error_set(err, "%.200s:%u: %s", t->name, line + 1, copy.msg);
	return -1;
}

/* Splits the text. */

/* Returns the length without a comment and without blanks at the end. */
static size_t code_length(const char *s, size_t len)
{
	const char *comment = memchr(s, '#', len);

	if (comment)
		len = comment - s;
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	return len;
}

static int add_line(struct text *t, const char *s, size_t len,
		    struct irqm_error *err)
{
	struct text_line *grown;

	if (memchr(s, '\0', len))
		return fail_at(t, t->nr, "a NUL byte: not a text", err);
	len = code_length(s, len);
	if (len > IRQM_LINE_MAX)
		return fail_at(t, t->nr, "longer than 4095 characters", err);
	if (t->nr == IRQM_MACHINE_MAX_LINES)
		return fail_at(t, t->nr, "more than 4194304 lines", err);
	if (!(t->nr & (t->nr - 1))) {
		grown = realloc(t->lines,
				(t->nr ? 2UL * t->nr : 1) * sizeof(*t->lines));
		if (!grown) {
			irqm_error_memory(err);
			return -1;
		}
		t->lines = grown;
	}
	t->lines[t->nr++] = (struct text_line){ .s = s, .len = len };
	return 0;
}

static int split_lines(struct text *t, const char *text, size_t len,
		       struct irqm_error *err)
{
	const char *end = text + len, *next;

	if (len > IRQM_MACHINE_MAX_TEXT) {
		irqm_error_set(err,
			       "%.200s: larger than %u MiB: not a machine's "
			       "text",
			       t->name, IRQM_MACHINE_MAX_TEXT >> 20);
		return -1;
	}
	for (; text < end; text = next + 1) {
		next = memchr(text, '\n', end - text);
		if (!next)
			next = end;
		if (add_line(t, text, next - text, err) != 0)
			return -1;
	}
	return 0;
}

/* Matches each "repeat" with its "end". */

/* Returns what follows the line's first word if that is this word. */
static const char *after_word(const struct text_line *l, const char *word)
{
	const char *s = l->s, *end = l->s + l->len;
	size_t len = strlen(word);

	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if ((size_t)(end - s) < len || strncmp(s, word, len) != 0 ||
	    (s + len < end && s[len] != ' ' && s[len] != '\t'))
		return NULL;
	return s + len;
}

/* Returns false if this is not one number that fits. */
static bool read_times(const struct text_line *l, const char *s,
		       unsigned int *ret)
{
	const char *end = l->s + l->len;
	uint64_t n = 0;
	bool any = false;

	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	for (; s < end && isdigit((unsigned char)*s); s++, any = true)
		if ((n = n * 10 + (*s - '0')) > UINT32_MAX)
			return false;
	*ret = n;
	return any && s == end;
}

static int match_repeats(struct text *t, struct irqm_error *err)
{
	unsigned int open[IRQM_MAX_NESTED], depth = 0, i;
	const char *rest;

	for (i = 0; i < t->nr; i++) {
		struct text_line *l = &t->lines[i];

		if ((rest = after_word(l, "repeat"))) {
			if (depth == IRQM_MAX_NESTED)
				return fail_at(t, i,
					       "repeat: at most 3 within each "
					       "other",
					       err);
			if (!read_times(l, rest, &l->times))
				return fail_at(t, i,
					       "repeat: expected one number of "
					       "at most 4294967295",
					       err);
			open[depth++] = i;
		} else if ((rest = after_word(l, "end"))) {
			if (rest != l->s + l->len)
				return fail_at(t, i,
					       "end: expected the end of the "
					       "line",
					       err);
			if (!depth)
				return fail_at(t, i,
					       "end: no \"repeat\" before it",
					       err);
			t->lines[open[--depth]].end = i;
		}
	}
	if (depth)
		return fail_at(t, open[depth - 1],
			       "repeat: no \"end\" after it", err);
	return 0;
}

/* Runs the lines. */

static int parse_words(struct irqm_words *w, char *line,
		       const struct irqm_machine_other *other)
{
	irqm_words_split(w, line);
	if (w->nr && !w->bad)
		irqm_machine_line(w, other);
	return w->bad ? -1 : 0;
}

static int run_line(struct text *t, unsigned int nr, struct irqm_error *err)
{
	struct irqm_words w = { .m = t->m, .err = err };
	char line[IRQM_LINE_MAX + 1];
	int len;

	len = irqm_expand(t->lines[nr].s, t->lines[nr].len, t->counters, line,
			  sizeof(line), err);
	if (len < 0 || parse_words(&w, line, t->other) != 0)
		return fail_at(t, nr, err->msg, err);
	/* as written or as expanded, whichever took longer */
	t->nr_bytes += (unsigned int)len > t->lines[nr].len ?
			       (unsigned int)len :
			       t->lines[nr].len;
	t->nr_placed += w.placed;
	return 0;
}

/* An empty "repeat" counts too: each line of the text that is looked at. */
static int count_line(struct text *t, unsigned int nr, struct irqm_error *err)
{
	if (t->nr_lines++ == IRQM_MACHINE_MAX_LINES)
		return fail_at(t, nr,
			       "more than 4194304 lines because of \"repeat\"",
			       err);
	if (t->nr_bytes > IRQM_MACHINE_MAX_BYTES)
		return fail_at(t, nr,
			       "more than 268435456 characters because of "
			       "\"repeat\"",
			       err);
	if (t->nr_placed > IRQM_MACHINE_MAX_PLACED)
		return fail_at(t, nr,
			       "\"node\" has named CPUs more than 268435456 "
			       "times",
			       err);
	return 0;
}

/* Runs lines [from, to), inside of depth repeats. */
static int run_lines(struct text *t, unsigned int from, unsigned int to,
		     unsigned int depth, struct irqm_error *err)
{
	unsigned int i;

	for (i = from; i < to; i++) {
		const struct text_line *l = &t->lines[i];
		unsigned long *n;

		if (count_line(t, i, err) != 0)
			return -1;
		if (!l->end) {
			if (l->len && run_line(t, i, err) != 0)
				return -1;
			continue;
		}
		n = &t->counters[depth];
		for (*n = 0; *n < l->times; ++*n)
			if (count_line(t, i, err) != 0 ||
			    run_lines(t, i + 1, l->end, depth + 1, err) != 0)
				return -1;
		*n = 0;
		i = l->end;
	}
	return 0;
}

/* The machine as a whole. */

/* Returns 0, or -1 with err: CPUs of a are not in b. Both were checked. */
static int check_within(const struct irqm_machine *m, const char *a_name,
			const char *a, const char *b_name, const char *b,
			struct irqm_error *err)
{
	struct irqm_bits in_a = irqm_bits_new(m->arena, m->nr_cpu_ids);
	struct irqm_bits in_b = irqm_bits_new(m->arena, m->nr_cpu_ids);
	unsigned int cpu;

	if (!in_a.words || !in_b.words) {
		irqm_error_memory(err);
		return -1;
	}
	if ((*a && irqm_bits_parse(&in_a, a, err) != 0) ||
	    (*b && irqm_bits_parse(&in_b, b, err) != 0))
		return -1;
	irqm_bits_for_each(cpu, &in_a)
		if (!irqm_bits_test(&in_b, cpu)) {
			irqm_error_set(err, "CPU %u is %s, but not %s", cpu,
				       a_name, b_name);
			return -1;
		}
	return 0;
}

static int check_machine(const struct irqm_machine *m, struct irqm_error *err)
{
	if (!m->nr_cpu_ids) {
		irqm_error_set(err, "the line \"cpus N\" is missing");
		return -1;
	}
	if (!*m->online) {
		irqm_error_set(err, "no CPU is online");
		return -1;
	}
	if (check_within(m, "online", m->online, "present", m->present, err))
		return -1;
	return check_within(m, "present", m->present, "possible", m->possible,
			    err);
}

static void complete_machine(struct irqm_machine *m)
{
	unsigned int n;

	if (!m->default_affinity)
		m->default_affinity = m->online;
	for (n = 0; n < m->nr_irqs; n++) {
		struct irqm_machine_irq *i = &m->irqs[n];

		if (!i->affinity)
			i->affinity = m->online;
		if (i->managed && !i->msi_affinity && i->device >= 0)
			i->msi_affinity = i->affinity;
	}
}

int irqm_machine_parse(struct irqm_machine *m, const char *name,
		       const char *text, size_t len,
		       const struct irqm_machine_other *other,
		       struct irqm_error *err)
{
	struct text t = { .name = name, .m = m, .other = other };
	struct irqm_error why = { 0 };
	int ret = -1;

	if (split_lines(&t, text, len, err) == 0 &&
	    match_repeats(&t, err) == 0 &&
	    run_lines(&t, 0, t.nr, 0, err) == 0) {
		ret = check_machine(m, &why);
		if (ret != 0)
			irqm_error_set(err, "%.200s: %s", name, why.msg);
	}
	free(t.lines);
	if (ret == 0)
		complete_machine(m);
	return ret;
}

int irqm_machine_parse_line(struct irqm_machine *m, const char *line,
			    const struct irqm_machine_other *other,
			    struct irqm_error *err)
{
	struct irqm_words w = { .m = m, .err = err };
	char copy[IRQM_LINE_MAX + 1];

	if (strlen(line) > IRQM_LINE_MAX) {
		irqm_error_set(err, "longer than 4095 characters: \"%.40s...\"",
			       line);
		return -1;
	}
	strcpy(copy, line);
	return parse_words(&w, copy, other);
}
