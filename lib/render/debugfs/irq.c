/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints an interrupt exactly as the kernel's debugfs file irq/irqs/N:
 * irq_debug_show() of kernel/irq/debugfs.c, and x86_vector_debug_show().
 *
 * The order of the flags is that of the kernel's tables. A kernel prints no
 * line for a flag that it does not have, so the tables here have the flags of
 * all kernels.
 */
#include "render/debugfs/debugfs.h"

#include <inttypes.h>
#include <string.h>

#include "render/text.h"

static const char *const state_names[] = {
	"IRQ_TYPE_EDGE_RISING",
	"IRQ_TYPE_EDGE_FALLING",
	"IRQ_TYPE_LEVEL_HIGH",
	"IRQ_TYPE_LEVEL_LOW",
	"IRQD_LEVEL",
	"IRQD_ACTIVATED",
	"IRQD_IRQ_STARTED",
	"IRQD_IRQ_DISABLED",
	"IRQD_IRQ_MASKED",
	"IRQD_IRQ_INPROGRESS",
	"IRQD_PER_CPU",
	"IRQD_NO_BALANCING",
	"IRQD_SINGLE_TARGET",
	"IRQD_MOVE_PCNTXT",
	"IRQD_AFFINITY_SET",
	"IRQD_SETAFFINITY_PENDING",
	"IRQD_AFFINITY_MANAGED",
	"IRQD_AFFINITY_ON_ACTIVATE",
	"IRQD_MANAGED_SHUTDOWN",
	"IRQD_CAN_RESERVE",
	"IRQD_FORWARDED_TO_VCPU",
	"IRQD_WAKEUP_STATE",
	"IRQD_WAKEUP_ARMED",
	"IRQD_DEFAULT_TRIGGER_SET",
	"IRQD_HANDLE_ENFORCE_IRQCTX",
	"IRQD_IRQ_ENABLED_ON_SUSPEND",
	"IRQD_RESEND_WHEN_IN_PROGRESS",
	NULL,
};

static const char *const status_names[] = {
	"_IRQ_NOPROBE",       "_IRQ_NOREQUEST",
	"_IRQ_NOTHREAD",      "_IRQ_NOAUTOEN",
	"_IRQ_NESTED_THREAD", "_IRQ_PER_CPU_DEVID",
	"_IRQ_IS_POLLED",     "_IRQ_DISABLE_UNLAZY",
	"_IRQ_HIDDEN",        NULL,
};

static const char *const istate_names[] = {
	"IRQS_AUTODETECT",
	"IRQS_SPURIOUS_DISABLED",
	"IRQS_POLL_INPROGRESS",
	"IRQS_ONESHOT",
	"IRQS_REPLAY",
	"IRQS_WAITING",
	"IRQS_PENDING",
	"IRQS_SUSPENDED",
	"IRQS_NMI",
	NULL,
};

static const char *const chip_names[] = {
	"IRQCHIP_SET_TYPE_MASKED",
	"IRQCHIP_EOI_IF_HANDLED",
	"IRQCHIP_MASK_ON_SUSPEND",
	"IRQCHIP_ONOFFLINE_ENABLED",
	"IRQCHIP_SKIP_SET_WAKE",
	"IRQCHIP_ONESHOT_SAFE",
	"IRQCHIP_EOI_THREADED",
	"IRQCHIP_SUPPORTS_LEVEL_MSI",
	"IRQCHIP_SUPPORTS_NMI",
	"IRQCHIP_ENABLE_WAKEUP_ON_SUSPEND",
	"IRQCHIP_IMMUTABLE",
	"IRQCHIP_MOVE_DEFERRED",
	NULL,
};

static const char *const domain_names[] = {
	"IRQ_DOMAIN_FLAG_HIERARCHY",
	"IRQ_DOMAIN_NAME_ALLOCATED",
	"IRQ_DOMAIN_FLAG_IPI_PER_CPU",
	"IRQ_DOMAIN_FLAG_IPI_SINGLE",
	"IRQ_DOMAIN_FLAG_MSI",
	"IRQ_DOMAIN_FLAG_ISOLATED_MSI",
	"IRQ_DOMAIN_FLAG_NO_MAP",
	"IRQ_DOMAIN_FLAG_MSI_PARENT",
	"IRQ_DOMAIN_FLAG_MSI_DEVICE",
	"IRQ_DOMAIN_FLAG_NONCORE",
	NULL,
};

