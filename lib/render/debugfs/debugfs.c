/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/debugfs/debugfs.h"

#include "render/text.h"

void irqm_put_debugfs_list(FILE *out, const struct irqm_bits *bits)
{
	if (!irqm_bits_known(bits) || irqm_bits_weight(bits))
		irqm_put_bits(out, bits);
}
