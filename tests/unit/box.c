/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box.h"

#include "unit.h"

void box_setup(struct box *b, const char *generation)
{
	memset(b, 0, sizeof(*b));
	b->fk = fk_build(fk_generation(generation), &b->m);
}

void box_reread(struct box *b)
{
	irqm_snapshot_free(b->s);
	fk_commit(b->fk, FK_STRICT);
	b->s = fk_read_all(b->fk);
}

void box_teardown(struct box *b)
{
	irqm_snapshot_free(b->s);
	fk_free(b->fk);
}

unsigned int box_irq_index(const struct box *b, unsigned int irq)
{
	unsigned int i;

	for (i = 0; i < b->m.nr_irqs; i++)
		if (b->m.irqs[i].irq == irq)
			return i;
	abort();
}

const struct irqm_irq *box_irq(const struct box *b, unsigned int irq)
{
	const struct irqm_irq *i = irqm_find_irq(b->s, irq);

	assert_non_null(i);
	return i;
}

bool box_noted(const struct box *b, const char *what, enum irqm_why why)
{
	unsigned int i;

	for (i = 0; i < b->s->nr_unread; i++)
		if (strstr(b->s->unread[i].what, what) &&
		    b->s->unread[i].why == why)
			return true;
	return false;
}

void box_assert_rest_true(struct box *b)
{
	struct fk_result res = { .with_counts = true };

	fk_check(b->fk, b->s, &res);
	if (res.wrong[0])
		fail_msg("%s", res.wrong);
	assert_true(res.unknown > 0);
	assert_true(b->s->nr_unread > 0);
}

uint64_t box_list_next(const struct box *b, uint64_t node)
{
	uint64_t next;

	memcpy(&next, fk_at(b->fk, node), 8);
	return next;
}

void box_put32(struct box *b, const char *symbol, uint32_t value)
{
	memcpy(fk_at(b->fk, fk_symbol_value(b->fk, symbol)), &value, 4);
}
