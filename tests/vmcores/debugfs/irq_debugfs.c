// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own debugfs files irq/irqs/N and irq/domains/VECTOR for a
 * kernel that was built without CONFIG_GENERIC_IRQ_DEBUGFS: what prints them
 * is the kernel's source, cut out of it into excerpt.h by the script "build".
 * Interrupts that come later than this module have no file.
 */
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <asm/apic.h>
#include <asm/hw_irq.h>
#include <asm/i8259.h>
#include <asm/io_apic.h>
#include <asm/irqdomain.h>

static struct irq_matrix *vector_matrix;
static unsigned long *io_apic_irqs_at;
#define io_apic_irqs (*io_apic_irqs_at)

#include "excerpt.h"

static struct dentry *top;

static int irq_open(struct inode *inode, struct file *file)
{
	return single_open(file, irq_debug_show, inode->i_private);
}

static int domain_show(struct seq_file *m, void *unused)
{
	irq_domain_debug_show_one(m, x86_vector_domain, 0);
	return 0;
}

static int domain_open(struct inode *inode, struct file *file)
{
	return single_open(file, domain_show, NULL);
}

static const struct file_operations irq_ops = {
	.owner = THIS_MODULE,
	.open = irq_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations domain_ops = {
	.owner = THIS_MODULE,
	.open = domain_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/* kallsyms_lookup_name() is not exported, but a probe finds it. */
static int find_variables(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*lookup)(const char *name);
	struct irq_matrix **matrix;
	int rc = register_kprobe(&probe);

	if (rc)
		return rc;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	matrix = (void *)lookup("vector_matrix");
	io_apic_irqs_at = (void *)lookup("io_apic_irqs");
	if (!matrix || !io_apic_irqs_at)
		return -ENOENT;
	vector_matrix = *matrix;
	return 0;
}

static int __init irq_debugfs_start(void)
{
	struct dentry *irqs;
	struct irq_data *data;
	char name[12];
	unsigned int i;
	int rc = find_variables();

	if (rc)
		return rc;
	top = debugfs_create_dir("irq", NULL);
	debugfs_create_file("VECTOR", 0400, debugfs_create_dir("domains", top),
			    NULL, &domain_ops);
	irqs = debugfs_create_dir("irqs", top);
	for (i = 0; i < nr_irqs; i++) {
		data = irq_get_irq_data(i);
		if (!data)
			continue;
		snprintf(name, sizeof(name), "%u", i);
		debugfs_create_file(name, 0400, irqs, irq_data_to_desc(data),
				    &irq_ops);
	}
	return 0;
}

static void __exit irq_debugfs_stop(void)
{
	debugfs_remove_recursive(top);
}

module_init(irq_debugfs_start);
module_exit(irq_debugfs_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("irq/irqs and irq/domains/VECTOR in debugfs");
