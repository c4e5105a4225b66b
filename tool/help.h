/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_TOOL_HELP_H
#define IRQM_TOOL_HELP_H

#include <stdio.h>

void irqm_help_view(FILE *out);
void irqm_help_aff(FILE *out);
void irqm_help_batch(FILE *out);
void irqm_help_diff(FILE *out);
void irqm_help_distill(FILE *out);
void irqm_help_plan(FILE *out);
void irqm_help_query(FILE *out);
void irqm_help_merge(FILE *out);
void irqm_help_report(FILE *out);

#endif
