/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout from crash's own type information.
 *
 * crash's macros (MEMBER_OFFSET and the like) give no bit fields, no tags and
 * no members of anonymous structures in all versions, so the questions go to
 * the gdb inside it, as expressions. The answers are read from its text.
 */
#include <defs.h>

#include "extension/crash_types.h"

#include <ctype.h>
#include <stdarg.h>

/* The longest answer that is read: ptype /o of struct device, three times. */
#define ANSWER_SIZE (256 * 1024)

/* gdb looks an enumerator up by its name only. */
static const struct enumerator {
	const char *witness;
	const char *const *names;
} enumerators[] = {
	{ "IRQD_TRIGGER_MASK", (const char *const[]){
		"IRQD_TRIGGER_MASK", "IRQD_SETAFFINITY_PENDING",
		"IRQD_ACTIVATED", "IRQD_NO_BALANCING", "IRQD_PER_CPU",
		"IRQD_AFFINITY_SET", "IRQD_LEVEL", "IRQD_WAKEUP_STATE",
		"IRQD_MOVE_PCNTXT", "IRQD_IRQ_DISABLED", "IRQD_IRQ_MASKED",
		"IRQD_IRQ_INPROGRESS", "IRQD_WAKEUP_ARMED",
		"IRQD_FORWARDED_TO_VCPU", "IRQD_AFFINITY_MANAGED",
		"IRQD_IRQ_STARTED", "IRQD_MANAGED_SHUTDOWN",
		"IRQD_SINGLE_TARGET", "IRQD_DEFAULT_TRIGGER_SET",
		"IRQD_CAN_RESERVE", "IRQD_MSI_NOMASK_QUIRK",
		"IRQD_HANDLE_ENFORCE_IRQCTX", "IRQD_AFFINITY_ON_ACTIVATE",
		"IRQD_IRQ_ENABLED_ON_SUSPEND", "IRQD_RESEND_WHEN_IN_PROGRESS",
		NULL } },
	{ "IRQS_AUTODETECT", (const char *const[]){
		"IRQS_AUTODETECT", "IRQS_SPURIOUS_DISABLED",
		"IRQS_POLL_INPROGRESS", "IRQS_ONESHOT", "IRQS_REPLAY",
		"IRQS_WAITING", "IRQS_PENDING", "IRQS_SUSPENDED",
		"IRQS_TIMINGS", "IRQS_NMI", "IRQS_SYSFS", NULL } },
	{ "_IRQ_DEFAULT_INIT_FLAGS", (const char *const[]){
		"_IRQ_DEFAULT_INIT_FLAGS", "_IRQ_PER_CPU", "_IRQ_LEVEL",
		"_IRQ_NOPROBE", "_IRQ_NOREQUEST", "_IRQ_NOTHREAD",
		"_IRQ_NOAUTOEN", "_IRQ_MOVE_PCNTXT", "_IRQ_NO_BALANCING",
		"_IRQ_NESTED_THREAD", "_IRQ_PER_CPU_DEVID", "_IRQ_IS_POLLED",
		"_IRQ_DISABLE_UNLAZY", "_IRQ_HIDDEN", "_IRQ_NO_DEBUG",
		"_IRQF_MODIFY_MASK", NULL } },
	{ "maple_arange_64", (const char *const[]){
		"maple_dense", "maple_leaf_64", "maple_range_64",
		"maple_arange_64", "maple_copy", NULL } },
	{ "HK_TYPE_MANAGED_IRQ", (const char *const[]){
		"HK_TYPE_TIMER", "HK_TYPE_RCU", "HK_TYPE_MISC",
		"HK_TYPE_SCHED", "HK_TYPE_TICK", "HK_TYPE_DOMAIN",
		"HK_TYPE_DOMAIN_BOOT", "HK_TYPE_WQ", "HK_TYPE_MANAGED_IRQ",
		"HK_TYPE_KTHREAD", "HK_TYPE_KERNEL_NOISE", "HK_TYPE_MAX",
		NULL } },
	{ "HK_FLAG_MANAGED_IRQ", (const char *const[]){
		"HK_FLAG_TIMER", "HK_FLAG_RCU", "HK_FLAG_MISC",
		"HK_FLAG_SCHED", "HK_FLAG_TICK", "HK_FLAG_DOMAIN",
		"HK_FLAG_WQ", "HK_FLAG_MANAGED_IRQ", "HK_FLAG_KTHREAD",
		"HK_FLAG_KERNEL_NOISE", NULL } },
};

