/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a snapshot, stage by stage. */
#include "snapshot/stages.h"

#include <string.h>

#include "base/siphash.h"

static void find_parts(struct reader *r)
{
	char missing[96];
	unsigned int i;

	for (i = 0; i < IRQM_NR_PARTS; i++)
		r->has_part[i] = !irqm_layout_missing(r->layout, i, missing,
						      sizeof(missing));
}

/* Finds out if a cpumask_var_t is a pointer, from the members that are one. */
static void find_cpumask_kind(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	const struct irqm_member *m[] = {
		&l->irq_common_data.affinity,
		&l->irq_common_data.effective_affinity,
		&l->irq_desc.pending_mask,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(m); i++) {
		if (!m[i]->exists)
			continue;
		r->cpumask_known = true;
		r->cpumask_is_pointer = m[i]->kind == IRQM_KIND_POINTER;
		return;
	}
}

/* Readings of a running machine whose vectors keep changing. */
#define TRIES 5

/* ret_changes: how many things changed meanwhile. */
static int read_once(struct irqm_target *target,
		     const struct irqm_layout *layout, unsigned int flags,
		     struct irqm_snapshot **ret, unsigned int *ret_changes,
		     struct irqm_error *err)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct reader r = {
		.target = target,
		.layout = layout,
		.flags = flags,
		.s = s,
	};
	int rc;

	*ret_changes = 0;
	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	r.arena = s->arena;
	r.names.arena = r.functions.arena = s->arena;
	r.names_unread.arena = s->arena;
	r.devices.arena = r.descs.arena = s->arena;
	r.ir_tables.arena = r.chip_flags.arena = s->arena;
	find_parts(&r);
	find_cpumask_kind(&r);
	irqm_read_dump(&r);
	irqm_read_identity(&r);
	rc = irqm_read_matrix(&r, err);
	if (rc == 0) {
		irqm_read_apics(&r);
		irqm_read_irqs(&r);
		irqm_read_vector_irqs(&r);
		if (target->live)
			*ret_changes = irqm_read_changes(&r);
		irqm_read_pci_lines(&r);
		if (flags & IRQM_READ_LOG)
			irqm_read_log(&r);
	}
	if (r.no_memory) {
		irqm_error_set(err,
			       "out of memory: the dump's data need more "
			       "than %llu MiB",
			       IRQM_ARENA_LIMIT >> 20);
		irqm_error_is(err, IRQM_ERROR_MEMORY);
		rc = -1;
	}
	if (rc) {
		irqm_snapshot_free(s);
		return -1;
	}
	*ret = s;
	return 0;
}

/* Returns what could not be read as one number, 0 if all was read. */
static uint64_t hash_unread(const struct irqm_snapshot *s)
{
	static const uint8_t key[IRQM_SIPHASH_KEY];
	uint8_t result[IRQM_SIPHASH_SIZE];
	struct irqm_siphash h;
	uint64_t hash;
	unsigned int i;

	if (!s->nr_unread)
		return 0;
	irqm_siphash_begin(&h, key);
	for (i = 0; i < s->nr_unread; i++)
		irqm_siphash_add(&h, s->unread[i].what,
				 strlen(s->unread[i].what) + 1);
	irqm_siphash_end(&h, result);
	memcpy(&hash, result, sizeof(hash));
	return hash;
}

/*
 * An interrupt that was freed and made again, with the vector that it had,
 * leaves the matrix as it was: its parts, of which some are the old ones, then
 * do not fit together. What is unread twice is not due to that.
 */
int irqm_snapshot_read(struct irqm_target *target,
		       const struct irqm_layout *layout, unsigned int flags,
		       struct irqm_snapshot **ret, struct irqm_error *err)
{
	uint64_t unread, before = 0;
	unsigned int tries, changes;

	for (tries = 1;; tries++) {
		if (target->forget)
			target->forget(target->ctx);
		if (read_once(target, layout, flags, ret, &changes, err))
			return -1;
		unread = target->live ? hash_unread(*ret) : 0;
		if (tries == TRIES ||
		    (changes == 0 && (unread == 0 || unread == before)))
			return 0;
		before = unread;
		irqm_snapshot_free(*ret);
	}
}
