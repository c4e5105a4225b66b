/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the actions of an interrupt: who requested it, and its handlers. */
#include "snapshot/functions.h"
#include "snapshot/stages.h"

#include <stdio.h>
#include <string.h>

#define MAX_ACTIONS 1024

/* Reads two small parts of the task_struct of a threaded handler's thread. */
static void read_thread(struct reader *r, unsigned int irq, uint64_t task,
			struct irqm_action *a)
{
	const struct irqm_layout *l = r->layout;
	char comm[sizeof("0123456789abcde")];
	int32_t pid;

	if (!task || !l->task_struct.pid.exists ||
	    l->task_struct.comm.size != sizeof(comm))
		return;
	if (irqm_reader_read(r, task + l->task_struct.pid.offset, &pid,
			     sizeof(pid), "pid of a thread of IRQ %u", irq))
		a->pid = pid;
	if (!irqm_reader_read(r, task + l->task_struct.comm.offset, comm,
			      sizeof(comm), "name of a thread of IRQ %u", irq))
		return;
	comm[sizeof(comm) - 1] = '\0';
	a->comm = irqm_reader_strdup(r, comm);
}

static void read_action(struct reader *r, unsigned int irq, const char *copy,
			struct irqm_action *a)
{
	const struct irqm_layout *l = r->layout;
	char what[48];

	*a = (struct irqm_action){ .pid = IRQM_UNKNOWN };
	snprintf(what, sizeof(what), "action's name of IRQ %u", irq);
	a->name =
		irqm_reader_string(r, irqm_get(copy, &l->irqaction.name), what);
	a->handler =
		irqm_reader_function(r, irqm_get(copy, &l->irqaction.handler));
	a->thread = irqm_reader_function(r, irqm_get(copy,
						     &l->irqaction.thread_fn));
	read_thread(r, irq, irqm_get(copy, &l->irqaction.thread), a);
	a->flags = irqm_get_num(copy, &l->irqaction.flags);
	a->dev_id = irqm_get(copy, &l->irqaction.dev_id);
}

/* Counts the list first, to allocate an array of the right length. */
void irqm_read_actions(struct reader *r, struct irqm_irq *irq, uint64_t first)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_action found[8], *actions = found;
	unsigned int nr = 0, room = ARRAY_SIZE(found);
	char copy[READER_STRUCT_MAX];
	uint64_t addr;

	irq->actions_cut = true; /* until the end of the list was read */
	for (addr = first; addr; addr = irqm_get(copy, &l->irqaction.next)) {
		if (nr >= MAX_ACTIONS) {
			irqm_reader_note(r, IRQM_INVALID, addr,
					 "actions of IRQ %u: too many",
					 irq->irq);
			break;
		}
		if (!irqm_reader_step(r, addr, "actions"))
			break;
		if (!irqm_reader_struct(r, copy, addr, l->irqaction.size,
					"irqaction of IRQ %u", irq->irq))
			break;
		if (nr == room) {
			struct irqm_action *more =
				irqm_reader_alloc(r, room * 4, sizeof(*more));

			if (!more)
				return;
			memcpy(more, actions, nr * sizeof(*more));
			actions = more;
			room *= 4;
		}
		read_action(r, irq->irq, copy, &actions[nr++]);
	}
	if (nr && actions == found) {
		actions = irqm_reader_alloc(r, nr, sizeof(*actions));
		if (!actions)
			return;
		memcpy(actions, found, nr * sizeof(*actions));
	}
	irq->actions = nr ? actions : NULL;
	irq->nr_actions = nr;
	irq->actions_cut = addr != 0;
}
