/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts for crash's "help", in the form of crash's own help arrays. */
#ifndef IRQM_HELP_H
#define IRQM_HELP_H

extern char *irqm_help_irqmatrix[];
extern char *irqm_help_irqaff[];
extern char *irqm_help_irqplan[];

#endif
