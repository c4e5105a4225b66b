/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between the parent of a batch and its children: a kind, a length,
 * and that number of bytes. */
#ifndef IRQM_FLEET_BATCH_MESSAGE_H
#define IRQM_FLEET_BATCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum irqm_message_kind {
	IRQM_MESSAGE_FOUND,     /* from the finder: a dump */
	IRQM_MESSAGE_DIRECTORY, /* from the finder: a directory to watch */
	IRQM_MESSAGE_TROUBLE,   /* from the finder: why the search failed */
	IRQM_MESSAGE_OTHER,     /* from the finder: a file that is not a dump */
	IRQM_MESSAGE_RESULT,    /* struct irqm_result and rows */
	IRQM_MESSAGE_IDENTITY,  /* struct irqm_identity */
};

/* Writes the whole message. Returns false if the other end is closed. */
bool irqm_message_send(int fd, enum irqm_message_kind kind,
		       const struct iovec *parts, unsigned int nr);

/* A message that is being received. Zero it before the first. */
struct irqm_message {
	uint32_t head[2]; /* kind, length */
	size_t have;      /* bytes received, of head and data */
	char *data;
};

enum irqm_receive {
	IRQM_RECEIVED,
	IRQM_MORE_TO_COME,
	IRQM_END,
	IRQM_BAD
};

/*
 * Reads what is available on fd, without blocking. After
 * IRQM_RECEIVED, m is complete; call irqm_message_deinit() before the next.
 * IRQM_BAD: the message is longer than max, or out of memory.
 */
enum irqm_receive irqm_message_receive(struct irqm_message *m, int fd,
				       size_t max);
void irqm_message_deinit(struct irqm_message *m);

#endif
