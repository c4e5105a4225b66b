/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/batch/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD sizeof(((struct irqm_message *)0)->head)

/* Uses write(): the sandbox forbids send() to a worker. If the parent is gone,
 * SIGPIPE may end the worker. */
static bool send_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= n;
	}
	return true;
}

bool irqm_message_send(int fd, enum irqm_message_kind kind,
		       const struct iovec *parts, unsigned int nr)
{
	uint64_t len = 0;
	uint32_t head[2];
	unsigned int i;

	for (i = 0; i < nr; i++)
		len += parts[i].iov_len;
	if (len > UINT32_MAX)
		return false;
	head[0] = kind;
	head[1] = len;
	if (!send_all(fd, (const char *)head, sizeof(head)))
		return false;
	for (i = 0; i < nr; i++)
		if (!send_all(fd, parts[i].iov_base, parts[i].iov_len))
			return false;
	return true;
}

/* Returns where the next bytes go, and how many are missing. */
static char *next_place(struct irqm_message *m, size_t *ret_len)
{
	if (m->have < HEAD) {
		*ret_len = HEAD - m->have;
		return (char *)m->head + m->have;
	}
	*ret_len = m->head[1] - (m->have - HEAD);
	return m->data + (m->have - HEAD);
}

/* Allocates one more byte, so that a string at the end is terminated. */
static bool begin_data(struct irqm_message *m, size_t max)
{
	if (m->head[1] <= max)
		m->data = calloc(1, (size_t)m->head[1] + 1);
	return m->data != NULL;
}

enum irqm_receive irqm_message_receive(struct irqm_message *m, int fd,
				       size_t max)
{
	size_t len;
	ssize_t n;
	char *to;

	for (;;) {
		if (m->have == HEAD && !m->data && !begin_data(m, max))
			return IRQM_BAD;
		to = next_place(m, &len);
		if (len == 0)
			return IRQM_RECEIVED;
		n = recv(fd, to, len, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return IRQM_MORE_TO_COME;
		if (n <= 0)
			return IRQM_END;
		m->have += n;
	}
}

void irqm_message_deinit(struct irqm_message *m)
{
	free(m->data);
	memset(m, 0, sizeof(*m));
}
