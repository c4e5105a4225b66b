/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/crash_target.h"

#include <defs.h>

#include "extension/elf_segments.h"
#include "extension/guard.h"

struct crash_memory {
	/* for an ELF dump, otherwise NULL */
	struct irqm_elf_segments *segments;
	ulong excluded_flags; /* restored on close */
};

/* One page, and what crash returns for it. */
struct page {
	ulong addr;
	physaddr_t paddr;
	char *buf;
	int len;
	int result;
};

static void translate_page(void *arg)
{
	struct page *p = arg;

	p->result = kvtop(CURRENT_CONTEXT(), p->addr, &p->paddr, 0);
}

static void read_page(void *arg)
{
	struct page *p = arg;
	int fd = REMOTE_MEMSRC() ? pc->sockfd : ACTIVE() ? pc->mfd : pc->dfd;

	pc->curcmd_flags |= MEMTYPE_KVADDR; /* for /proc/kcore */
	p->result = pc->readmem(fd, p->buf, p->len, p->addr, p->paddr);
}

/*
 * Drops crash's cached page tables. If page tables are missing from the dump,
 * crash marks a buffer as filled only after a successful read, so the marks
 * still name the earlier content of half-filled buffers.
 */
static void forget_page_tables(void)
{
	machdep->machspec->last_p4d_read = 0;
	machdep->last_pmd_read = 0;
	machdep->last_ptbl_read = 0;
	if (machdep->last_pgd_read != vt->kernel_pgd[0])
		machdep->last_pgd_read = 0;
}

static enum irqm_why why_not_translated(bool jumped)
{
	if (!jumped)
		return IRQM_UNMAPPED;
	/* a page of the page tables is not in the dump */
	forget_page_tables();
	return IRQM_EXCLUDED;
}

/*
 * crash has few error codes. SEEK_ERROR: the machine has no memory there.
 * READ_ERROR: the file is truncated, or the page cannot be decompressed;
 * crash's message tells which.
 */
static enum irqm_why why_not_read(int result, const char *said)
{
	switch (result) {
	case PAGE_EXCLUDED:
		return IRQM_EXCLUDED;
#ifdef PAGE_INCOMPLETE /* since crash 7.3.1 */
	case PAGE_INCOMPLETE:
		return IRQM_TRUNCATED;
#endif
	case SEEK_ERROR:
		return IRQM_UNMAPPED;
	}
	if (ACTIVE())
		return IRQM_UNMAPPED;
	return said[0] ? IRQM_INVALID : IRQM_TRUNCATED;
}

/* Reads the wanted part of one page. */
static enum irqm_why read_part(struct crash_memory *m, struct page *p)
{
	char said[128];
	enum irqm_why why;

	if (!IS_KVADDR(p->addr))
		return IRQM_BAD_POINTER;
	if (!irqm_guard(translate_page, p, NULL, 0))
		return why_not_translated(true);
	if (!p->result)
		return why_not_translated(false);
	if (m->segments) {
		/* crash returns zeros for pages that are not in an ELF dump */
		why = irqm_elf_segments_why(m->segments, p->paddr, p->len);
		if (why != IRQM_OK)
			return why;
	}
	if (!irqm_guard(read_page, p, NULL, 0))
		return IRQM_INVALID;
	if (p->result >= 0)
		return IRQM_OK;
	/* read again, to get crash's message */
	irqm_guard(read_page, p, said, sizeof(said));
	return p->result >= 0 ? IRQM_OK : why_not_read(p->result, said);
}

/* Like readmem() with RETURN_ON_ERROR, but page by page: readmem() does not
 * return the reason, and its page-table walk ends in a long jump even then. */
