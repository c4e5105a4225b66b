/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings on machines that contradict themselves, or of which little is
 * known. */
#include "unit.h"
#include "findings.h"

#define U IRQM_UNKNOWN

/* A bitmap with more vectors than there are: it is full, not less than that. */
static void test_overfull(void **state)
{
	struct irqm_snapshot *s = snap_new_sized(4, 1024, 8);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	unsigned int i;

	(void)state;
	snap_virtio_blk(s, "0000:00:05.0", 24);
	for (i = 0; i < 3; i++)
		add_started_irqs(s, 1000 * (i + 1), 170, i);
	s->cpus[3].alloc_map = snap_bits(s, 256, "all");
	f = expect_finding(
		&a, s, "vectors-low", IRQM_WARNING,
		"34 of 804 vectors are "
		"free (4.2%): no more device of virtio_blk fits, at 5 "
		"vectors each; CPU 3 with 0 free is the first that is full");
	assert_int_equal(finding_datum(f, "fits")->num, 0);
	assert_int_equal(finding_datum(f, "limit_available")->num, 0);
	irqm_analysis_free(a);
	check_finding(s, "vectors-exhausted", IRQM_WARNING,
		      "CPU 3 has no vector left: "
		      "a device whose managed interrupts spread over all CPUs "
		      "does not "
		      "get them (-28); 1 device of virtio_blk costs 5 (1.0%)");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overfull),
	};

	return RUN(tests);
}
