/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mkdump adds to a machine's text: lines about the kernel that no layout
 * says, and about the file. */
#include "machine/parse.h"
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <stdlib.h>
#include <string.h>

static void line_container(struct mk *mk, struct irqm_words *w)
{
	static const char *const names[] = { "radix", "xarray", "maple",
					     "array", NULL };

	mk->o.gen.container =
		irqm_words_choice(w, "radix, xarray, maple or array", names);
	mk->o.container_given = true;
}

static void line_encoding(struct mk *mk, struct irqm_words *w)
{
	static const char *const names[] = { "default",         "absolute",
					     "absolute-percpu", "relative",
					     "place-relative",  NULL };

	mk->o.encoding =
		irqm_words_choice(w,
				  "absolute, absolute-percpu, relative or "
				  "place-relative",
				  names);
}

static void line_tables(struct mk *mk, struct irqm_words *w)
{
	static const char *const names[] = { "default", "4.15", "4.20", "6.4",
					     NULL };

	mk->o.tables = irqm_words_choice(w, "4.15, 4.20 or 6.4", names);
}

static void line_generation(struct mk *mk, struct irqm_words *w)
{
	mk->o.generation = irqm_words_choice(w, "a column of vmcoreinfo.def",
					     mk_generations);
	mk->o.generation_given = true;
}

static void line_kaslr(struct mk *mk, struct irqm_words *w)
{
	mk->o.gen.kaslr = irqm_words_below(w, "an offset", 0x3e000000);
	if (mk->o.gen.kaslr & 0x1fffff)
		irqm_words_fail(w, "not a multiple of 0x200000");
}

static void line_vmcoreinfo(struct mk *mk, struct irqm_words *w)
{
	struct mk_options *o = &mk->o;

	if (o->nr_vmcoreinfo == ARRAY_SIZE(o->vmcoreinfo))
		irqm_words_fail(w, "at most 16 lines");
	else
		o->vmcoreinfo[o->nr_vmcoreinfo++] =
			irqm_words_string(w, "a line without spaces");
}

/* What LAYOUT should be; those who call mkdump read it. */
static void line_layout(struct mk *mk, struct irqm_words *w)
{
	(void)mk;
	irqm_words_next(w, "a layout");
}

static bool take_number(struct mk *mk, struct irqm_words *w, const char *key)
{
	if (strcmp(key, "fanout") == 0)
		mk->o.gen.maple_fanout = irqm_words_below(w, "slots", 17);
	else if (strcmp(key, "page-offset") == 0)
		mk->o.gen.page_offset = irqm_words_number(w, "an address");
	else if (strcmp(key, "levels") == 0)
		mk->o.levels = irqm_words_below(w, "levels", 6);
	else if (strcmp(key, "encryption-bit") == 0)
		mk->o.sme_mask = 1ULL << irqm_words_below(w, "a bit", 52);
	else if (strcmp(key, "table-entries") == 0)
		mk->m.table_entries = irqm_words_below(w, "entries", 32769);
	else if (strcmp(key, "table-used") == 0)
		mk->m.table_used = irqm_words_below(w, "entries", 65537);
	else if (strcmp(key, "symbols") == 0)
		mk->o.symbols = irqm_words_below(w, "symbols", 240000);
	else if (strcmp(key, "other-pages") == 0)
		mk->o.other_pages = irqm_words_below(w, "pages", 65536);
	else if (strcmp(key, "ram-gap") == 0)
		mk->o.ram_gap = irqm_words_number(w, "bytes") & -(1ULL << 30);
	else if (strcmp(key, "prstatus") == 0)
		mk->o.prstatus = irqm_words_below(w, "notes", 65536);
	else
		return false;
	return true;
}

static bool take_flag(struct mk *mk, const char *key)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "percpu-addresses", &mk->o.gen.percpu_addresses },
		{ "total-nr-irqs", &mk->o.gen.total_nr_irqs },
		{ "constant-cpu-ids", &mk->o.gen.constant_cpu_ids },
		{ "no-note", &mk->o.gen.no_note },
		{ "small-pages", &mk->o.small_pages },
		{ "huge-pages", &mk->o.huge_pages },
		{ "no-btf", &mk->o.no_btf },
		{ "no-kallsyms-info", &mk->o.no_kallsyms_info },
		{ "no-header-note", &mk->o.no_header_note },
		{ "vmcoreinfo-3.10", &mk->o.vmcoreinfo_3_10 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (strcmp(flags[i].key, key) == 0)
			return *flags[i].flag = true;
	return false;
}

/* Lines of the keys in irqm_machine_dump_keys. */
static void take_line(void *ctx, struct irqm_words *w, const char *key)
{
	static const struct {
		const char *key;
		void (*line)(struct mk *mk, struct irqm_words *w);
	} lines[] = {
		{ "container", line_container },
		{ "encoding", line_encoding },
		{ "tables", line_tables },
		{ "kaslr", line_kaslr },
		{ "vmcoreinfo", line_vmcoreinfo },
		{ "kdump", mk_line_kdump },
		{ "generation", line_generation },
		{ "layout", line_layout },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (strcmp(lines[i].key, key) == 0) {
			lines[i].line(ctx, w);
			return;
		}
	if (!take_number(ctx, w, key) && !take_flag(ctx, key))
		irqm_words_fail(w, "mkdump does not know this line");
}

int mk_line(struct mk *mk, const char *line, struct irqm_error *err)
{
	const struct irqm_machine_other other = { take_line, mk };

	return irqm_machine_parse_line(&mk->text, line, &other, err);
}

static char *read_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "r");
	char *text;

	if (!f)
		return NULL;
	text = must(malloc(IRQM_MACHINE_MAX_TEXT + 1));
	*ret_len = fread(text, 1, IRQM_MACHINE_MAX_TEXT + 1, f);
	fclose(f);
	return text;
}

int mk_read_machine(struct mk *mk, const char *path, struct irqm_error *err)
{
	const struct irqm_machine_other other = { take_line, mk };
	size_t len;
	char *text = read_file(path, &len);
	int ret;

	if (!text) {
		irqm_error_set(err, "%s: cannot be opened", path);
		return -1;
	}
	ret = irqm_machine_parse(&mk->text, path, text, len, &other, err);
	free(text);
	return ret;
}
