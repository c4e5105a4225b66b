/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lines of the kernel log, as kernels print them, are taken for. */
#include "unit.h"

#include "analysis/findings/log.h"

static bool matches(const char *text, struct log_match *ret)
{
	struct log_forms forms;

	irqm_log_forms_init(&forms);
	return irqm_log_match(&forms, text, ret);
}

static void check_match(const char *text, enum log_kind kind, int64_t a,
			int64_t b, int64_t c, const char *device,
			const char *driver)
{
	struct log_match m;

	if (!matches(text, &m))
		fail_msg("not recognised: %s", text);
	if (m.kind != kind || m.num[0] != a || m.num[1] != b || m.num[2] != c ||
	    strcmp(m.device, device) || strcmp(m.driver, driver))
		fail_msg("%s: kind %u, %d %d %d, '%s', '%s'", text, m.kind,
			 (int)m.num[0], (int)m.num[1], (int)m.num[2], m.device,
			 m.driver);
}

static void test_match(void **state)
{
	(void)state;
	/* out of the logs of the lab's kernels */
	check_match("virtio_blk: probe of virtio161 failed with error -28",
		    LOG_PROBE, -28, 0, 0, "virtio161", "virtio_blk");
	check_match("virtio_blk virtio161: probe with driver virtio_blk failed "
		    "with error -28",
		    LOG_PROBE, -28, 0, 0, "virtio161", "virtio_blk");
	/* as the sources and reports have them */
	check_match("nvme: probe of 0000:00:04.0 failed with error -16",
		    LOG_PROBE, -16, 0, 0, "0000:00:04.0", "nvme");
	check_match("nvme nvme3: Removing after probe failure status: -28",
		    LOG_PROBE, -28, 0, 0, "nvme3", "");
	check_match("genirq: Flags mismatch irq 0. 00000080 (virtio5) vs. "
		    "00015a00 (timer)",
		    LOG_FLAGS, 0, 0, 0, "virtio5", "timer");
	check_match("do_IRQ: 0.236 No irq handler for vector", LOG_NO_HANDLER,
		    0, 236, 0, "", "");
	check_match("do_IRQ: 2.205 No irq handler for vector (irq -1)",
		    LOG_NO_HANDLER, 2, 205, 0, "", "");
	check_match("__common_interrupt: 3.34 No irq handler for vector",
		    LOG_NO_HANDLER, 3, 34, 0, "", "");
	check_match("No irq handler for 1.35", LOG_NO_HANDLER, 1, 35, 0, "",
		    "");
	check_match("common_interrupt: No irq handler for 1.35", LOG_NO_HANDLER,
		    1, 35, 0, "", "");
	check_match("irq 71: Affinity broken due to vector space exhaustion.",
		    LOG_BROKEN, 71, 0, 0, "", "");
	check_match("the irq of irq 71: Affinity broken due to vector space "
		    "exhaustion.",
		    LOG_BROKEN, 71, 0, 0, "", "");
	check_match("CPU 31 has 116 vectors, 85 available. Cannot disable CPU",
		    LOG_NOT_OFFLINED, 31, 116, 85, "", "");
	check_match("Interrupt reservation exceeds available resources",
		    LOG_RESERVATION, 0, 0, 0, "", "");
	check_match("Reserved vectors 151 > available 0. IRQ request may fail",
		    LOG_RESERVATION, 151, 0, 0, "", "");
	check_match("Managed startup irq 40, no vector available", LOG_MANAGED,
		    40, 0, 0, "", "");
	check_match("Managed startup for irq 40, but no CPU", LOG_MANAGED, 40,
		    0, 0, "", "");
	check_match("IRQ45: set affinity failed(-28).", LOG_SET_AFFINITY, 45,
		    -28, 0, "", "");
}

static void test_no_match(void **state)
{
	static const char *const lines[] = {
		"",
		"*",
		"%d",
		"irq ",
		"irq : Affinity broken",
		"irq 7: Affinity broken due to vector space",
		"irq 99999999999: Affinity broken due to vector space exhaustion.",
		"virtio_blk: probe of  failed with error",
		": probe of virtio1 failed with error -28",
		"virtio_blk: probe of virtio1 failed with error -",
		"virtio_blk: probe of virtio1 failed with error",
		"CPU 31 has 116 vectors, 85 available.",
		"do_IRQ: 0. No irq handler for vector",
		"Flags mismatch irq 0. xyz (virtio5) vs. 00015a00 (timer)",
		"virtio-pci 0000:00:18.7: virtio_pci: leaving for legacy driver",
		"ACPI: \\_SB_.LNKB: Enabled at IRQ 10",
	};
	struct log_match m;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (matches(lines[i], &m))
			fail_msg("taken for one: %s", lines[i]);
}

/* Names that are too long are cut, and nothing is written behind them. */
static void test_long_names(void **state)
{
	char text[4096];
	struct log_match m;

	(void)state;
	snprintf(text, sizeof(text),
		 "%0100d: probe of %0200d failed with "
		 "error -28",
		 1, 2);
	assert_true(matches(text, &m));
	assert_int_equal(strlen(m.device), sizeof(m.device) - 1);
	assert_int_equal(strlen(m.driver), sizeof(m.driver) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_no_match),
		cmocka_unit_test(test_long_names),
	};

	return RUN(tests);
}
