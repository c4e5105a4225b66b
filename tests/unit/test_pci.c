/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk of the PCI buses, on lists that are made up and spoiled. */
#include "tests/unit/unit.h"

#include "snapshot/stages.h"
#include "tests/mkdump/memory_target.h"

#define ROOTS 0xffffffff82000000ULL
#define BUS(n) (0xffff888001000000ULL + (n)*0x1000ULL)
#define DEV(n) (0xffff888002000000ULL + (n)*0x1000ULL)
#define NAMES 0xffff888003000000ULL
#define DRIVER 0xffff888004000000ULL

/* Offsets of the made-up structures. */
enum {
	NODE = 0,
	CHILDREN = 24,
	DEVICES = 40
};
enum {
	BUS_LIST = 8,
	MSI = 30,
	MSIX = 31,
	DEVICE = 64,
	IRQ = 200,
	BITS = 210
};
enum {
	KOBJ = 0,
	BUS_TYPE = 16,
	DRIVER_PTR = 24,
	DEVICE_SIZE = 48
};

static struct irqm_layout layout;
static struct irqm_memory *memory;

static struct irqm_member member(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true,
				     .kind = IRQM_KIND_INT,
				     .offset = offset,
				     .size = size };
}

static struct irqm_member bit(uint32_t offset, unsigned int n)
{
	struct irqm_member m = member(offset, 1);

	m.bit_offset = n;
	m.bit_size = 1;
	return m;
}

static void put64(uint64_t addr, uint64_t value)
{
	assert_int_equal(irqm_memory_write(memory, addr, &value, 8), 0);
}

static void put_string(uint64_t addr, const char *s)
{
	char piece[64] = "";

	strcpy(piece, s);
	assert_int_equal(irqm_memory_write(memory, addr, piece, 64), 0);
}

/* A list of nodes; the last leads back to the head. */
static void put_list(uint64_t head, const uint64_t *nodes, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		put64(i ? nodes[i - 1] : head, nodes[i]);
	put64(nr ? nodes[nr - 1] : head, head);
}

static void put_function(unsigned int n, unsigned int msi, unsigned int msix,
			 unsigned int bits, uint32_t irq)
{
	unsigned char copy[256] = { 0 };
	char name[32];

	copy[MSI] = msi;
	copy[MSIX] = msix;
	copy[BITS] = bits;
	memcpy(copy + IRQ, &irq, 4);
	memcpy(copy + DEVICE + KOBJ, &(uint64_t){ NAMES + n * 64 }, 8);
	memcpy(copy + DEVICE + DRIVER_PTR, &(uint64_t){ DRIVER }, 8);
	assert_int_equal(irqm_memory_write(memory, DEV(n), copy, 256), 0);
	snprintf(name, sizeof(name), "0000:00:%02x.0", n);
	put_string(NAMES + n * 64, name);
}

static void new_layout(void)
{
	memset(&layout, 0, sizeof(layout));
	layout.pci_bus.node = member(NODE, 16);
	layout.pci_bus.children = member(CHILDREN, 16);
	layout.pci_bus.devices = member(DEVICES, 16);
	layout.pci_dev.bus_list = member(BUS_LIST, 16);
	layout.pci_dev.msi_cap = member(MSI, 1);
	layout.pci_dev.msix_cap = member(MSIX, 1);
	layout.pci_dev.dev = member(DEVICE, DEVICE_SIZE);
	layout.pci_dev.irq = member(IRQ, 4);
	layout.pci_dev.no_msi = bit(BITS, 0);
	layout.pci_dev.msi_enabled = bit(BITS, 3);
	layout.pci_dev.msix_enabled = bit(BITS, 4);
	layout.device.exists = layout.kobject.exists = layout.bus_type.exists =
		layout.device_driver.exists = true;
	layout.device.size = DEVICE_SIZE;
	layout.device.parent = member(8, 8);
	layout.device.kobj = member(KOBJ, 8);
	layout.device.bus = member(BUS_TYPE, 8);
	layout.device.driver = member(DRIVER_PTR, 8);
	layout.kobject.name = member(0, 8);
	layout.kobject.size = layout.bus_type.size = layout.device_driver.size =
		8;
	layout.bus_type.name = member(0, 8);
	layout.device_driver.name = member(0, 8);
}

/*
 * Bus 0 with functions 0 to 4 and, behind a bridge, bus 1 with function 5;
 * another root bus, 2, with nothing on it.
 */
