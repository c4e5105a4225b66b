/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The expected text follows the format strings of irq_matrix_debug_show()
 * in kernel/irq/matrix.c, with ind 0, irq_domain_debug_show_one(), and those
 * of kernel/irq/debugfs.c, blank for blank.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rendered.h"
#include "snap.h"

#define DOMAIN                                                                 \
	"name:   VECTOR\n"                                                     \
	" size:   0\n"                                                         \
	" mapped: 26\n"                                                        \
	" flags:  0x00000103\n"

static void bit_name(struct irqm_enum *e, const char *name, int64_t value)
{
	snprintf(e->e[e->nr].name, sizeof(e->e[e->nr].name), "%s", name);
	e->e[e->nr++].value = value;
}

static struct irqm_snapshot *machine(void)
{
	struct irqm_snapshot *s = snap_new(4);

	s->vector_domain = (struct irqm_vector_domain){
		.name = "VECTOR",
		.mapcount = 26,
		.flags = 0x103,
	};
	bit_name(&s->names.domain, "IRQ_DOMAIN_FLAG_HIERARCHY", 1);
	bit_name(&s->names.domain, "IRQ_DOMAIN_NAME_ALLOCATED", 2);
	bit_name(&s->names.domain, "IRQ_DOMAIN_FLAG_MSI_PARENT", 0x100);
	bit_name(&s->names.state, "IRQD_ACTIVATED", 1 << 9);
	bit_name(&s->names.state, "IRQD_SETAFFINITY_PENDING", 1 << 8);
	bit_name(&s->names.status, "_IRQ_NOPROBE", 1 << 10);
	bit_name(&s->names.istate, "IRQS_ONESHOT", 0x20);
	bit_name(&s->names.chip, "IRQCHIP_SKIP_SET_WAKE", 0x10);
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 1);
	snap_ioapic_irq(s, 10, NULL);
	snap_reserve(s, 10);
	snap_virtio_blk(s, "0000:00:05.0", 24);
	return s;
}

static void as_the_kernel(void **state)
{
	(void)state;
	assert_rendered(
		irqm_render_debugfs, machine(), NULL,
		DOMAIN
		"Online bitmaps:        4\n"
		"Global available:    798\n"
		"Global reserved:       1\n"
		"Total allocated:       4\n"
		"System: 44: 0-19,29,32,50,128,236-255\n"
		" | CPU | avl | man | mac | act | vectors\n"
		"     0   199     1     1    2  33-34\n"
		"     1   199     1     0    1  33\n"
		"     2   200     1     1    1  33\n"
		/* "%*pbl" of nothing: the blanks in front of it are the kernel's */
		"     3   200     1     0    0  \n");
}

/* The same arguments through the kernel's own format strings. */
static void format_strings(void **state)
{
	struct irqm_snapshot *s = machine();
	const struct irqm_cpu *cm = &s->cpus[2];
	char *text, line[128];

	(void)state;
	text = rendered(irqm_render_debugfs, s, NULL);
	snprintf(line, sizeof(line),
		 "\n%*s| CPU | avl | man | mac | act | "
		 "vectors\n",
		 0, " ");
	assert_contains(text, line);
	snprintf(line, sizeof(line), "\n%*s %4d  %4u  %4u  %4u %4u  %s\n", 0,
		 " ", cm->cpu, (unsigned int)cm->available,
		 (unsigned int)cm->managed, (unsigned int)cm->managed_allocated,
		 (unsigned int)cm->allocated, "33");
	assert_contains(text, line);
	free(text);
	irqm_snapshot_free(s);
}

