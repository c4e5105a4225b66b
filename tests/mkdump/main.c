/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mkdump: a struct layout and a machine, both text, become a vmcore. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LOG 16U /* records */

static const char usage[] =
	"usage: mkdump [--encoding E] [--kaslr N] [--vmlinux FILE] "
	"[-e LINE]... LAYOUT MACHINE OUT\n"
	"LAYOUT: tests/data/layouts/NAME.txt; MACHINE, LINE, E, N: see README.md\n";

static void init(struct mk *mk)
{
	memset(mk, 0, sizeof(*mk));
	mk->arena = must(irqm_arena_new(IRQM_ARENA_LIMIT));
	irqm_machine_init(&mk->text, mk->arena);
	fk_machine_init(&mk->m);
	mk->m.cpus = NULL; /* not of the machine's own room */
	mk->o.levels = 4;
	mk->o.prstatus = MK_PRSTATUS_ONLINE;
	mk->o.gen.clean = true;
	mk->o.gen.modules = true;
	mk->o.gen.maple_fanout = 16;
}

void mk_free(struct mk *mk)
{
	fk_free(mk->fk);
	free(mk->m.cpus);
	irqm_arena_free(mk->arena);
}

static int options_of_layout(struct mk *mk, const struct irqm_layout *l,
			     struct irqm_error *err)
{
	struct mk_options *o = &mk->o;
	int64_t type;

	/* irq_desc moved into the maple tree when maple_tree was around */
	if (!o->container_given)
		o->gen.container = irqm_enum_value(&l->maple_type,
						   "maple_arange_64", &type) &&
						   l->irqstat.exists ?
					   FK_MAPLE_TREE :
				   l->xa_node.exists ? FK_XARRAY :
						       FK_RADIX_TREE;
	if (mk->m.nr_cpu_ids > l->cpumask.size * 8) {
		irqm_error_set(err,
			       "cpus: the layout's cpumask has room for "
			       "%u",
			       l->cpumask.size * 8);
		return -1;
	}
	if (o->gen.container == FK_ARRAY &&
	    mk->m.irqs[mk->m.nr_irqs - 1].irq + 1 != mk->m.nr_irqs) {
		irqm_error_set(err, "container array: number the IRQs from 0 "
				    "on, without holes");
		return -1;
	}
	if (o->levels == 5 && !o->gen.page_offset)
		o->gen.page_offset = 0xff11000000000000;
	if (o->gen.container == FK_MAPLE_TREE && o->gen.maple_fanout < 2) {
		irqm_error_set(err, "fanout: from 2 on");
		return -1;
	}
	return 0;
}

/* The first line of every kernel's log, if the text has none. log.c has room for
 * a page of them. */
static int add_log(struct mk *mk, struct irqm_error *err)
{
	size_t i, room = 4096;
	char text[256];

	for (i = 0; i < mk->m.nr_log; i++)
		if (strlen(mk->m.log[i].text) + 32 > room || i == MAX_LOG) {
			irqm_error_set(err,
				       "log: at most %u lines, and 4096 "
				       "bytes",
				       MAX_LOG);
			return -1;
		} else {
			room -= strlen(mk->m.log[i].text) + 32;
		}
	if (mk->m.nr_log)
		return 0;
	mk_banner(mk, text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	mk->banner = (struct irqm_machine_log){
		.level = 5,
		.text = irqm_arena_strdup(mk->arena, text),
	};
	mk->m.log = &mk->banner;
	mk->m.nr_log = 1;
	return 0;
}

int mk_finish_machine(struct mk *mk, struct irqm_error *err)
{
	unsigned int i;

	if (!mk->text.nr_irqs) {
		irqm_error_set(err, "a dump needs lines \"irq\"");
		return -1;
	}
	if (mk->o.levels != 4 && mk->o.levels != 5) {
		irqm_error_set(err, "levels: 4 or 5");
		return -1;
	}
	fk_machine_from(&mk->m, &mk->text);
	if (add_log(mk, err) != 0 || fk_derive(&mk->m, err) != 0)
		return -1;
	for (i = 0; i < mk->m.nr_irqs; i++)
		if (mk->m.irqs[i].device >= 0 && !mk->m.irqs[i].own_message)
			fk_message(&mk->m.irqs[i], mk->m.apic);
	return 0;
}

static int fill(struct mk *mk, const struct text *types, struct irqm_error *err)
{
	mk_add_identity(mk);
	if (!mk->o.no_btf)
		mk_add_btf(mk, types);
	mk_add_root(mk);
	if (mk_add_vmcoreinfo_symbols(mk, err) != 0 ||
	    mk_add_kallsyms(mk, err) != 0)
		return -1;
	mk_add_vmcoreinfo(mk);
	mk_map(mk);
	return 0;
}

static int make(struct mk *mk, const char *layout, const char *vmlinux,
		const char *out, struct irqm_error *err)
{
	struct irqm_layout l;
	struct text types;
	int ret;

	if (layout_text_load(&l, layout, err) != 0 ||
	    options_of_layout(mk, &l, err) != 0 ||
	    text_read(&types, layout, err) != 0)
		return -1;
	mk->fk = fk_new(&l, &mk->m, &mk->o.gen);
	ret = fill(mk, &types, err);
	if (ret == 0)
		ret = mk->o.as_kdump ? mk_write_kdump(mk, out, err) :
				       mk_write_elf(mk, out, err);
	if (ret == 0 && vmlinux)
		ret = mk_write_vmlinux(mk, &types, vmlinux, err);
	text_free(&types);
	return ret;
}

static int fail(struct mk *mk, const struct irqm_error *err)
{
	fprintf(stderr, "mkdump: %s\n", err->msg);
	mk_free(mk);
	return 1;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "encoding", required_argument, NULL, 'E' },
		{ "kaslr", required_argument, NULL, 'k' },
		{ "vmlinux", required_argument, NULL, 'v' },
		{ "line", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	struct irqm_error err = { 0 };
	const char *vmlinux = NULL;
	char line[512];
	struct mk mk;
	int c;

	init(&mk);
	while ((c = getopt_long(argc, argv, "e:", options, NULL)) != -1) {
		if (c == '?') {
			fputs(usage, stderr);
			mk_free(&mk);
			return 2;
		}
		if (c == 'v') {
			vmlinux = optarg;
			continue;
		}
		snprintf(line, sizeof(line), "%s%s",
			 c == 'E' ? "encoding " :
			 c == 'k' ? "kaslr " :
				    "",
			 optarg);
		if (mk_line(&mk, line, &err) != 0)
			return fail(&mk, &err);
	}
	if (argc - optind != 3) {
		fputs(usage, stderr);
		mk_free(&mk);
		return 2;
	}
	if (mk_read_machine(&mk, argv[optind + 1], &err) != 0 ||
	    mk_finish_machine(&mk, &err) != 0 ||
	    make(&mk, argv[optind], vmlinux, argv[optind + 2], &err) != 0)
		return fail(&mk, &err);
	mk_free(&mk);
	return 0;
}
