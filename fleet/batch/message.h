/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between the parent of a batch and its children: a kind, a length,
 * and so many bytes. */
#ifndef IRQM_FLEET_BATCH_MESSAGE_H
#define IRQM_FLEET_BATCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum irqm_message_kind {
	IRQM_MESSAGE_FOUND,     /* of the finder: a dump */
	IRQM_MESSAGE_DIRECTORY, /* a directory to be watched */
	IRQM_MESSAGE_TROUBLE,   /* why the search did not end well */
	IRQM_MESSAGE_OTHER,     /* it is no dump, and need not be told */
	IRQM_MESSAGE_RESULT,    /* struct irqm_result and rows */
	IRQM_MESSAGE_IDENTITY,  /* struct irqm_identity */
};

/* Waits until all is written; false if nobody reads. */
bool irqm_message_send(int fd, enum irqm_message_kind kind,
		       const struct iovec *parts, unsigned int nr);

/* The one that is coming in. Begins zeroed. */
struct irqm_message {
	uint32_t head[2]; /* kind, length */
	size_t have;      /* bytes, of head and data */
	char *data;
};

enum irqm_receive {
	IRQM_RECEIVED,
	IRQM_MORE_TO_COME,
	IRQM_END,
	IRQM_BAD
};

/*
 * Takes what there is to be read of fd, which does not block. IRQM_RECEIVED:
 * m is whole, and to be let go before the next. IRQM_BAD: longer than max, or
 * without memory.
 */
enum irqm_receive irqm_message_receive(struct irqm_message *m, int fd,
				       size_t max);
void irqm_message_deinit(struct irqm_message *m);

#endif
