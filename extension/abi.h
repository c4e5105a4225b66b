/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_ABI_H
#define IRQM_ABI_H

#include <stdbool.h>

/*
 * Is the crash that loads the extension the one that it was compiled for?
 * If not, the user is told and nothing may be registered: members of crash's
 * structures would be read from the wrong places.
 */
bool irqm_abi_matches(void);

#endif