/* What is asked, and the text that came back. */
struct gdb {
	char expr[256];
	char command[1024];
	char *answer;          /* ANSWER_SIZE, crash's to free on ^C */
	char *offsets;         /* of the structure at hand, once asked for */
};

/* Runs one gdb command; false if gdb did not like it. */
__attribute__((format(printf, 2, 3)))
static bool ask(struct gdb *g, const char *fmt, ...)
{
	bool ok = false;
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(g->command, sizeof(g->command), fmt, ap);
	va_end(ap);
	memset(g->answer, 0, 2);
	f = fmemopen(g->answer, ANSWER_SIZE, "w");
	if (!f)
		return false;
	if (!output_closed())
		ok = gdb_pass_through(g->command, f, GNU_RETURN_ON_ERROR);
	/* a text that did not fit cannot be trusted */
	if (fflush(f) != 0 || ftell(f) >= ANSWER_SIZE - 1)
		ok = false;
	fclose(f);
	g->answer[ANSWER_SIZE - 1] = '\0';
	return ok;
}

/* Value of an integer expression. */
static bool evaluate(struct gdb *g, const char *expr, int64_t *ret_value)
{
	char *end;

	if (!ask(g, "printf \"%%ld\\n\", (long)(%s)", expr))
		return false;
	*ret_value = strtoll(g->answer, &end, 10);
	return end != g->answer && *end == '\n';
}

__attribute__((format(printf, 3, 4)))
static bool evaluate_u32(struct gdb *g, uint32_t *ret_value,
			 const char *fmt, ...)
{
	char expr[512];
	int64_t v;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(expr, sizeof(expr), fmt, ap);
	va_end(ap);
	if (!evaluate(g, expr, &v) || v < 0 || v > UINT32_MAX)
		return false;
	*ret_value = v;
	return true;
}

/* The tag in "struct TAG {" or "struct TAG *", or "". */
static void copy_tag(char *tag, size_t size, const char *text)
{
	static const char *const skip[] = { "const ", "volatile " };
	unsigned int i;
	size_t len;

	tag[0] = '\0';
	for (i = 0; i < sizeof(skip) / sizeof(skip[0]); i++) {
		if (strncmp(text, skip[i], strlen(skip[i])) == 0)
			text += strlen(skip[i]);
	}
	if (strncmp(text, "struct ", 7) == 0)
		text += 7;
	else if (strncmp(text, "union ", 6) == 0)
		text += 6;
	else
		return;
	for (len = 0; isalnum((unsigned char)text[len]) || text[len] == '_';)
		len++;
	if (len < size) {
		memcpy(tag, text, len);
		tag[len] = '\0';
	}
}

/*
 * What follows the body of a structure: " *", " [4]", " (*)[2]"; of other
 * types the whole text.
 */
static const char *declarator(const char *type)
{
	const char *end = strrchr(type, '}');

	return end ? end + 1 : type;
}

static unsigned int count_char(const char *s, char c)
{
	unsigned int n = 0;

	for (; *s; s++)
		n += *s == c;
	return n;
}

static bool fill_array(struct gdb *g, const char *decl, struct irqm_member *m)
{
	unsigned int dims = count_char(decl, '['), i;
	char index[64] = "";

	m->kind = IRQM_KIND_ARRAY;
	if (strchr(decl, '*'))
		m->target[0] = '\0'; /* it holds pointers */
	for (i = 0; i < dims && strlen(index) + 4 < sizeof(index); i++)
		strcat(index, "[0]");
	if (!evaluate_u32(g, &m->elem_size, "sizeof(%s%s)", g->expr, index))
		return false;
	m->count = m->elem_size ? m->size / m->elem_size : 0;
	return true;
}

