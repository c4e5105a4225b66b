/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The --help text of each command. */
#ifndef IRQM_COMMAND_HELP_H
#define IRQM_COMMAND_HELP_H

extern const char irqm_help_view[];
extern const char irqm_help_aff[];
extern const char irqm_help_batch[];
extern const char irqm_help_diff[];
extern const char irqm_help_distill[];
extern const char irqm_help_learn[];
extern const char irqm_help_advise[];
extern const char irqm_help_plan[];
extern const char irqm_help_query[];
extern const char irqm_help_merge[];
extern const char irqm_help_report[];

#endif
