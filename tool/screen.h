/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal as a screen that is drawn again and again, for --interval. */
#ifndef IRQM_TOOL_SCREEN_H
#define IRQM_TOOL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

enum irqm_screen_event {
	IRQM_SCREEN_TIME, /* the time is over */
	IRQM_SCREEN_DRAW, /* another size: draw the same again */
	IRQM_SCREEN_QUIT, /* q, or a signal */
};

/* Returns true if input and output are terminals that can do it. */
bool irqm_screen_possible(void);
/* Takes the terminal over, until the process ends in any way that it can
 * notice. Call it before entering the sandbox. */
void irqm_screen_begin(void);
void irqm_screen_end(void);
/* Gets the size of the terminal now. */
void irqm_screen_size(unsigned int *ret_rows, unsigned int *ret_columns);
/* Draws the lines that fit, each as far as it fits. Text is printable ASCII or
 * UTF-8, without escape sequences. Returns 0, or -1 with errno. */
int irqm_screen_draw(const char *text, size_t len);
/* Waits at most ms milliseconds, also if there is no screen. */
enum irqm_screen_event irqm_screen_wait(int ms);
/* Returns the signal that ended it, or 0. */
int irqm_screen_signal(void);

#endif
