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
	case IRQM_INVALID:
		return "invalid";
	}
	return "invalid";
}

void irqm_error_set(struct irqm_error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return;
	err->addr = 0;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
}
