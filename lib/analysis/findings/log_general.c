/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recognises refused interrupts in the messages of any driver: a line that
 * begins with a device, has a word for interrupts, and error -28 (ENOSPC).
 */
#include "analysis/findings/log.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What precedes the first ": " is no longer than this. */
#define MAX_SENDER 160

static const char *const words[] = {
	"interrupt", "interrupts", "irq",    "irqs",
	"msi",       "msix",       "vector", "vectors",
};

static size_t letters_at(const char *text)
{
	size_t len = 0;

	while (isalpha((unsigned char)text[len]))
		len++;
	return len;
}

/* Whether a word stands alone: "request_irq" and "MSI-X" have one. */
static bool has_word(const char *text)
{
	size_t len, i;

	for (; *text; text += len ? len : 1) {
		len = letters_at(text);
		for (i = 0; len && i < ARRAY_SIZE(words); i++)
			if (strlen(words[i]) == len &&
			    strncasecmp(text, words[i], len) == 0)
				return true;
	}
	return false;
}

/* Whether what is found at at, in text, is no part of a longer word. */
static bool is_alone(const char *text, const char *at, const char *found)
{
	return (at == text || !isalnum((unsigned char)at[-1])) &&
	       !isalnum((unsigned char)at[strlen(found)]);
}

/* found is "-28" or the like, not as in "0-28" or "-280". */
static bool has_token(const char *text, const char *found)
{
	const char *at = text;

	while ((at = strstr(at, found)) != NULL) {
		if (is_alone(text, at, found))
			return true;
		at++;
	}
	return false;
}

static bool has_error(const char *text, bool *ret_symbolic)
{
	*ret_symbolic = false;
	if (has_token(text, "-28") || has_token(text, "ffffffe4") ||
	    has_token(text, "0xffffffe4"))
		return true;
	*ret_symbolic = has_token(text, "ENOSPC");
	return *ret_symbolic;
}

static bool has_digit(const char *name)
{
	return name[strcspn(name, "0123456789")] != '\0';
}

static void copy_empty(char *to, size_t size, const char *name)
{
	size_t len = strnlen(name, size - 1);

	if (*to)
		return;
	memcpy(to, name, len);
	to[len] = '\0';
}

static enum log_sender keep_sender(struct log_match *m, const char *driver,
				   const char *device, enum log_sender sender)
{
	copy_empty(m->device, sizeof(m->device), device);
	if (driver != device)
		copy_empty(m->driver, sizeof(m->driver), driver);
	return sender;
}

enum log_sender irqm_log_sender(const char *text, struct log_match *m)
{
	size_t len = strnlen(text, MAX_SENDER);
	const char *end = memmem(text, len, ": ", 2);
	char sender[MAX_SENDER + 1], *first, *second = NULL, *word, *rest;
	unsigned int nr = 0;

	if (!end)
		return LOG_FROM_NONE;
	memcpy(sender, text, end - text);
	sender[end - text] = '\0';
	first = sender;
	for (word = strtok_r(sender, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (irqm_is_pci_address(word))
			return keep_sender(m, first, word, LOG_FROM_PCI);
		if (++nr == 2)
			second = word;
	}
	if (nr == 2 && has_digit(second))
		return keep_sender(m, first, second, LOG_FROM_DEVICE);
	return nr == 1 ? keep_sender(m, first, first, LOG_FROM_NAME) :
			 LOG_FROM_NONE;
}

/*
 * Drivers of graphics cards have an -ENOSPC of their own, for address space.
 * Only a PCI device surely needs vectors, and "error -ENOSPC:" is what
 * dev_err_probe() prints for whatever failed.
 */
bool irqm_log_match_general(const char *text, struct log_match *ret)
{
	enum log_sender sender;
	bool symbolic;

	*ret = (struct log_match){ .kind = LOG_REFUSED };
	if (!has_error(text, &symbolic) || !has_word(text) ||
	    strstr(text, "[drm"))
		return false;
	sender = irqm_log_sender(text, ret);
	if (sender == LOG_FROM_NONE ||
	    irqm_log_probe_error(ret->driver) == LOG_ERROR_OWN)
		return false;
	ret->context = sender != LOG_FROM_PCI || symbolic;
	return true;
}
