/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What advice says if there is nothing to search for. */
#include "advised.h"
#include "log_findings.h"
#include "planned.h"
#include "unit.h"

#define NOTHING                                                                \
	"Nothing to fit: by the log no device failed for want of vectors. "

static void says(struct irqm_snapshot *s, enum irqm_advise_end end,
		 const char *known, const char *next)
{
	struct irqm_advices *a = advice_for(s, NULL);

	assert_int_equal(a->end, end);
	assert_string_equal(a->known, known);
	assert_string_equal(a->next, next);
	assert_int_equal(a->nr, 0);
	irqm_advices_free(a);
}

static void no_findings(void **state)
{
	struct irqm_snapshot *s = snap_new(2);

	(void)state;
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "Name devices to add, or one like them with --like:",
	     "irqmatrix advise --add DRIVER:QUEUES VMCORE");
	irqm_snapshot_free(s);
}

static void full_cpu(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 1, 0);

	(void)state;
	start_all(s);
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "CPU 1 is out of vectors: new devices whose managed "
		     "interrupts cover all CPUs get fewer vectors, or fail to "
		     "probe with -28 (ENOSPC). What makes room for one more "
		     "device:",
	     "irqmatrix advise --add DRIVER:QUEUES VMCORE");
	irqm_snapshot_free(s);
}

/* Only the first sentence: the second names who holds the vectors. */
static void full_crash_kernel(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(1, 1024, 16);

	(void)state;
	plain_device(s, "0000:10:00.0", "i40e", 100, 201);
	start_all(s);
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "The only online CPU is out of vectors, and no other is "
		     "possible, as in a crash kernel (nr_cpus=1). What makes "
		     "room for one more device:",
	     "irqmatrix advise --add DRIVER:QUEUES VMCORE");
	irqm_snapshot_free(s);
}

static int drive(struct irqm_snapshot *s, const char *name, unsigned int irq,
		 unsigned int nr)
{
	int device = plain_device(s, name, "nvme", irq, nr);

	s->devices[device].pci_vendor = 0x144d;
	s->devices[device].pci_device = 0xa808;
	return device;
}

/* It is also the first finding of a CPU that is full. */
static void fewer_queues(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(4, 1, 0);

	(void)state;
	drive(s, "0000:04:00.0", 400, 1);
	drive(s, "0000:03:00.0", 410, 3);
	start_all(s);
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "But 0000:04:00.0 has 1 vector, 0000:03:00.0 of the same "
		     "model 3, probably because CPU 1 is full. What makes room "
		     "for one with all of them:",
	     "irqmatrix advise --like 0000:03:00.0 VMCORE");
	irqm_snapshot_free(s);

	/* without a sister, the driver is named */
	s = machine_with_full_cpu(4, 1, 0);
	drive(s, "0000:04:00.0", 400, 1);
	start_all(s);
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "But 0000:04:00.0 has 1 vector, none for its queues, "
		     "probably because CPU 1 is full. What makes room for one "
		     "with all of them:",
	     "irqmatrix advise --add nvme:4 VMCORE");
	irqm_snapshot_free(s);
}

/* 2 devices: of one nothing is known, the other would fit. */
static void full_remapping_table(void **state)
{
	static struct irqm_remap_table table = {
		.amd = true, .first_irq = 400, .entries = 512, .used = 512
	};
	static struct irqm_remap_table *tables[] = { &table };
	struct irqm_snapshot *s = snap_new_sized(2, 1024, 16);

	(void)state;
	drive(s, "0000:03:00.0", 400, 3);
	start_all(s);
	log_say(s, 21, "AMD-Vi: Failed to allocate IRTE");
	log_say(s, 21, "xsc_core: probe of 0000:41:00.0 failed with error -28");
	says(s, IRQM_ADVISE_NO_GOAL,
	     "Not a shortage of vectors: the IOMMU's table of 0000:41:00.0 was "
	     "full. What to do about it:",
	     "irqmatrix -k VMCORE");
	log_say(s, 22, "nvme: probe of 0000:42:00.0 failed with error -28");
	says(s, IRQM_ADVISE_FITS,
	     "Not a shortage of vectors: the IOMMU's table of 0000:41:00.0 was "
	     "full. What to do about it:",
	     "irqmatrix -k VMCORE");
	irqm_snapshot_free(s);

	s = snap_new_sized(2, 1024, 16);
	drive(s, "0000:03:00.0", 400, 3);
	start_all(s);
	s->remap_tables = tables;
	s->nr_remap_tables = 1;
	says(s, IRQM_ADVISE_NO_GOAL,
	     "Not a shortage of vectors: the IOMMU's table of 0000:03:00.0 is "
	     "full. What to do about it:",
	     "irqmatrix -k VMCORE");
	/* one that is nearly full is no reason */
	table.used = 510;
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "Name devices to add, or one like them with --like:",
	     "irqmatrix advise --add DRIVER:QUEUES VMCORE");
	irqm_snapshot_free(s);
}

/* It failed, but how many vectors it takes is not known. */
static void failed_but_not_known(void **state)
{
	struct irqm_snapshot *s = machine_with_full_cpu(2, 1, 0);

	(void)state;
	start_all(s);
	log_say(s, 21, "xsc_core: probe of 0000:41:00.0 failed with error -28");
	says(s, IRQM_ADVISE_NO_GOAL,
	     "Nothing else to fit. CPU 1 is out of vectors: new devices whose "
	     "managed interrupts cover all CPUs get fewer vectors, or fail to "
	     "probe with -28 (ENOSPC). What makes room for one more device:",
	     "irqmatrix advise --add DRIVER:QUEUES VMCORE");
	irqm_snapshot_free(s);
}

static void another_warning(void **state)
{
	struct irqm_snapshot *s = snap_new(8);

	(void)state;
	log_say(s, 1, "__common_interrupt: 4.34 No irq handler for vector");
	log_say(s, 2, "__common_interrupt: 4.34 No irq handler for vector");
	says(s, IRQM_ADVISE_NO_GOAL,
	     NOTHING "Interrupts arrived again and again on vector 34 of CPU "
		     "4, which had no owner. What to do about it:",
	     "irqmatrix -k VMCORE");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_findings),
		cmocka_unit_test(full_cpu),
		cmocka_unit_test(full_crash_kernel),
		cmocka_unit_test(fewer_queues),
		cmocka_unit_test(full_remapping_table),
		cmocka_unit_test(failed_but_not_known),
		cmocka_unit_test(another_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