/* Kind and target out of gdb's "type = ..." of a member. */
static bool fill_kind(struct gdb *g, struct irqm_member *m)
{
	char decl[256];
	const char *type;
	bool aggregate;

	if (!ask(g, "ptype %s", g->expr))
		return false;
	type = strstr(g->answer, "type = ");
	if (!type)
		return false;
	type += strlen("type = ");
	copy_tag(m->target, sizeof(m->target), type);
	aggregate = strchr(type, '{') && strncmp(type, "enum ", 5) != 0;
	snprintf(decl, sizeof(decl), "%s", declarator(type));

	if (strstr(decl, "(*)")) {
		m->kind = IRQM_KIND_POINTER;
		if (strstr(decl, ")("))
			m->target[0] = '\0'; /* to a function */
		return true;
	}
	if (strchr(decl, '['))
		return fill_array(g, decl, m);
	if (strchr(decl, '*')) {
		m->kind = IRQM_KIND_POINTER;
		if (count_char(decl, '*') > 1)
			m->target[0] = '\0';
		return true;
	}
	m->kind = aggregate ? IRQM_KIND_STRUCT : IRQM_KIND_INT;
	return true;
}

/* One line of gdb's ptype /o, such as
 *
 *	[48: 0   |     4 ]    unsigned int move_in_progress : 1;
 *	                   } hw_irq_cfg;
 *
 * where the brackets are those of a comment.
 */
struct line {
	uint32_t byte, bit;    /* of a bit field, from bit 0 of byte */
	uint32_t bit_size;     /* 0: not a bit field */
	bool opens, closes;    /* a structure */
	char name[128];        /* of what it declares; "" if anonymous */
};

/* Cuts "TYPE NAME" or "TYPE NAME : BITS" down to the name. */
static void read_name(char *code, struct line *ln)
{
	char *end = strrchr(code, ':'), *p;

	if (end)
		ln->bit_size = strtoul(end + 1, NULL, 10);
	else
		end = code + strlen(code);
	while (end > code && end[-1] == ' ')
		end--;
	*end = '\0';
	for (p = end; p > code && (isalnum((unsigned char)p[-1]) ||
				   p[-1] == '_');)
		p--;
	snprintf(ln->name, sizeof(ln->name), "%s", p);
}

static void read_line(char *text, struct line *ln)
{
	char *code = strstr(text, "*/"), *end;

	memset(ln, 0, sizeof(*ln));
	code = code ? code + 2 : text;
	while (isspace((unsigned char)*code))
		code++;
	end = code + strlen(code);
	while (end > code && isspace((unsigned char)end[-1]))
		*--end = '\0';
	ln->closes = *code == '}';
	ln->opens = end > code && end[-1] == '{';
	if (end == code || end[-1] != ';')
		return;
	end[-1] = '\0';
	read_name(code, ln);
	if (ln->bit_size &&
	    sscanf(text, "/* %u : %u", &ln->byte, &ln->bit) != 2)
		ln->bit_size = 0;
}

/*
 * A structure's name follows its members, so the path is matched from its
 * end. One candidate is followed at a time, which is enough: two bit fields
 * of one name are never in structures that are inside one another.
 */
struct search {
	const char *path;
	size_t left;           /* of path, not matched yet */
	unsigned int depth;
	unsigned int inside;   /* depth of what holds the match; 0: none */
};

/* Does the path not matched yet end in name? Takes it off if so. */
static bool match_last(struct search *s, const char *name)
{
	size_t len = strlen(name), at = s->left - len;

	if (len == 0 || len > s->left ||
	    strncmp(s->path + at, name, len) != 0 ||
	    (at > 0 && s->path[at - 1] != '.'))
		return false;
	s->left = at > 0 ? at - 1 : 0;
	return true;
}

/* One line further; true once the path is matched to its beginning. */
static bool search_line(struct search *s, const struct line *ln,
			struct irqm_member *m)
{
	if (ln->opens)
		s->depth++;
	if (ln->closes && s->depth > 0) {
		s->depth--;
		if (s->depth >= s->inside)
			return false;
		s->inside = s->depth;
		if (s->depth == 0)
			return s->left == 0;
		/* an anonymous structure is looked through */
		if (ln->name[0] && !match_last(s, ln->name))
			s->inside = 0;
	}
	if (s->inside == 0 && ln->bit_size) {
		s->left = strlen(s->path);
		if (match_last(s, ln->name)) {
			s->inside = s->depth;
			m->offset = ln->byte;
			m->bit_offset = ln->bit;
			m->bit_size = ln->bit_size;
		}
	}
	return false;
}