static void before_managed_allocated(void **state)
{
	struct irqm_snapshot *s = machine();

	(void)state;
	for (unsigned int i = 0; i < s->nr_cpus; i++)
		s->cpus[i].managed_allocated = IRQM_UNKNOWN;
	snap_offline(s, 3);
	assert_rendered(irqm_render_debugfs, s, NULL,
			DOMAIN "Online bitmaps:        3\n"
			       "Global available:    598\n"
			       "Global reserved:       1\n"
			       "Total allocated:       4\n"
			       "System: 44: 0-19,29,32,50,128,236-255\n"
			       " | CPU | avl | man | act | vectors\n"
			       "     0   199     1     2  33-34\n"
			       "     1   199     1     1  33\n"
			       "     2   200     1     1  33\n");
}

static void unknown_keeps_its_place(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_cpu *cpu = &s->cpus[0];

	(void)state;
	cpu->available = cpu->managed = cpu->managed_allocated = IRQM_UNKNOWN;
	cpu->allocated = cpu->online = IRQM_UNKNOWN;
	cpu->alloc_map.words = NULL;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->matrix.system_map.words = NULL;
	snap_offline(s, 3);
	snap_offline(s, 2);
	assert_rendered(irqm_render_debugfs, s, NULL,
			DOMAIN "Online bitmaps:        2\n"
			       "Global available:    398\n"
			       "Global reserved:       ?\n"
			       "Total allocated:       4\n"
			       "System: ?: ?\n"
			       " | CPU | avl | man | mac | act | vectors\n"
			       "     0     ?     ?     ?    ?  ?\n"
			       "     1   199     1     0    1  33\n");
}

static void cpus_limit(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_bits some = snap_cpus(s, "2");
	struct irqm_render_options options = { .cpus = &some };
	char *text = rendered(irqm_render_debugfs, s, &options);

	(void)state;
	assert_contains(text, "vectors\n     2   200     1     1    1  33\n");
	assert_null(strstr(text, "\n     0"));
	assert_null(strstr(text, "\n     3"));
	free(text);
	irqm_snapshot_free(s);
}

/* As 6.12 spells them, in the order of its table. */
static void domain_flags(void **state)
{
	struct irqm_snapshot *s = machine();
	char *text;

	(void)state;
	s->vector_domain.spells_flags = true;
	text = rendered(irqm_render_debugfs, s, NULL);
	assert_contains(text, DOMAIN "            IRQ_DOMAIN_FLAG_HIERARCHY\n"
				     "            IRQ_DOMAIN_NAME_ALLOCATED\n"
				     "            IRQ_DOMAIN_FLAG_MSI_PARENT\n"
				     "Online bitmaps:");
	free(text);
	irqm_snapshot_free(s);
}

static char *rendered_debugfs(struct irqm_snapshot *s, unsigned int irq)
{
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(a);
	assert_int_equal(irqm_render_debugfs_irq(
				 out, a, irqm_find_irq(s, irq) - s->irqs),
			 0);
	fclose(out);
	irqm_analysis_free(a);
	return text;
}

static void assert_irq(struct irqm_snapshot *s, unsigned int irq,
		       const char *expected)
{
	char *text = rendered_debugfs(s, irq);

	assert_string_equal(text, expected);
	free(text);
}

static struct irqm_irq *known(struct irqm_irq *irq)
{
	unsigned int i;

	irq->flow = "handle_edge_irq";
	irq->has_dev_name = true;
	irq->status = 0x400;
	irq->istate = 0x24;
	irq->depth = irq->wake_depth = 0;
	irq->state = 0x301;
	irq->node = -1;
	for (i = 0; i < irq->nr_levels; i++) {
		irq->chain[i].chip_addr = 0xffffffff82000000 + i;
		irq->chain[i].chip_flags = i ? 0 : 0x410;
	}
	return irq;
}