static void new_machine(void)
{
	unsigned int i;

	new_layout();
	memory = irqm_memory_new();
	assert_non_null(memory);
	put_function(0, 0, 0, 0, 9);             /* has no MSI */
	put_function(1, 0x50, 0x60, 1 << 4, 24); /* uses MSI-X */
	/* could, and does not: of all bits only the three that count are 0 */
	put_function(2, 0x50, 0x60, 0xe6, 10);
	put_function(3, 0x50, 0, 1 << 3, 25); /* uses MSI */
	put_function(4, 0x50, 0, 1 << 0, 11); /* must not */
	put_function(5, 0x50, 0, 0, 11);      /* could, and does not */
	put_list(ROOTS, (uint64_t[]){ BUS(0) + NODE, BUS(2) + NODE }, 2);
	put_list(BUS(0) + CHILDREN, (uint64_t[]){ BUS(1) + NODE }, 1);
	put_list(BUS(1) + CHILDREN, NULL, 0);
	put_list(BUS(2) + CHILDREN, NULL, 0);
	{
		uint64_t nodes[5];

		for (i = 0; i < 5; i++)
			nodes[i] = DEV(i) + BUS_LIST;
		put_list(BUS(0) + DEVICES, nodes, 5);
	}
	put_list(BUS(1) + DEVICES, (uint64_t[]){ DEV(5) + BUS_LIST }, 1);
	put_list(BUS(2) + DEVICES, NULL, 0);
	put64(DRIVER, DRIVER + 64);
	put_string(DRIVER + 64, "virtio-pci");
	assert_int_equal(irqm_memory_symbol(memory, "pci_root_buses", ROOTS),
			 0);
}

static struct irqm_snapshot *read_machine(void)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct irqm_target target = irqm_memory_target(memory);
	struct reader r = { .target = &target, .layout = &layout, .s = s };

	assert_non_null(s);
	r.arena = r.names.arena = r.devices.arena = s->arena;
	r.has_part[IRQM_PART_DEVICES] = true;
	irqm_read_pci_lines(&r);
	assert_false(r.no_memory);
	return s;
}

static void test_walk(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_machine();
	s = read_machine();
	assert_int_equal(s->nr_unread, 0);
	assert_int_equal(s->nr_pci_lines, 2);
	assert_string_equal(s->pci_lines[0].device.name, "0000:00:02.0");
	assert_string_equal(s->pci_lines[0].device.driver, "virtio-pci");
	assert_int_equal(s->pci_lines[0].irq, 10);
	assert_true(s->pci_lines[0].msix);
	assert_string_equal(s->pci_lines[1].device.name, "0000:00:05.0");
	assert_false(s->pci_lines[1].msix);
	assert_int_equal(s->nr_devices, 0);
	irqm_snapshot_free(s);
	irqm_memory_free(memory);
}

/* Nobody drives it. */
static void test_no_driver(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_machine();
	{
		unsigned char none[DEVICE_SIZE] = { 0 };

		memcpy(none, &(uint64_t){ NAMES }, 8);
		assert_int_equal(irqm_memory_write(memory, DEV(2) + DEVICE,
						   none, sizeof(none)),
				 0);
	}
	s = read_machine();
	assert_int_equal(s->nr_pci_lines, 1);
	irqm_snapshot_free(s);
	irqm_memory_free(memory);
}

/* Each read fails in turn: never without a word. */
static void test_each_read_fails(void **state)
{
	struct irqm_snapshot *s;
	uint64_t k, reads;

	(void)state;
	new_machine();
	irqm_snapshot_free(read_machine());
	reads = irqm_memory_reads(memory);
	for (k = 1; k <= reads; k++) {
		irqm_memory_fail_at(memory, k);
		s = read_machine();
		assert_int_equal(s->nr_unread, 1);
		irqm_snapshot_free(s);
	}
	irqm_memory_free(memory);
}

/* Lists that never come back to their head. */
static void test_endless(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	new_machine();
	put64(DEV(5) + BUS_LIST, DEV(5) + BUS_LIST);
	s = read_machine();
	assert_int_equal(s->nr_pci_lines, 4096);
	assert_int_equal(s->nr_unread, 1);
	irqm_snapshot_free(s);
	irqm_memory_free(memory);

	/* without a candidate only the limit of all walks ends it */
	new_machine();
	put64(DEV(0) + BUS_LIST, DEV(0) + BUS_LIST);
	s = read_machine();
	assert_int_equal(s->nr_unread, 1);
	irqm_snapshot_free(s);
	irqm_memory_free(memory);

	/* a bus that is its own child */
	new_machine();
	put64(BUS(1) + CHILDREN, BUS(1) + NODE);
	s = read_machine();
	assert_int_equal(s->nr_unread, 1);
	assert_in_range(s->nr_pci_lines, 2, 40);
	irqm_snapshot_free(s);
	irqm_memory_free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_no_driver),
		cmocka_unit_test(test_each_read_fails),
		cmocka_unit_test(test_endless),
	};

	return RUN(tests);
}