/* IRQ_TYPE_* are four bits, and in no enumeration that is read. */
static uint32_t mask_of(const struct irqm_enum *e, const char *name)
{
	static const char type[] = "IRQ_TYPE_";
	int64_t value;
	unsigned int i;

	if (strncmp(name, type, sizeof(type) - 1) == 0) {
		for (i = 0; i < 4; i++)
			if (strcmp(name, state_names[i]) == 0)
				return 1U << i;
	}
	return irqm_enum_value(e, name, &value) ? (uint32_t)value : 0;
}

/* irq_debug_show_bits() */
static void put_flags(FILE *out, int indent, irqm_num word,
		      const struct irqm_enum *e, const char *const *names)
{
	if (word == IRQM_UNKNOWN)
		return;
	for (; *names; names++)
		if (word & mask_of(e, *names))
			fprintf(out, "%*s%s\n", indent + 12, "", *names);
}

static void put_word(FILE *out, const char *what, irqm_num word)
{
	fputs(what, out);
	if (word == IRQM_UNKNOWN)
		fputs("?\n", out);
	else
		fprintf(out, "0x%08" PRIx64 "\n", (uint64_t)word);
}

void irqm_put_debugfs_domain(FILE *out, const struct irqm_snapshot *s)
{
	const struct irqm_vector_domain *d = &s->vector_domain;

	fputs("name:   ", out);
	irqm_put_name(out, d->name);
	fputs("\n size:   ", out);
	irqm_put_num(out, d->revmap_size);
	fputs("\n mapped: ", out);
	irqm_put_num(out, d->mapcount);
	put_word(out, "\n flags:  ", d->flags);
	if (d->spells_flags)
		put_flags(out, 0, d->flags, &s->names.domain, domain_names);
}

static void put_masks(FILE *out, const struct irqm_irq *irq)
{
	fputs("affinity: ", out);
	irqm_put_debugfs_list(out, &irq->affinity);
	fputs("\neffectiv: ", out);
	irqm_put_debugfs_list(out, &irq->effective_affinity);
	fputs("\npending:  ", out);
	irqm_put_debugfs_list(out, &irq->pending_mask);
	fputc('\n', out);
}

/* irq_debug_show_chip() */
static void put_chip(FILE *out, const struct irqm_snapshot *s,
		     const struct irqm_level *level, int indent)
{
	if (!level->chip_addr) {
		fputs("chip: None\n", out);
		return;
	}
	fprintf(out, "%*schip:    ", indent, "");
	irqm_put_name(out, level->chip);
	fprintf(out, "\n%*sflags:   ", indent + 1, "");
	if (level->chip_flags == IRQM_UNKNOWN)
		fputs("?\n", out);
	else
		fprintf(out, "0x%" PRIx64 "\n", (uint64_t)level->chip_flags);
	put_flags(out, indent, level->chip_flags, &s->names.chip, chip_names);
}

static void put_number(FILE *out, int indent, const char *what, int width,
		       irqm_num n)
{
	fprintf(out, "%*s%s", indent, "", what);
	if (n == IRQM_UNKNOWN)
		fprintf(out, "%*s\n", width, "?");
	else
		fprintf(out, "%*" PRId64 "\n", width, n);
}

static void put_apic(FILE *out, const struct irqm_apic *a, int indent)
{
	put_number(out, indent, "Vector: ", 5, a->vector);
	put_number(out, indent, "Target: ", 5, a->cpu);
	if (a->prev_vector) {
		put_number(out, indent, "Previous vector: ", 5, a->prev_vector);
		put_number(out, indent, "Previous target: ", 5, a->prev_cpu);
	}
	put_number(out, indent, "move_in_progress: ", 0, a->move_in_progress);
	put_number(out, indent, "is_managed:       ", 0, a->is_managed);
	put_number(out, indent, "can_reserve:      ", 0, a->can_reserve);
	put_number(out, indent, "has_reserved:     ", 0, a->has_reserved);
	put_number(out, indent, "cleanup_pending:  ", 0, a->cleanup_pending);
}

