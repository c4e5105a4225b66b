/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Some of the kernel's tags with members of every kind that the layout tells
 * apart. Compiled, its DWARF is what test_layout reads; run, it prints what
 * the compiler made of them, in the form of tests/layout/print_layout.h.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef unsigned int number_t;
typedef const volatile number_t wrapped_t;

struct cpumask {
	unsigned long bits[16];
};
typedef struct cpumask cpumask_var_t[1];

struct class; /* declared, never defined */

/* inline bit maps, an array of no fixed length at the end */
struct irq_matrix {
	number_t matrix_bits;
	wrapped_t alloc_start;
	_Atomic unsigned int alloc_end;
	const unsigned int alloc_size;
	unsigned int global_available, global_reserved;
	unsigned int systembits_inalloc;
	unsigned char total_allocated;
	unsigned short online_maps;
	struct cpumap *const maps;
	unsigned long system_map[4];
};

struct cpumap {
	unsigned int available, allocated, managed;
	_Bool online;
	unsigned long *managed_map;
	unsigned long alloc_map[];
};

/* an array of an array type; pointers to arrays and to pointers */
struct irq_common_data {
	union {
		struct {
			int pad;
			unsigned int state_use_accessors;
		};
		long as_long;
	};
	cpumask_var_t affinity;
	cpumask_var_t *effective_affinity;
	struct msi_desc **msi_desc;
};

struct irq_cfg {
	unsigned int dest_apicid, vector;
};

/* bit fields, in a unit and in two */
struct apic_chip_data {
	struct irq_cfg hw_irq_cfg;
	unsigned int vector, prev_vector, cpu, prev_cpu;
	unsigned int move_in_progress : 1, is_managed : 1;
	unsigned int : 3, can_reserve : 2, has_reserved : 11;
};

/* bit fields within structures, anonymous ones too; packed ones */
struct msi_desc {
	unsigned int irq, nvec_used;
	struct device *dev;
	struct {
		unsigned char is_msix : 1, multiple : 3;
		unsigned short entry_nr;
	} msi_attrib;
	union {
		struct {
			struct {
				unsigned long : 33, is_msix : 20;
			} msi_attrib;
		} pci;
	};
	union {
		struct {
			short before;
			unsigned short msi_index : 9;
		};
	};
};

struct irq_affinity_desc {
	struct cpumask mask;
	unsigned char before : 5;
	unsigned int is_managed : 14;
} __attribute__((packed));

struct housekeeping {
	cpumask_var_t cpumasks[3];
	unsigned long flags;
};

struct maple_node {
	void *slot[31][2];
	int (*mr64)(struct cpumask *);
	void (*ma64[4])(void);
};

enum {
	IRQD_TRIGGER_MASK = 15,
	IRQD_LAST = 1U << 31,
	IRQD_BYTE = 200
};
enum hk_type {
	HK_TYPE_FIRST = -3,
	HK_TYPE_MANAGED_IRQ
};

struct irq_matrix irq_matrix;
struct cpumap cpumap;
struct cpumask cpumask;
struct irq_common_data irq_common_data;
struct apic_chip_data apic_chip_data;
struct msi_desc msi_desc;
struct irq_affinity_desc irq_affinity_desc;
struct housekeeping housekeeping;
struct maple_node maple_node;
struct class *pointer_to_declared;
volatile unsigned long all_ones = ~0UL;

#define S(tag) printf("struct %s size %zu\n", #tag, sizeof(struct tag))
#define LINE(tag, m, kind, count, elem, target)                                \
	printf("%s.%s %zu %zu 0 0 %s %zu %zu %s\n", #tag, #m,                  \
	       offsetof(struct tag, m), sizeof(tag.m), kind, (size_t)(count),  \
	       (size_t)(elem), target)
#define INT(tag, m) LINE(tag, m, "int", 0, 0, "-")
#define POINTER(tag, m, to) LINE(tag, m, "pointer", 0, 0, to)
#define STRUCT(tag, m, of) LINE(tag, m, "struct", 0, 0, of)
#define ARRAY(tag, m, e, of)                                                   \
	LINE(tag, m, "array", sizeof(tag.m) / sizeof(e), sizeof(e), of)

