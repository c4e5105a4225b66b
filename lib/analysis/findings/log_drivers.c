/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drivers mean by the error that their probe returns. */
#include "analysis/findings/log.h"

#include <string.h>

/*
 * Drivers whose probe returns -28 (ENOSPC) if they get no vectors, and
 * hardly for anything else; "virtio*" are all that begin like that. A network
 * driver is here if it requests an interrupt in its probe.
 */
static const char *const vectors[] = {
	"virtio*",      "nvme",    "xhci_hcd", "vmd",         "idxd",
	"megaraid_sas", "mpt3sas", "mpi3mr",   "qla2xxx",     "lpfc",
	"smartpqi",     "hpsa",    "aacraid",  "mlx5_core",   "mlx4_core",
	"i40e",         "ice",     "ixgbe",    "iavf",        "ena",
	"gvnic",        "gve",     "mana",     "bnxt_en",     "vmxnet3",
	"idpf",         "4xxx",    "c6xx",     "c3xxx",       "dh895xcc",
	"hfi1",         "ioatdma", "pcieport", "thunderbolt",
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

static bool is_driver(const char *name, const char *entry)
{
	size_t len = strlen(entry) - 1;

	return entry[len] == '*' ? strncmp(name, entry, len) == 0 :
				   strcmp(name, entry) == 0;
}

enum log_probe_error irqm_log_probe_error(const char *driver)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		if (is_driver(driver, vectors[i]))
			return LOG_ERROR_VECTORS;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (is_driver(driver, own[i]))
			return LOG_ERROR_OWN;
	return LOG_ERROR_UNKNOWN;
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
