/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/log_lines.h"

#include <string.h>

static struct irqm_log_line *new_line(struct log *log)
{
	struct irqm_log *l = &log->r->s->log;
	size_t room = log->room ? 2 * log->room : 1024;
	struct irqm_log_line *lines;

	if (l->nr_lines < log->room)
		return &l->lines[l->nr_lines++];
	lines = irqm_reader_alloc(log->r, room, sizeof(*lines));
	if (!lines)
		return NULL;
	if (l->nr_lines)
		memcpy(lines, l->lines, l->nr_lines * sizeof(*lines));
	l->lines = lines;
	log->room = room;
	return &l->lines[l->nr_lines++];
}

static void add_line(struct log *log, const struct log_record *record,
		     const char *text, size_t len)
{
	char *copy = irqm_reader_alloc(log->r, len + 1, 1);
	struct irqm_log_line *line = copy ? new_line(log) : NULL;

	if (!line)
		return;
	memcpy(copy, text, len);
	*line = (struct irqm_log_line){ record->ns, record->level,
					record->facility, copy };
}

void irqm_log_add(struct log *log, const struct log_record *record)
{
	const char *text = record->text, *end = text + record->len, *newline;

	while ((newline = memchr(text, '\n', end - text)) != NULL) {
		add_line(log, record, text, newline - text);
		text = newline + 1;
	}
	add_line(log, record, text, end - text);
}

void irqm_log_lose(struct log *log, uint64_t addr, enum irqm_why why)
{
	if (log->lost++)
		return;
	log->lost_addr = addr;
	log->lost_why = why;
}
