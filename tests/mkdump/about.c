/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dump says of itself. */
#include "tests/mkdump/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void build_vmcoreinfo(struct fk *fk)
{
	char text[512];
	size_t len;
	uint64_t note, addr, size;
	const uint32_t header[3] = { sizeof("VMCOREINFO"), 0, 0 };

	len = snprintf(text, sizeof(text),
		       "OSRELEASE=%s\nBUILD-ID=%s\nPAGESIZE=4096\n"
		       "SYMBOL(mem_section)=ffffffff84000000\n",
		       fk->m->release, fk->m->build_id);
	addr = heap(fk, len);
	memcpy(fk_at(fk, addr), text, len);
	variable_set(fk, "vmcoreinfo_data", 8, addr);
	size = len;
	variable_set(fk, "vmcoreinfo_size", 8, size);

	len += snprintf(text + len, sizeof(text) - len,
			"CRASHTIME=%" PRId64 "\n", fk->m->crash_time);
	note = fk->gen.no_note ? 0 : heap(fk, 24 + len);
	variable_set(fk, "vmcoreinfo_note", 8, note);
	if (!note)
		return;
	memcpy(fk_at(fk, note), header, sizeof(header));
	memcpy(fk_at(fk, note + 4), &(uint32_t){ len }, 4);
	strcpy(fk_at(fk, note + 12), "VMCOREINFO");
	memcpy(fk_at(fk, note + 24), text, len);
}

/* init_uts_ns: a kref, then struct new_utsname, as before 5.10. */
static void build_uts(struct fk *fk)
{
	uint64_t addr = variable(fk, "init_uts_ns", 4 + 6 * 65);

	strcpy(fk_at(fk, addr + 4), "Linux");
	strcpy(fk_at(fk, addr + 4 + 2 * 65), fk->m->release);
}

static void build_cpu_mask(struct fk *fk, const char *name, const char *list)
{
	uint64_t addr = variable(fk, name, fk->layout.cpumask.size);

	put_bits(fk, addr, list, fk->layout.cpumask.size);
}

static void build_housekeeping(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr;
	int64_t type;

	if (irqm_enum_value(&l->hk, "HK_TYPE_MANAGED_IRQ", &type)) {
		addr = variable(fk, "housekeeping", l->housekeeping.size);
		if (!fk->m->housekeeping)
			return;
		fk_put(fk, addr, &l->housekeeping.flags, 1ULL << type);
		fk_put64(fk, addr + l->housekeeping.cpumasks.offset + type * 8,
			 new_mask(fk, fk->m->housekeeping));
	} else if (irqm_enum_value(&l->hk_flags, "HK_FLAG_MANAGED_IRQ",
				   &type)) {
		variable_set(fk, "housekeeping_flags", 4,
			     fk->m->housekeeping ? type : 0);
		addr = variable(fk, "housekeeping_mask",
				mask_variable_size(fk));
		if (fk->m->housekeeping)
			put_mask_variable(fk, addr, fk->m->housekeeping);
	}
}

void build_dump(struct fk *fk)
{
	if (!fk->gen.constant_cpu_ids)
		variable_set(fk, "nr_cpu_ids", 4, fk->m->nr_cpu_ids);
	build_cpu_mask(fk, "__cpu_possible_mask", fk->m->possible);
	build_cpu_mask(fk, "__cpu_present_mask", fk->m->present);
	build_cpu_mask(fk, "__cpu_online_mask", fk->m->online);
	put_mask_variable(fk,
			  variable(fk, "irq_default_affinity",
				   mask_variable_size(fk)),
			  fk->m->default_affinity);
	build_vmcoreinfo(fk);
	build_uts(fk);
	build_housekeeping(fk);
}
