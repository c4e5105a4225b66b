/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/pager.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/terminal.h"

static bool has_pager;

bool irqm_output_is_terminal(void)
{
	return has_pager || isatty(STDOUT_FILENO);
}

bool irqm_pager_unwanted(int *argc, char **argv)
{
	bool found = false;
	int i, nr = 0;

	for (i = 0; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--no-pager") == 0)
			found = true;
		else
			argv[nr++] = argv[i];
	}
	for (; i < *argc; i++)
		argv[nr++] = argv[i];
	argv[nr] = NULL;
	*argc = nr;
	return found;
}

/* NULL: none. */
static const char *choose_pager(void)
{
	const char *pager = getenv("PAGER");

	if (!isatty(STDOUT_FILENO) || irqm_terminal_is_dumb())
		return NULL;
	if (!pager)
		return "less";
	return *pager && strcmp(pager, "cat") != 0 ? pager : NULL;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void copy_output(int input)
{
	char buf[4096];
	ssize_t len, done, n;

	while ((len = read(input, buf, sizeof(buf))) > 0)
		for (done = 0; done < len; done += n) {
			n = write(STDOUT_FILENO, buf + done, len - done);
			if (n < 0)
				return;
		}
}

/* What the pager did not want: without a reader SIGPIPE would end the worker,
 * and its status would not be that of the analysis. */
static void drop_output(int input)
{
	char buf[4096];
	ssize_t len;

	do
		len = read(input, buf, sizeof(buf));
	while (len > 0 || (len < 0 && errno == EINTR));
}

static void run_pager(const char *pager, int input)
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		dup2(input, STDIN_FILENO);
		close(input);
		setenv("LESS", "FRX", false);
		execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
		_exit(127);
	}
	/* sh says that it cannot start the pager, and has read nothing */
	if (pid < 0 || wait_for(pid) == 127)
		copy_output(input);
	drop_output(input);
	close(input);
}

/* Ends with the worker's status. ^C is for the worker and the pager. */
static void __attribute__((noreturn))
manage_pager(const char *pager, int input, pid_t worker)
{
	struct pollfd p = { .fd = input, .events = POLLIN };

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	if (p.revents & POLLIN)
		run_pager(pager, input);
	_exit(wait_for(worker));
}

/* Passes the terminal's width on: the worker's standard output is a pipe. */
static void keep_width(void)
{
	char text[16];
	unsigned int width = irqm_terminal_width();

	if (!width)
		return;
	snprintf(text, sizeof(text), "%u", width);
	setenv("COLUMNS", text, true);
}

void irqm_pager_start(void)
{
	const char *pager = choose_pager();
	pid_t worker;
	int fds[2];

	if (!pager || pipe(fds) < 0)
		return;
	worker = fork();
	if (worker < 0) {
		close(fds[0]);
		close(fds[1]);
		return;
	}
	if (worker > 0) {
		close(fds[1]);
		manage_pager(pager, fds[0], worker);
	}
	keep_width();
	dup2(fds[1], STDOUT_FILENO);
	close(fds[0]);
	close(fds[1]);
	has_pager = true;
}
