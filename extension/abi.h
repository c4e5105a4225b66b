/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_ABI_H
#define IRQM_ABI_H

#include <stdbool.h>

/*
 * Returns true if crash is the version that the extension was compiled for.
 * Otherwise prints an error, and the extension must register nothing: it would
 * read members of crash's structures from the wrong places.
 */
bool irqm_abi_matches(void);

#endif