static enum irqm_why crash_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct page p = { .addr = addr, .buf = buf };
	enum irqm_why why;

	if (irqm_sigint_seen())
		return IRQM_INVALID; /* the command is about to end */
	if (!irqm_kernel_address(addr) || addr + len < addr)
		return IRQM_BAD_POINTER;
	while (len) {
		size_t rest = PAGESIZE() - PAGEOFFSET(p.addr);

		p.len = len < rest ? len : rest;
		why = read_part(ctx, &p);
		if (why != IRQM_OK)
			return why;
		p.addr += p.len;
		p.buf += p.len;
		len -= p.len;
	}
	return IRQM_OK;
}

/*
 * Finds only symbols of the kernel itself: a module may have a static variable
 * with the same name. crash has relocated them for KASLR, except for per-CPU
 * symbols below the kernel's text, where the value is an offset, as the target
 * requires. symbol_value() would end in a long jump.
 */
static bool crash_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	char copy[128]; /* crash wants a char * */
	const struct syment *sp;

	(void)ctx;
	if (strlen(name) >= sizeof(copy))
		return false;
	strcpy(copy, name);
	sp = kernel_symbol_search(copy);
	if (!sp)
		return false;
	*ret_value = sp->value;
	return true;
}

struct lookup {
	ulong addr, offset;
	const struct syment *sp;
};

static void look_up(void *arg)
{
	struct lookup *l = arg;

	l->sp = value_search(l->addr, &l->offset);
}

static bool crash_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			    uint64_t *ret_offset)
{
	struct lookup l = { .addr = addr };

	(void)ctx;
	if (!irqm_kernel_address(addr) || !irqm_guard(look_up, &l, NULL, 0) ||
	    !l.sp)
		return false;
	snprintf(name, size, "%s", l.sp->name);
	*ret_offset = l.offset;
	return true;
}

static const struct {
	unsigned long long flag;
	const char *name;
} formats[] = {
	{ DISKDUMP, "kdump" },  { KDUMP, "elf" },     { NETDUMP, "elf" },
	{ KVMDUMP, "kvmdump" }, { SADUMP, "sadump" }, { VMWARE_VMSS, "vmss" },
	{ XENDUMP, "xendump" }, { LKCD, "lkcd" },     { MCLXCD, "mclx" },
};

static const char *format_name(void)
{
	size_t i;

	if (ACTIVE())
		return "live";
	if (FLAT_FORMAT())
		return "flattened";
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (pc->flags & formats[i].flag)
			return formats[i].name;
	return NULL;
}

static bool is_plain_elf(void)
{
	return !ACTIVE() && !FLAT_FORMAT() && !REMOTE_MEMSRC() &&
	       pc->flags & (KDUMP | NETDUMP) && pc->dumpfile;
}

int irqm_crash_target_open(struct irqm_target *t)
{
	struct crash_memory *m = calloc(1, sizeof(*m));

	if (!m)
		return -1;
	if (is_plain_elf())
		m->segments = irqm_elf_segments_open(pc->dumpfile);
	/* Excluded pages must not read as zeros, whatever the user set. */
	m->excluded_flags = *diskdump_flags & (ZERO_EXCLUDED | ERROR_EXCLUDED);
	*diskdump_flags = (*diskdump_flags & ~(ulong)ZERO_EXCLUDED) |
			  ERROR_EXCLUDED;
	*t = (struct irqm_target){
		.ctx = m,
		.read = crash_read,
		.symbol = crash_symbol,
		.symbol_at = crash_symbol_at,
		.path = ACTIVE() ? pc->live_memsrc : pc->dumpfile,
		.format = format_name(),
		/* also for a dump that snap.so wrote of a running system */
		.live = LIVE(),
	};
	return 0;
}

void irqm_crash_target_close(struct irqm_target *t)
{
	struct crash_memory *m = t->ctx;

	if (!m)
		return;
	*diskdump_flags =
		(*diskdump_flags & ~(ulong)(ZERO_EXCLUDED | ERROR_EXCLUDED)) |
		m->excluded_flags;
	irqm_elf_segments_close(m->segments);
	free(m);
	t->ctx = NULL;
}
