/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts: VMCOREINFO and names, which are the dump's; cpulists, columns, what
 * is selected and what is planned, which are the user's. The first byte says
 * which.
 */
#include "analysis/select.h"
#include "memory/kallsyms/kallsyms.h"
#include "memory/vmcoreinfo.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/views.h"
#include "tests/unit/fake_generations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void vmcoreinfo(const char *text)
{
	struct irqm_kallsyms_where where;
	char value[65];
	uint64_t number;
	int64_t n;

	irqm_vmcoreinfo_value(text, "OSRELEASE", value, sizeof(value));
	irqm_vmcoreinfo_value(text, "BUILD-ID", value, 8);
	irqm_vmcoreinfo_symbol(text, "_stext", &number);
	irqm_vmcoreinfo_number(text, "phys_base", &n);
	irqm_vmcoreinfo_hex(text, "KERNELOFFSET", &number);
	irqm_kallsyms_from_vmcoreinfo(text, &where);
}

static void name(const char *text)
{
	char dst[64], *whole = malloc(4 * strlen(text) + 1);
	size_t i;

	if (!whole)
		return;
	irqm_escape(whole, 4 * strlen(text) + 1, text);
	check_text("escape", whole, strlen(whole), false);
	for (i = 1; i < sizeof(dst); i += 7) {
		irqm_escape(dst, i, text);
		if (strlen(dst) >= i)
			abort();
		check_text("escape", dst, strlen(dst), false);
	}
	free(whole);
}

/* What was parsed is parsed from its own list again. */
static void cpulist(const char *text, unsigned int nbits)
{
	struct irqm_arena *arena = irqm_arena_new(1 << 20);
	struct irqm_bits a = irqm_bits_new(arena, nbits);
	struct irqm_bits b = irqm_bits_new(arena, nbits);
	struct irqm_error err;
	char *list;

	if (irqm_bits_parse(&a, text, &err) == 0) {
		list = irqm_bits_list(&a);
		if (!list || (list[0] && irqm_bits_parse(&b, list, &err)) ||
		    !irqm_bits_equal(&a, &b))
			abort();
		free(list);
	}
	irqm_arena_free(arena);
}

static void columns(const char *text)
{
	struct irqm_error err;
	int view;

	for (view = IRQM_VIEW_CPUS; view <= IRQM_VIEW_POOLS; view++) {
		irqm_columns_have(view, text, "COUNT");
		irqm_columns_check(view, text, &err);
	}
}

static struct irqm_snapshot *machine(void)
{
	struct fk_machine m;
	struct fk *fk = fk_build(fk_generation("6.12"), &m);
	struct irqm_snapshot *s;

	fk_commit(fk, FK_PACKED);
	s = fk_read_all(fk);
	fk_free(fk);
	return s;
}

static void selection(const char *text)
{
	struct irqm_snapshot *s = machine();
	struct irqm_selection sel;
	struct irqm_error err;

	if (irqm_selection_init(&sel, s) == 0) {
		irqm_select(&sel, s, text, &err);
		irqm_select_devices(&sel, s, text, &err);
		irqm_selection_deinit(&sel);
	}
	irqm_snapshot_free(s);
}

static void show_plan(const struct irqm_plans *p)
{
	struct irqm_render_options o = { .header = true };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	if (irqm_render_plan(out, p, &o) || fclose(out))
		abort();
	check_text("plan", text, len, false);
	free(text);
}

/* A step a line. */
static void plan(char *text)
{
	struct irqm_snapshot *s = machine();
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p;
	struct irqm_error err;
	char *line;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (irqm_plan_ask(&r, s, line[0] % 4, line + 1, &err))
			break;
	p = irqm_plan(s, &r, &err);
	if (p)
		show_plan(p);
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size < 2)
		return 0;
	text = strndup((const char *)data + 2, size - 2);
	if (!text)
		return 0;
	switch (data[0] % 6) {
	case 0:
		vmcoreinfo(text);
		break;
	case 1:
		name(text);
		break;
	case 2:
		cpulist(text, 1 + data[1] * 33);
		break;
	case 3:
		columns(text);
		break;
	case 4:
		selection(text);
		break;
	case 5:
		plan(text);
		break;
	}
	free(text);
	return 0;
}
