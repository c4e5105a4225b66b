/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/search/kernel.h"

#include <string.h>

/* The smallest CONFIG_PHYSICAL_ALIGN: KASLR moves the image by multiples
 * of it. */
#define KERNEL_ALIGN (2ULL << 20)

/* struct new_utsname. */
#define UTS_LEN 65
#define UTS_RELEASE (2 * UTS_LEN)
/* The most bytes before the name in struct uts_namespace. */
#define UTS_NAME_MAX 128

/* The address of the page table in CR3, without the PCID and the no-flush
 * bit. */
#define CR3_TABLE 0x000ffffffffff000ULL
/* Set in a CR3 with user page tables (PTI); the kernel's are next to them. */
#define CR3_USER 0x1000ULL

bool irqm_kernel_read(struct irqm_kernel *k, uint64_t vaddr, void *buf,
		      size_t len)
{
	const struct irqm_pages *pages = k->paging.pages;
	uint64_t paddr, part;

	for (; len > 0; len -= part, vaddr += part) {
		if (irqm_paging_walk(&k->paging, vaddr, &paddr, &part) !=
		    IRQM_OK)
			return false;
		part = part < len ? part : len;
		if (pages->read(pages->ctx, paddr, buf, part) != IRQM_OK)
			return false;
		buf = (char *)buf + part;
	}
	return true;
}

static bool maps_to(const struct irqm_paging *p, uint64_t root, uint64_t vaddr,
		    uint64_t paddr)
{
	struct irqm_paging other = *p;
	uint64_t got, len;

	other.root = root;
	return irqm_paging_walk(&other, vaddr, &got, &len) == IRQM_OK &&
	       got == paddr;
}

/* Returns the physical address of _stext according to phys_base. */
static uint64_t stext_paddr(const struct irqm_kernel *k)
{
	return k->stext - IRQM_START_KERNEL_MAP + k->paging.phys_base;
}

/* Counts the CPUs whose page tables map _stext where the kernel's own do. */
static unsigned int count_cpus(const struct irqm_pages *pages,
			       const struct irqm_kernel *k)
{
	const struct irqm_paging *p = &k->paging;
	uint64_t root, paddr = stext_paddr(k);
	unsigned int i, nr = 0;

	for (i = 0; i < pages->nr_cr3; i++) {
		root = pages->cr3[i] & CR3_TABLE & ~p->encryption;
		nr += maps_to(p, root, k->stext, paddr) ||
		      (root & CR3_USER &&
		       maps_to(p, root & ~CR3_USER, k->stext, paddr));
	}
	return nr;
}

/* Returns true if phys_base and the page tables agree on where _stext is. */
static bool check_stext(const char *text, struct irqm_kernel *k)
{
	uint64_t offset;

	if (!irqm_vmcoreinfo_symbol(text, "_stext", &k->stext) ||
	    !irqm_in_kernel_image(k->stext))
		return false;
	if (!irqm_vmcoreinfo_hex(text, "KERNELOFFSET", &offset))
		offset = 0;
	return offset % KERNEL_ALIGN == 0 &&
	       irqm_in_kernel_image(k->stext - offset) &&
	       maps_to(&k->paging, k->paging.root, k->stext, stext_paddr(k));
}

/*
 * Searches for init_uts_ns.name (struct new_utsname), whose offset in struct
 * uts_namespace depends on the version and on RANDSTRUCT.
 */
static bool has_release(struct irqm_kernel *k, uint64_t uts_ns,
			const char *release)
{
	char uts[UTS_NAME_MAX + UTS_RELEASE + UTS_LEN], *name;

	if (!irqm_kernel_read(k, uts_ns, uts, sizeof(uts)))
		return false;
	for (name = uts; name < uts + UTS_NAME_MAX; name++)
		if (memcmp(name, "Linux", sizeof("Linux")) == 0 &&
		    strncmp(name + UTS_RELEASE, release, UTS_LEN) == 0)
			return true;
	return false;
}

bool irqm_kernel_find(const struct irqm_pages *pages, const char *text,
		      struct irqm_kernel *ret)
{
	struct irqm_pages with_text = *pages;
	struct irqm_error err;

	with_text.vmcoreinfo = text;
	memset(ret, 0, sizeof(*ret));
	if (irqm_paging_init(&ret->paging, &with_text, &err))
		return false;
	ret->paging.pages = pages;
	if (!check_stext(text, ret))
		return false;
	ret->nr_cpus = count_cpus(pages, ret);
	return !pages->nr_cr3 || ret->nr_cpus;
}

bool irqm_kernel_check(const struct irqm_pages *pages, const char *text,
		       struct irqm_kernel *ret)
{
	char release[UTS_LEN];
	uint64_t uts_ns;

	return irqm_kernel_find(pages, text, ret) &&
	       irqm_vmcoreinfo_value(text, "OSRELEASE", release,
				     sizeof(release)) &&
	       irqm_vmcoreinfo_symbol(text, "init_uts_ns", &uts_ns) &&
	       irqm_in_kernel_image(uts_ns) &&
	       has_release(ret, uts_ns, release);
}

bool irqm_kernel_is_only_one(const struct irqm_pages *pages,
			     const struct irqm_kernel *k)
{
	return pages->nr_cr3 && k->nr_cpus == pages->nr_cr3;
}

bool irqm_kernel_same(const struct irqm_kernel *a, const struct irqm_kernel *b)
{
	return a->paging.root == b->paging.root &&
	       a->paging.phys_base == b->paging.phys_base &&
	       a->stext == b->stext;
}