static bool is_pic_irq(const struct irqm_snapshot *s, unsigned int irq)
{
	return s->dump.pic_irqs != IRQM_UNKNOWN && irq < 32 &&
	       s->dump.pic_irqs >> irq & 1;
}

/* x86_vector_debug_show(). ISA_IRQ_VECTOR() is a constant. */
static void put_vector(FILE *out, const struct irqm_snapshot *s,
		       const struct irqm_irq *irq,
		       const struct irqm_level *level, int indent)
{
	if (is_pic_irq(s, irq->irq)) {
		put_number(out, indent, "Vector: ", 5, 0x30 + irq->irq);
		fprintf(out, "%*sTarget: Legacy PIC all CPUs\n", indent, "");
	} else if (!level->chip_data) {
		fprintf(out, "%*sVector: Not assigned\n", indent, "");
	} else if (!irq->apic) {
		put_number(out, indent, "Vector: ", 5, IRQM_UNKNOWN);
	} else {
		put_apic(out, irq->apic, indent);
	}
}

/* msi_domain_debug_show(): every IRQ of a descriptor shows the data of the
 * first. */
static void put_msi(FILE *out, const struct irqm_irq *irq, int indent)
{
	const struct irqm_msi *m = irq->msi;

	if (!m || !m->has_msg)
		return;
	fprintf(out, "\n%*saddress_hi: 0x%08" PRIx64, indent, "",
		m->address >> 32);
	fprintf(out, "\n%*saddress_lo: 0x%08" PRIx64, indent, "",
		m->address & UINT32_MAX);
	fprintf(out, "\n%*smsg_data:   0x%08" PRIx32 "\n", indent, "",
		m->data - (irq->irq - m->first_irq));
}

/* irq_debug_show_data() */
static void put_chain(FILE *out, const struct irqm_snapshot *s,
		      const struct irqm_irq *irq)
{
	unsigned int i;
	int indent = 0;

	for (i = 0; i < irq->nr_levels; i++, indent += 4) {
		const struct irqm_level *level = &irq->chain[i];

		if (i)
			fprintf(out, "%*sparent:\n", indent - 3, "");
		fprintf(out, "%*sdomain:  ", indent, "");
		if (level->domain_addr)
			irqm_put_name(out, level->domain);
		fprintf(out, "\n%*shwirq:   0x%" PRIx64 "\n", indent + 1, "",
			level->hwirq);
		put_chip(out, s, level, indent + 1);
		if (level->vector_domain)
			put_vector(out, s, irq, level, indent + 1);
		else if (!i && level->domain_addr && s->dump.shows_msi)
			put_msi(out, irq, indent + 2);
	}
}

static void put_dev_name(FILE *out, const struct irqm_irq *irq)
{
	fputs("device:   ", out);
	if (irq->has_dev_name && !irq->dev_name_unknown && !irq->dev_name)
		/* what the kernel's printf prints for NULL */
		fputs("(null)", out);
	else
		irqm_put_name(out, irq->dev_name);
	fputc('\n', out);
}

int irqm_render_debugfs_irq(FILE *out, const struct irqm_analysis *a,
			    unsigned int index)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_irq *irq = &s->irqs[index];

	fputs("handler:  ", out);
	irqm_put_name(out, irq->flow);
	fputc('\n', out);
	put_dev_name(out, irq);
	put_word(out, "status:   ", irq->status);
	put_flags(out, 0, irq->status, &s->names.status, status_names);
	put_word(out, "istate:   ", irq->istate);
	put_flags(out, 0, irq->istate, &s->names.istate, istate_names);
	put_number(out, 0, "ddepth:   ", 0, irq->depth);
	put_number(out, 0, "wdepth:   ", 0, irq->wake_depth);
	put_word(out, "dstate:   ", irq->state);
	put_flags(out, 0, irq->state, &s->names.state, state_names);
	put_number(out, 0, "node:     ", 0, irq->node);
	put_masks(out, irq);
	put_chain(out, s, irq);
	return irqm_put_end(out);
}
