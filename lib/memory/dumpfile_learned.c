/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile_learned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory/input/input.h"
#include "memory/vmcoreinfo.h"

static bool learned_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	const struct irqm_dumpfile *f = ctx;
	const struct irqm_learned *k = f->learned;
	uint64_t value;

	if (!irqm_learned_symbol(k, name, &value))
		return false;
	*ret_value = irqm_relocate(value, k->text, k->end, f->learned_offset);
	return true;
}

/*
 * Finds the tables of kallsyms in the dump. VMCOREINFO has their addresses
 * since 6.0; for older kernels they were learned from the vmlinux. Without
 * them, functions have no names.
 */
static void place_kallsyms(struct irqm_dumpfile *f)
{
	struct irqm_kallsyms_where *w = &f->where;

	if (!irqm_vmcoreinfo_symbol(f->pages.vmcoreinfo, "_stext", &f->stext))
		f->kallsyms_failed = true;
	if (f->kallsyms_failed ||
	    irqm_kallsyms_from_vmcoreinfo(f->pages.vmcoreinfo, w))
		return;
	memset(w, 0, sizeof(*w));
	f->kallsyms_failed =
		!learned_symbol(f, "kallsyms_names", &w->names) ||
		!learned_symbol(f, "kallsyms_num_syms", &w->num_syms) ||
		!learned_symbol(f, "kallsyms_token_table", &w->token_table) ||
		!learned_symbol(f, "kallsyms_token_index", &w->token_index) ||
		!learned_symbol(f, "kallsyms_offsets", &w->offsets);
	learned_symbol(f, "kallsyms_relative_base", &w->relative_base);
}

int irqm_dumpfile_learned(struct irqm_dumpfile *f,
			  const struct irqm_dumpfile_options *o,
			  unsigned int place, struct irqm_learned_seen *seen,
			  struct irqm_error *err)
{
	const struct irqm_learned_place where = {
		.files = o->files,
		.nr = place,
		.path = place ? o->kernel_places[place - 1] : o->kernels,
	};
	struct irqm_learned *k = malloc(sizeof(*k));
	int rc;

	if (!k) {
		irqm_error_memory(err);
		return -1;
	}
	rc = irqm_learned_search(&where, &f->target, seen, k,
				 &f->learned_offset, err);
	if (rc <= 0) {
		free(k);
		return rc;
	}
	f->learned = k;
	f->layout = k->layout;
	f->target.types = k->types;
	f->target.symbol = learned_symbol;
	f->target.symbol_at = irqm_dumpfile_kallsyms_at;
	/* if the dump's own kallsyms was opened, keep it */
	if (!f->kallsyms)
		place_kallsyms(f);
	return 1;
}

bool irqm_dumpfile_learned_places(struct irqm_dumpfile *f,
				  const struct irqm_dumpfile_options *o,
				  struct irqm_learned_seen *seen)
{
	const char *const *place = o->kernel_places;
	struct irqm_error why;
	unsigned int nr = 1;
	int rc;

	for (; place && *place; place++) {
		rc = irqm_dumpfile_learned(f, o, nr++, seen, &why);
		if (rc > 0)
			return true;
		/* most users have no such file; report one that is damaged */
		if (rc < 0 && seen->where == *place && !seen->bad.msg[0])
			seen->bad = why;
	}
	return false;
}

/* What to do about a kernel that was not found, or what is wrong with the
 * files that were read. */
static void describe_seen(const struct irqm_learned_seen *seen, char *buf,
			  size_t size)
{
	if (seen->near.msg[0])
		snprintf(buf, size,
			 "it has a kernel with this release, but "
			 "%.130s",
			 seen->near.msg);
	else if (seen->bad.msg[0])
		snprintf(buf, size, "%.150s", seen->bad.msg);
	else
		snprintf(buf, size,
			 "add it from its vmlinux or debug package "
			 "with irqmatrix learn");
}

void irqm_dumpfile_not_learned(const struct irqm_dumpfile *f,
			       const struct irqm_learned_seen *seen,
			       const char *reason, struct irqm_error *err)
{
	char release[IRQM_RELEASE_SIZE], build_id[IRQM_BUILD_ID_HEX];
	char advice[192];

	if (!irqm_vmcoreinfo_value(f->pages.vmcoreinfo, "OSRELEASE", release,
				   sizeof(release)))
		strcpy(release, "release unknown");
	if (!irqm_vmcoreinfo_value(f->pages.vmcoreinfo, "BUILD-ID", build_id,
				   sizeof(build_id)))
		strcpy(build_id, "unknown");
	describe_seen(seen, advice, sizeof(advice));
	irqm_error_set(err,
		       "%.80s; its kernel (%.50s, build-id %.40s) is not "
		       "in %.60s, which has %u %s; %s",
		       reason, release, build_id, irqm_input_name(seen->where),
		       seen->nr, irqm_plural(seen->nr, "kernel", "kernels"),
		       advice);
}