static void an_interrupt(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_irq *irq = known(snap_get(s, 9));

	(void)state;
	irq->pending_mask = snap_cpus(s, "2-3");
	irq->effective_affinity = snap_cpus(s, "");
	irq->apic->prev_vector = 36;
	irq->apic->prev_cpu = 2;
	irq->apic->cleanup_pending = 1;
	irq->apic->can_reserve = true;
	irq->chain[0].hwirq = 9;
	irq->chain[1].hwirq = 0x1a;
	assert_irq(s, 9,
		   "handler:  handle_edge_irq\n"
		   "device:   (null)\n"
		   "status:   0x00000400\n"
		   "            _IRQ_NOPROBE\n"
		   "istate:   0x00000024\n"
		   "            IRQS_ONESHOT\n"
		   "ddepth:   0\n"
		   "wdepth:   0\n"
		   "dstate:   0x00000301\n"
		   "            IRQ_TYPE_EDGE_RISING\n"
		   "            IRQD_ACTIVATED\n"
		   "            IRQD_SETAFFINITY_PENDING\n"
		   "node:     -1\n"
		   "affinity: 0-3\n"
		   "effectiv: \n"
		   "pending:  2-3\n"
		   "domain:  IO-APIC-0\n"
		   " hwirq:   0x9\n"
		   " chip:    IO-APIC\n"
		   "  flags:   0x410\n"
		   "             IRQCHIP_SKIP_SET_WAKE\n"
		   " parent:\n"
		   "    domain:  VECTOR\n"
		   "     hwirq:   0x1a\n"
		   "     chip:    APIC\n"
		   "      flags:   0x0\n"
		   "     Vector:    33\n"
		   "     Target:     1\n"
		   "     Previous vector:    36\n"
		   "     Previous target:     2\n"
		   "     move_in_progress: 0\n"
		   "     is_managed:       0\n"
		   "     can_reserve:      1\n"
		   "     has_reserved:     0\n"
		   "     cleanup_pending:  1\n");
	irqm_snapshot_free(s);
}

static void odd_interrupts(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_irq *irq = known(snap_get(s, 9));
	char *text;

	(void)state;
	/* one whose device name is not kept, whose PIC has no I/O APIC */
	irq->has_dev_name = false;
	irq->nr_levels = 1;
	irq->chain[0] = irq->chain[1];
	s->dump.pic_irqs = 1 << 9;
	text = rendered_debugfs(s, 9);
	assert_contains(text, "device:   ?\n");
	assert_contains(text, " Vector:    57\n Target: Legacy PIC all CPUs\n");
	free(text);
	/* no chip, no chip_data, no domain */
	s->dump.pic_irqs = 0;
	irq->chain[0].chip_addr = irq->chain[0].chip_data = 0;
	irq->chain[0].domain_addr = 0;
	text = rendered_debugfs(s, 9);
	assert_contains(text, "\ndomain:  \n hwirq: ");
	assert_contains(text, "\nchip: None\n Vector: Not assigned\n");
	free(text);
	irqm_snapshot_free(s);
}

/* The second message of a descriptor: the kernel keeps the first's data. */
static void an_msi(void **state)
{
	struct irqm_snapshot *s = machine();
	struct irqm_irq *irq = known(snap_get(s, 25));
	struct irqm_msi msi = {
		.first_irq = 24,
		.has_msg = true,
		.address = 0x12fee03000,
		.data = 0x25,
	};
	char *text;

	(void)state;
	irq->msi = &msi;
	text = rendered_debugfs(s, 25);
	assert_null(strstr(text, "msg_data"));
	free(text);
	s->dump.shows_msi = true;
	text = rendered_debugfs(s, 25);
	assert_contains(text, "\n"
			      "  address_hi: 0x00000012\n"
			      "  address_lo: 0xfee03000\n"
			      "  msg_data:   0x00000024\n"
			      " parent:\n");
	free(text);
	msi.has_msg = false;
	text = rendered_debugfs(s, 25);
	assert_null(strstr(text, "msg_data"));
	free(text);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_the_kernel),
		cmocka_unit_test(format_strings),
		cmocka_unit_test(before_managed_allocated),
		cmocka_unit_test(unknown_keeps_its_place),
		cmocka_unit_test(cpus_limit),
		cmocka_unit_test(domain_flags),
		cmocka_unit_test(an_interrupt),
		cmocka_unit_test(odd_interrupts),
		cmocka_unit_test(an_msi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
