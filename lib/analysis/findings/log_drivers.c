/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drivers mean by the error that their probe returns. */
#include "analysis/drivers.h"
#include "analysis/findings/log.h"

#include <string.h>

/*
 * Drivers whose probe returns -28 (ENOSPC) if they get no vectors, and hardly
 * for anything else, beside those of drivers.def. gvnic is what gve was called.
 */
static const char *const vectors[] = {
	"idxd",  "gvnic",    "4xxx", "c6xx",
	"c3xxx", "dh895xcc", "hfi1", "thunderbolt",
};

/*
 * Drivers whose probe returns -28 for something else: graphics, where address
 * space runs out, and serial ports, of which the kernel has a fixed number
 * (drivers/tty/serial/8250/8250_core.c).
 */
static const char *const own[] = {
	"nouveau", "i915", "xe", "amdgpu", "radeon", "serial",
};

/* Drivers that return another error for -28; versions as in log_forms.def. */
static const struct {
	const char *driver;
	int64_t error;
} others[] = {
	{ "ice", -5 }, /* EIO; 5.x to 6.1, ice_main.c */
};

static bool is_one_of(const char *driver, const char *const *names, size_t nr)
{
	while (nr-- > 0)
		if (strcmp(driver, names[nr]) == 0)
			return true;
	return false;
}

enum log_probe_error irqm_log_probe_error(const char *driver)
{
	if (is_one_of(driver, own, ARRAY_SIZE(own)))
		return LOG_ERROR_OWN;
	return irqm_driver_find(driver) ||
			       is_one_of(driver, vectors, ARRAY_SIZE(vectors)) ?
		       LOG_ERROR_VECTORS :
		       LOG_ERROR_UNKNOWN;
}

bool irqm_log_is_driver_error(const char *driver, int64_t error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(driver, others[i].driver) == 0 &&
		    error == others[i].error)
			return true;
	return false;
}
