/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the tool, for main.c. */
#ifndef IRQM_TOOL_H
#define IRQM_TOOL_H

#include <stdbool.h>

/* argv[0] is the command's name. They return the exit status. */
int irqm_tool_view(int argc, char **argv);
int irqm_tool_advise(int argc, char **argv);
int irqm_tool_aff(int argc, char **argv);
int irqm_tool_diff(int argc, char **argv);
int irqm_tool_distill(int argc, char **argv);
int irqm_tool_learn(int argc, char **argv);
int irqm_tool_plan(int argc, char **argv);
int irqm_tool_report(int argc, char **argv);

/* Returns true if word is a view's long option without its dashes. */
bool irqm_is_view(const char *word);

#endif
