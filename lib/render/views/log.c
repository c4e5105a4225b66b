/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the kernel log as dmesg(1) does. */
#include "render/render.h"

#include <inttypes.h>
#include <string.h>

#include "render/text.h"

/* Tabs are kept: the kernel prints tables with them. */
static void put_text(FILE *out, const char *text)
{
	char part[256], escaped[4 * sizeof(part)];
	size_t len;

	while (*text) {
		len = strcspn(text, "\t");
		if (len >= sizeof(part)) {
			len = sizeof(part) - 1;
			/* a UTF-8 character has at most four bytes */
			while (len > sizeof(part) - 4 &&
			       (text[len] & 0xc0) == 0x80)
				len--;
		}
		memcpy(part, text, len);
		part[len] = '\0';
		fputs(irqm_escape(escaped, sizeof(escaped), part), out);
		text += len;
		if (*text == '\t')
			fputc(*text++, out);
	}
}

int irqm_render_log(FILE *out, const struct irqm_analysis *a)
{
	const struct irqm_log *log = &a->snapshot->log;
	const struct irqm_log_line *line = log->lines;
	unsigned int i;

	for (i = 0; i < log->nr_lines; i++, line++) {
		fprintf(out, "[%5" PRIu64 ".%06" PRIu64 "] ",
			line->ns / 1000000000, line->ns / 1000 % 1000000);
		put_text(out, line->text);
		fputc('\n', out);
	}
	return irqm_put_end(out);
}
