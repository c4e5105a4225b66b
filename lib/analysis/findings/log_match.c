/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises the kernel's messages about vectors, from 4.15 to 7.2. */
#include "analysis/findings/log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * Written like printk formats: %d is a decimal number, %x a hexadecimal number
 * (skipped), %D a device, %R a driver, %s any string (skipped). Each extends
 * to the first match of the text that follows it. A format that begins with *
 * matches anywhere in the line, others only at its start.
 */
static const struct format {
	enum log_kind kind;
	const char *format;
} formats[] = {
	/* drivers/base/dd.c; the second one from 6.10 on */
	{ LOG_PROBE, "%R: probe of %D failed with error %d" },
	{ LOG_PROBE, "%s %D: probe with driver %R failed with error %d" },
	/* drivers/nvme/host/pci.c */
	{ LOG_PROBE, "nvme %D: Removing after probe failure status: %d" },
	/* kernel/irq/manage.c */
	{ LOG_FLAGS, "*Flags mismatch irq %d. %x (%D) vs. %x (%R)" },
	/* arch/x86/kernel/irq.c: "do_IRQ: ..." up to 5.7, then
	 * "__common_interrupt: ...", and the other one in 6.12 */
	{ LOG_NO_HANDLER, "%s: %d.%d No irq handler for vector" },
	{ LOG_NO_HANDLER, "*No irq handler for %d.%d" },
	/* arch/x86/kernel/apic/vector.c */
	{ LOG_BROKEN,
	  "*irq %d: Affinity broken due to vector space exhaustion" },
	{ LOG_MANAGED, "*Managed startup irq %d, no vector available" },
	{ LOG_MANAGED, "*Managed startup for irq %d, but no CPU" },
	{ LOG_NOT_OFFLINED,
	  "*CPU %d has %d vectors, %d available. Cannot disable CPU" },
	{ LOG_RESERVATION,
	  "*Reserved vectors %d > available %d. IRQ request may fail" },
	/* kernel/irq/matrix.c */
	{ LOG_RESERVATION,
	  "*Interrupt reservation exceeds available resources" },
	/* kernel/irq/cpuhotplug.c */
	{ LOG_SET_AFFINITY, "*IRQ%d: set affinity failed(%d)" },
};

#define MAX_DIGITS 10
#define MAX_LITERAL 64

/* Returns the number of characters up to the next % or the end. */
static size_t literal_length(const char *format)
{
	return strcspn(format, "%");
}

/* Returns the end of the number at text, or NULL if there is none. */
static const char *take_number(const char *text, int64_t *ret)
{
	const char *digits = text + (*text == '-');
	size_t nr = strspn(digits, "0123456789");

	if (nr == 0 || nr > MAX_DIGITS)
		return NULL;
	*ret = strtoll(text, NULL, 10);
	return digits + nr;
}

static const char *skip_hex(const char *text)
{
	size_t nr = strspn(text, "0123456789abcdef");

	return nr == 0 || nr > 16 ? NULL : text + nr;
}

/* Returns where text has the format's next literal; its end without one. */
static const char *find_literal(const char *text, const char *format)
{
	char literal[MAX_LITERAL];
	size_t len = literal_length(format);

	if (len == 0)
		return text + strlen(text);
	if (len >= sizeof(literal))
		return NULL;
	memcpy(literal, format, len);
	literal[len] = '\0';
	return strstr(text, literal);
}

/* Copies what precedes the next literal, at least one character. */
static const char *take_string(const char *text, const char *format, char *ret,
			       size_t size)
{
	const char *end = find_literal(text, format);
	size_t len;

	if (!end || end == text)
		return NULL;
	len = end - text;
	if (len >= size)
		len = size - 1;
	memcpy(ret, text, len);
	ret[len] = '\0';
	return end;
}

static bool match_at(const char *text, const char *format,
		     struct log_match *ret)
{
	char anything[sizeof(ret->device)];
	unsigned int nr = 0;
	size_t len;

	while (text && *format) {
		len = literal_length(format);
		if (strncmp(text, format, len) != 0)
			return false;
		text += len;
		format += len;
		if (!*format)
			break;
		format += 2;
		switch (format[-1]) {
		case 'd':
			text = take_number(text, &ret->num[nr++]);
			break;
		case 'x':
			text = skip_hex(text);
			break;
		case 'D':
			text = take_string(text, format, ret->device,
					   sizeof(ret->device));
			break;
		case 'R':
			text = take_string(text, format, ret->driver,
					   sizeof(ret->driver));
			break;
		default:
			text = take_string(text, format, anything,
					   sizeof(anything));
		}
	}
	return text != NULL;
}

static bool match_format(const char *text, const struct format *f,
			 struct log_match *ret)
{
	if (*f->format != '*')
		return match_at(text, f->format, ret);
	/* "irq " may occur before the place that matches */
	while ((text = find_literal(text, f->format + 1)) != NULL) {
		if (match_at(text, f->format + 1, ret))
			return true;
		text++;
	}
	return false;
}

bool irqm_log_match(const char *text, struct log_match *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		*ret = (struct log_match){ .kind = formats[i].kind };
		if (match_format(text, &formats[i], ret))
			return true;
	}
	return false;
}
