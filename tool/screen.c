/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/terminal.h"
#include "command/limits.h"

/* Another buffer, so that what was on the terminal comes back; no cursor. */
#define ENTER "\033[?1049h\033[?25l\033[H\033[2J"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define END_LINE "\033[K"
#define END_SCREEN "\033[J"

static bool on;
static struct termios before, during;
static volatile sig_atomic_t ended_by, resized, continued;

bool irqm_screen_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       !irqm_terminal_is_dumb();
}

static void put_text(const char *text, size_t len)
{
	ssize_t n = write(STDOUT_FILENO, text, len);

	(void)n;
}

/* May run in a signal handler. */
static void leave_screen(void)
{
	int error = errno;

	if (on) {
		put_text(LEAVE, sizeof(LEAVE) - 1);
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	}
	on = false;
	errno = error;
}

static void take_signal(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
	else if (sig == SIGCONT)
		continued = 1;
	else
		ended_by = sig;
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT,  SIGTERM,  SIGHUP,
				       SIGQUIT, SIGWINCH, SIGCONT };
	/* without SA_RESTART: a signal ends poll() */
	const struct sigaction act = { .sa_handler = take_signal };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &act, NULL);
}

void irqm_screen_begin(void)
{
	if (tcgetattr(STDIN_FILENO, &before))
		return;
	during = before;
	/* keys at once and unseen; ^C stays a signal */
	during.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	during.c_cc[VMIN] = 1;
	during.c_cc[VTIME] = 0;
	catch_signals();
	if (tcsetattr(STDIN_FILENO, TCSANOW, &during))
		return;
	on = true;
	put_text(ENTER, sizeof(ENTER) - 1);
	irqm_limits_at_end(leave_screen);
	atexit(leave_screen);
}

void irqm_screen_end(void)
{
	leave_screen();
}

void irqm_screen_size(unsigned int *ret_rows, unsigned int *ret_columns)
{
	struct winsize size;

	*ret_rows = 24;
	*ret_columns = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row &&
	    size.ws_col) {
		*ret_rows = size.ws_row;
		*ret_columns = size.ws_col;
	}
}

/* Returns the bytes of at most so many characters, and none of half a one. */
static size_t cut_line(const char *line, size_t len, unsigned int columns)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)line[i] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return i;
}

int irqm_screen_draw(const char *text, size_t len)
{
	unsigned int rows, columns, row;
	const char *end = text + len, *next;

	irqm_screen_size(&rows, &columns);
	fputs(HOME, stdout);
	for (row = 0; row < rows && text < end; row++, text = next + 1) {
		next = memchr(text, '\n', end - text);
		if (!next)
			next = end;
		/* no newline on the last row: it would scroll */
		if (row)
			fputc('\n', stdout);
		fwrite(text, 1, cut_line(text, next - text, columns), stdout);
		if ((size_t)(next - text) < columns)
			fputs(END_LINE, stdout);
		if (next == end)
			break;
	}
	fputs(END_SCREEN, stdout);
	return fflush(stdout) || ferror(stdout) ? -1 : 0;
}

int irqm_screen_signal(void)
{
	return ended_by;
}

enum irqm_screen_event irqm_screen_wait(int ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	char key;

	if (!ended_by && poll(&p, on ? 1 : 0, ms) > 0 && on)
		/* the terminal is gone, or q */
		if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' ||
		    key == 'Q')
			return IRQM_SCREEN_QUIT;
	if (ended_by)
		return IRQM_SCREEN_QUIT;
	if (continued) {
		/* a shell has set its own mode meanwhile */
		tcsetattr(STDIN_FILENO, TCSANOW, &during);
		put_text(ENTER, sizeof(ENTER) - 1);
	}
	if (!resized && !continued)
		return IRQM_SCREEN_TIME;
	resized = continued = 0;
	return IRQM_SCREEN_DRAW;
}
