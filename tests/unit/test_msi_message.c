/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message says of where the interrupt goes. */
#include "unit.h"

#include "irqmatrix.h"

/* A message that went through parent on its way to the vector domain. */
static struct irqm_msi_fields decode_behind(const char *parent,
					    uint64_t address, uint32_t data)
{
	struct irqm_msi msi = {
		.has_msg = true,
		.address = address,
		.data = data,
		.nvec_used = 1,
	};
	struct irqm_level chain[2] = {
		{ .domain = "PCI-MSI-2", .chip = "PCI-MSI" },
		{ .domain = parent,
		  .vector_domain = !strcmp(parent, "VECTOR") },
	};
	struct irqm_irq irq = { .msi = &msi, .chain = chain, .nr_levels = 2 };
	struct irqm_msi_fields f;

	irqm_msi_decode(&irq, &f);
	return f;
}

static struct irqm_msi_fields decode(uint64_t address, uint32_t data)
{
	return decode_behind("VECTOR", address, data);
}

static void test_msi_compatible(void **state)
{
	struct irqm_msi_fields f = decode(0xfee03000, 0x4022);

	(void)state;
	assert_true(f.local_apic);
	assert_false(f.remapped);
	assert_false(f.empty);
	assert_int_equal(f.destination, 3);
	assert_int_equal(f.vector, 0x22);
	assert_int_equal(f.delivery_mode, 0);
	assert_false(f.logical);
	assert_false(f.redirect_hint);
	assert_true(f.level_assert);
	assert_false(f.level);

	f = decode(0xfeeff00c, 0x81ef);
	assert_int_equal(f.destination, 0xff);
	assert_true(f.logical);
	assert_true(f.redirect_hint);
	assert_int_equal(f.delivery_mode, 1);
	assert_true(f.level);
	assert_string_equal(irqm_delivery_mode_name(1), "lowest-priority");
	assert_string_equal(irqm_delivery_mode_name(99), "reserved");
}

static void test_msi_extended_destination(void **state)
{
	struct irqm_msi_fields f;

	(void)state;
	/* the IOMMU's own interrupt on x2APIC id 0x12345678 */
	f = decode(0x12345600fee78000, 0x30);
	assert_true(f.local_apic);
	assert_int_equal(f.destination, 0x12345678);
	/* KVM's 15-bit id: 14:8 in address bits 11:5 */
	f = decode(0xfee00000 | 0x34 << 12 | 0x52 << 5, 0x30);
	assert_int_equal(f.destination, 0x5234);
}

static void test_msi_remapped(void **state)
{
	struct irqm_msi_fields f;

	(void)state;
	/* index 0x8123, no subhandle */
	f = decode(0xfee00010 | 0x123 << 5 | 1 << 2, 7);
	assert_true(f.remapped);
	assert_int_equal(f.handle, 0x8123);
	assert_int_equal(f.vector, 0);
	f = decode(0xfee00018 | 0x123 << 5, 7);
	assert_int_equal(f.handle, 0x12a);
	/* the largest one does not wrap */
	f = decode_behind("INTEL-IR-0", 0xfeeffffc, 0xffffffff);
	assert_true(f.remapped);
	assert_int_equal(f.handle, 0x1fffe);
	/* fill_msi_msg() of AMD's driver: data is the index, no bit says so */
	f = decode_behind("AMD-IR-0", 0xfee00000, 0x4121);
	assert_true(f.remapped);
	assert_int_equal(f.handle, 0x4121);
	assert_int_equal(f.vector, 0);
}

/* vmd_compose_msi_msg() puts an index where the APIC id would be, also where
 * the device's own domain is on top, from 6.17 on. */
static void test_msi_of_others(void **state)
{
	struct irqm_msi msi = {
		.has_msg = true,
		.address = 0xfee03000,
		.data = 0,
		.nvec_used = 1,
	};
	struct irqm_level chain[2] = {
		{ .domain = "VMD-MSI-0", .chip = "VMD-MSI" },
		{ .domain = "VECTOR", .vector_domain = true },
	};
	struct irqm_irq irq = { .msi = &msi, .chain = chain, .nr_levels = 1 };
	struct irqm_msi_fields f;

	(void)state;
	irqm_msi_decode(&irq, &f);
	assert_true(f.local_apic);
	assert_true(f.vmd && irqm_is_vmd(&irq));
	assert_int_equal(f.bridge_index, 3);
	assert_int_equal(f.destination, 0);
	chain[0].chip = "PCI-MSIX-10000:e1:00.0";
	chain[1].chip = "VMD-MSI";
	irq.nr_levels = 2;
	irqm_msi_decode(&irq, &f);
	assert_true(f.vmd);
	chain[1].chip = NULL;
	/* hv_compose_msi_msg(): what the host said */
	irq.nr_levels = 2;
	chain[0].chip = "HV-PCI-MSI"; /* the same, in its root partition */
	irqm_msi_decode(&irq, &f);
	assert_true(f.foreign);
	chain[0].chip = "Hyper-V PCIe MSI";
	irqm_msi_decode(&irq, &f);
	assert_true(f.foreign);
	chain[0].chip = NULL; /* not read: could be that one */
	irqm_msi_decode(&irq, &f);
	assert_true(f.unknown);
	chain[0].chip = "PCI-MSI";
	irq.nr_levels = 1;
	irq.chain_cut = true; /* the next level, not read, may be the APIC's */
	irqm_msi_decode(&irq, &f);
	assert_true(f.unknown);
	irq.nr_levels = 2;
	irqm_msi_decode(&irq, &f);
	assert_false(f.unknown);
	chain[0].chip = "PCI-MSI";
	irqm_msi_decode(&irq, &f);
	assert_false(f.foreign);
	assert_int_equal(f.destination, 3);
}

static void test_msi_none(void **state)
{
	struct irqm_msi msi = { .has_msg = true, .nvec_used = 4, .data = 3 };
	struct irqm_irq irq = { .msi = &msi };
	struct irqm_msi_fields f = decode(0, 0);

	(void)state;
	assert_true(f.empty);
	assert_false(f.local_apic);
	assert_false(decode(0, 0x22).empty);
	f = decode(0xfed00000, 0x22);
	assert_false(f.local_apic);
	assert_int_equal(f.vector, 0);
	assert_false(decode(0x01fee00000, 0x22).local_apic);
	irqm_msi_decode(&irq, &f); /* the fourth of a multi-MSI */
	assert_true(f.empty);
	msi.has_msg = false;
	irqm_msi_decode(&irq, &f);
	assert_false(f.empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_msi_compatible),
		cmocka_unit_test(test_msi_extended_destination),
		cmocka_unit_test(test_msi_remapped),
		cmocka_unit_test(test_msi_of_others),
		cmocka_unit_test(test_msi_none),
	};

	return RUN(tests);
}
