/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/log.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "target/pages.h"
#include "target/vmcoreinfo.h"

/* CONFIG_LOG_BUF_SHIFT is at most 25; log_buf_len= takes more, up to here. */
#define MAX_TEXT_BITS 28
#define MAX_TEXT (1ULL << MAX_TEXT_BITS)
/* _DESCS_COUNT(): 32 bytes of text for each. */
#define MAX_COUNT_BITS (MAX_TEXT_BITS - 5)
#define MAX_STRUCT 1024

struct log {
	struct irqm_recorder *r;
	const char *vmcoreinfo;
};

/* KIND(name)=decimal of a structure that has at most MAX_STRUCT bytes. */
static bool number(const struct log *l, const char *kind, const char *name,
		   uint64_t *ret)
{
	char key[80], value[16], *end;
	unsigned long n;

	snprintf(key, sizeof(key), "%s(%s)", kind, name);
	if (!irqm_vmcoreinfo_value(l->vmcoreinfo, key, value, sizeof(value)))
		return false;
	n = strtoul(value, &end, 10);
	if (end == value || *end || n > MAX_STRUCT)
		return false;
	*ret = n;
	return true;
}

static bool offset(const struct log *l, const char *name, uint64_t *ret)
{
	return number(l, "OFFSET", name, ret);
}

static bool size_of(const struct log *l, const char *name, uint64_t *ret)
{
	return number(l, "SIZE", name, ret) && *ret > 0;
}

/* A value of size bytes that leads on; it is part of the log too. */
static bool value_at(const struct log *l, uint64_t addr, size_t size,
		     uint64_t *ret)
{
	struct irqm_target *t = &l->r->target;

	*ret = 0;
	if (!irqm_kernel_address(addr) ||
	    t->read(t->ctx, addr, ret, size) != IRQM_OK)
		return false;
	irqm_recorder_note(l->r, addr, size, "kernel log");
	return true;
}

static bool value_of(const struct log *l, uint64_t base, const char *member,
		     size_t size, uint64_t *ret)
{
	uint64_t at;

	return offset(l, member, &at) && value_at(l, base + at, size, ret);
}

/* Page by page: one that is missing does not take the others with it. */
static bool note_array(const struct log *l, uint64_t addr, uint64_t len)
{
	struct irqm_target *t = &l->r->target;
	unsigned char page[IRQM_PAGE_SIZE];
	uint64_t n;

	if (!irqm_kernel_address(addr) || len > UINT64_MAX - addr)
		return false;
	for (; len; addr += n, len -= n) {
		n = sizeof(page) - addr % sizeof(page);
		if (n > len)
			n = len;
		if (t->read(t->ctx, addr, page, n) == IRQM_OK)
			irqm_recorder_note(l->r, addr, n, "kernel log");
	}
	return true;
}

static bool note_struct(const struct log *l, uint64_t addr, const char *name)
{
	uint64_t size;

	return size_of(l, name, &size) && note_array(l, addr, size);
}

/* As many descriptors, and as many infos, as count_bits says. */
static bool note_descs(const struct log *l, uint64_t ring)
{
	uint64_t bits, descs, infos, desc_size, info_size;

	return value_of(l, ring, "prb_desc_ring.count_bits", 4, &bits) &&
	       bits <= MAX_COUNT_BITS &&
	       size_of(l, "prb_desc", &desc_size) &&
	       size_of(l, "printk_info", &info_size) &&
	       value_of(l, ring, "prb_desc_ring.descs", 8, &descs) &&
	       value_of(l, ring, "prb_desc_ring.infos", 8, &infos) &&
	       note_array(l, descs, desc_size << bits) &&
	       note_array(l, infos, info_size << bits);
}

static bool note_text(const struct log *l, uint64_t ring)
{
	uint64_t bits, data;

	return value_of(l, ring, "prb_data_ring.size_bits", 4, &bits) &&
	       bits <= MAX_TEXT_BITS &&
	       value_of(l, ring, "prb_data_ring.data", 8, &data) &&
	       note_array(l, data, 1ULL << bits);
}

/* 896fbe20b4e2 ("printk: use the lockless ringbuffer", 5.10) */
static bool note_ringbuffer(const struct log *l)
{
	uint64_t prb, rb, descs, text;

	return irqm_vmcoreinfo_symbol(l->vmcoreinfo, "prb", &prb) &&
	       value_at(l, prb, 8, &rb) &&
	       note_struct(l, rb, "printk_ringbuffer") &&
	       offset(l, "printk_ringbuffer.desc_ring", &descs) &&
	       offset(l, "printk_ringbuffer.text_data_ring", &text) &&
	       note_descs(l, rb + descs) && note_text(l, rb + text);
}

/* and before it */
static bool note_log_buf(const struct log *l)
{
	static const char *const indexes[] = { "log_first_idx",
					       "log_next_idx",
					       "clear_idx" };
	uint64_t buf, len, data, size, at, value;
	unsigned int i;

	if (!irqm_vmcoreinfo_symbol(l->vmcoreinfo, "log_buf", &buf) ||
	    !irqm_vmcoreinfo_symbol(l->vmcoreinfo, "log_buf_len", &len) ||
	    !value_at(l, buf, 8, &data) || !value_at(l, len, 4, &size) ||
	    size > MAX_TEXT)
		return false;
	for (i = 0; i < sizeof(indexes) / sizeof(*indexes); i++)
		if (irqm_vmcoreinfo_symbol(l->vmcoreinfo, indexes[i], &at))
			value_at(l, at, 4, &value);
	return note_array(l, data, size);
}

int irqm_distill_log(struct irqm_recorder *r, const char *vmcoreinfo,
		     struct irqm_error *err)
{
	struct log l = { r, vmcoreinfo };

	if (note_ringbuffer(&l) || note_log_buf(&l))
		return 0;
	irqm_error_set(err, "the kernel log is not where VMCOREINFO says, or "
			    "not said to be anywhere");
	return -1;
}
