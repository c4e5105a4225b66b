/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

const char *irqm_why_name(enum irqm_why why)
{
	switch (why) {
	case IRQM_OK:
		return "ok";
	case IRQM_EXCLUDED:
		return "excluded";
	case IRQM_TRUNCATED:
		return "truncated";
	case IRQM_UNMAPPED:
		return "unmapped";
	case IRQM_BAD_POINTER:
		return "bad-pointer";
	case IRQM_UNSTABLE:
		return "unstable";
	case IRQM_INVALID:
		return "invalid";
	}
	return "invalid";
}

void irqm_error_vset(struct irqm_error *err, const char *fmt, va_list ap)
{
	char msg[sizeof(err->msg)];

	if (!err)
		return;
	err->code = IRQM_ERROR_DUMP;
	err->addr = 0;
	vsnprintf(msg, sizeof(msg), fmt, ap);
	irqm_escape(err->msg, sizeof(err->msg), msg);
}

void irqm_error_set(struct irqm_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	irqm_error_vset(err, fmt, ap);
	va_end(ap);
}

void irqm_error_memory(struct irqm_error *err)
{
	irqm_error_set(err, "out of memory");
	irqm_error_is(err, IRQM_ERROR_MEMORY);
}

void irqm_error_is(struct irqm_error *err, enum irqm_error_code code)
{
	if (err && err->code == IRQM_ERROR_DUMP)
		err->code = code;
}