/* Where the ones are in a structure of zeros but for one bit field. */
static void bits(const char *name, const void *copy, size_t size)
{
	const unsigned char *p = copy;
	size_t i, first = size * 8, nr = 0;

	for (i = 0; i < size * 8; i++) {
		if (!(p[i / 8] >> i % 8 & 1))
			continue;
		if (nr++ == 0)
			first = i;
	}
	printf("%s %zu %zu %zu %zu int 0 0 -\n", name, first / 8,
	       (first % 8 + nr + 7) / 8, first % 8, nr);
}

#define BITS(tag, m)                                                           \
	do {                                                                   \
		memset(&tag, 0, sizeof(tag));                                  \
		tag.m = all_ones;                                              \
		bits(#tag "." #m, &tag, sizeof(tag));                          \
	} while (0)
#define ENUMERATOR(w, e) printf("enum %s %s %lld\n", #w, #e, (long long)(e))

static void matrix(void)
{
	S(irq_matrix);
	INT(irq_matrix, matrix_bits);
	INT(irq_matrix, alloc_start);
	INT(irq_matrix, alloc_end);
	INT(irq_matrix, alloc_size);
	INT(irq_matrix, global_available);
	INT(irq_matrix, global_reserved);
	INT(irq_matrix, systembits_inalloc);
	INT(irq_matrix, total_allocated);
	INT(irq_matrix, online_maps);
	POINTER(irq_matrix, maps, "cpumap");
	ARRAY(irq_matrix, system_map, long, "-");
	S(cpumap);
	INT(cpumap, available);
	INT(cpumap, allocated);
	INT(cpumap, managed);
	INT(cpumap, online);
	POINTER(cpumap, managed_map, "-");
	printf("cpumap.alloc_map %zu 0 0 0 array 0 8 -\n",
	       offsetof(struct cpumap, alloc_map));
	S(cpumask);
	ARRAY(cpumask, bits, long, "-");
	S(irq_common_data);
	INT(irq_common_data, state_use_accessors);
	ARRAY(irq_common_data, affinity, struct cpumask, "cpumask");
	POINTER(irq_common_data, effective_affinity, "cpumask");
	POINTER(irq_common_data, msi_desc, "-");
}

static void apic(void)
{
	S(apic_chip_data);
	INT(apic_chip_data, hw_irq_cfg.vector);
	INT(apic_chip_data, hw_irq_cfg.dest_apicid);
	INT(apic_chip_data, vector);
	INT(apic_chip_data, prev_vector);
	INT(apic_chip_data, cpu);
	INT(apic_chip_data, prev_cpu);
	BITS(apic_chip_data, move_in_progress);
	BITS(apic_chip_data, is_managed);
	BITS(apic_chip_data, can_reserve);
	BITS(apic_chip_data, has_reserved);
}

static void msi(void)
{
	S(msi_desc);
	INT(msi_desc, irq);
	INT(msi_desc, nvec_used);
	POINTER(msi_desc, dev, "device");
	INT(msi_desc, msi_attrib.entry_nr);
	BITS(msi_desc, msi_attrib.is_msix);
	BITS(msi_desc, pci.msi_attrib.is_msix);
	BITS(msi_desc, msi_index);
	S(irq_affinity_desc);
	STRUCT(irq_affinity_desc, mask, "cpumask");
	BITS(irq_affinity_desc, is_managed);
}

static void others(void)
{
	S(housekeeping);
	ARRAY(housekeeping, cpumasks, struct cpumask, "cpumask");
	INT(housekeeping, flags);
	S(maple_node);
	ARRAY(maple_node, slot, void *, "-");
	POINTER(maple_node, mr64, "-");
	ARRAY(maple_node, ma64, void *, "-");
	ENUMERATOR(IRQD_TRIGGER_MASK, IRQD_TRIGGER_MASK);
	ENUMERATOR(IRQD_TRIGGER_MASK, IRQD_LAST);
	ENUMERATOR(IRQD_TRIGGER_MASK, IRQD_BYTE);
	ENUMERATOR(HK_TYPE_MANAGED_IRQ, HK_TYPE_FIRST);
	ENUMERATOR(HK_TYPE_MANAGED_IRQ, HK_TYPE_MANAGED_IRQ);
}

int main(void)
{
	enum hk_type used = HK_TYPE_FIRST;

	matrix();
	apic();
	msi();
	others();
	return used == HK_TYPE_FIRST ? 0 : 1;
}