/* Looks for a bit field in ptype /o of its structure, which is cut up. */
static bool find_bits(char *text, const char *path, struct irqm_member *m)
{
	struct search s = { .path = path };
	struct irqm_member found = *m;
	char *end;

	for (; text; text = end) {
		struct line ln;

		end = strchr(text, '\n');
		if (end)
			*end++ = '\0';
		read_line(text, &ln);
		if (!search_line(&s, &ln, &found))
			continue;
		if (found.bit_size > 64)
			return false;
		*m = found;
		return true;
	}
	return true;
}

/*
 * One member of the structure that $ points at. gdb gives the address of a bit
 * field's unit without saying so.
 */
static bool fill_member(struct gdb *g, const char *tag, const char *path,
			struct irqm_member *m)
{
	snprintf(g->expr, sizeof(g->expr), "$->%s", path);
	if (!evaluate_u32(g, &m->size, "sizeof(%s)", g->expr) ||
	    !fill_kind(g, m) || !evaluate_u32(g, &m->offset, "&%s", g->expr))
		return false;
	if (m->kind != IRQM_KIND_INT)
		return true;
	if (!g->offsets[0]) {
		if (!ask(g, "ptype /o struct %s", tag))
			return false;
		strcpy(g->offsets, g->answer);
	}
	strcpy(g->answer, g->offsets);
	return find_bits(g->answer, path, m);
}

static void fill_enum(struct gdb *g, const struct enumerator *from,
		      struct irqm_enum *e)
{
	unsigned int i;
	int64_t v;

	for (i = 0; from->names[i] && e->nr < IRQM_MAX_ENUMERATORS; i++) {
		if (!evaluate(g, from->names[i], &v))
			continue;
		snprintf(e->e[e->nr].name, sizeof(e->e[0].name), "%s",
			 from->names[i]);
		e->e[e->nr++].value = v;
	}
}

static void fill_enums(struct gdb *g, struct irqm_layout *l)
{
	unsigned int i, j;
	int64_t v;

	for (i = 0; i < irqm_nr_enum_rows; i++) {
		const struct irqm_enum_row *r = &irqm_enum_rows[i];

		for (j = 0; j < sizeof(enumerators) / sizeof(enumerators[0]);
		     j++) {
			if (strcmp(enumerators[j].witness, r->witness) == 0 &&
			    evaluate(g, r->witness, &v))
				fill_enum(g, &enumerators[j],
					  irqm_row_enum(l, r));
		}
	}
}

/*
 * A null pointer to the structure goes into gdb's history, where $ finds it:
 * the tag is looked up once, not for each question. A look-up takes 25 ms in
 * a distribution's kernel.
 */
static bool fill_struct(struct gdb *g, struct irqm_layout *l, unsigned int row)
{
	const struct irqm_struct_row *s = &irqm_struct_rows[row];
	unsigned int i;

	if (!ask(g, "print (struct %s *)0", s->name) ||
	    !evaluate_u32(g, irqm_row_size(l, s), "sizeof(*$)"))
		return false;
	*irqm_row_exists(l, s) = true;
	g->offsets[0] = '\0';
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];
		struct irqm_member *m = irqm_row_member(l, r);

		if (r->strct == row)
			m->exists = fill_member(g, s->name, r->path, m);
	}
	return true;
}

static unsigned int fill_structs(struct gdb *g, struct irqm_layout *l)
{
	unsigned int i, nr = 0;

	for (i = 0; i < irqm_nr_struct_rows; i++)
		nr += fill_struct(g, l, i);
	return nr;
}

int irqm_layout_from_crash(struct irqm_layout *l, struct irqm_error *err)
{
	struct gdb *g;
	unsigned int nr;

	memset(l, 0, sizeof(*l));
	if (!(pc->flags & GDB_INIT)) {
		irqm_error_set(err, "crash runs without type information "
			       "(--minimal?)");
		return -1;
	}
	g = (struct gdb *)GETBUF(sizeof(*g));
	g->answer = GETBUF(ANSWER_SIZE);
	g->offsets = GETBUF(ANSWER_SIZE);
	nr = fill_structs(g, l);
	fill_enums(g, l);
	FREEBUF(g->offsets);
	FREEBUF(g->answer);
	FREEBUF(g);
	irqm_layout_finish(l);
	if (nr)
		return 0;
	irqm_error_set(err, "crash knows none of the kernel's interrupt "
		       "structures: was it started with the vmlinux of the "
		       "kernel's debug package?");
	return -1;
}
