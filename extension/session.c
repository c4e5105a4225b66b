/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/session.h"

#include <defs.h>

#include "base/base.h"
#include "base/terminal.h"
#include "extension/crash_target.h"
#include "extension/guard.h"
#include "extension/types.h"

/* Writes to crash's fp, and fails after SIGINT. */
static ssize_t write_out(void *cookie, const char *buf, size_t size)
{
	(void)cookie;
	if (irqm_sigint_seen()) {
		errno = EINTR;
		return 0;
	}
	return fwrite(buf, 1, size, fp);
}

void irqm_session_say(const struct irqm_session *s, const char *fmt, ...)
{
	static char elsewhere[] = "irqmatrix";
	char *path = pc->error_path;
	char line[512], escaped[4 * sizeof(line)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* "default" makes crash write errors into redirected output, too */
	if (s->json && strcmp(path, "default") == 0)
		pc->error_path = elsewhere;
	error(INFO, "%s\n", irqm_escape(escaped, sizeof(escaped), line));
	pc->error_path = path;
}

bool irqm_session_interactive(void)
{
	if (pc->stdpipe && fp == pc->stdpipe)
		return true; /* the output goes to crash's pager */
	return fp == stdout && isatty(STDOUT_FILENO);
}

/* Asks the terminal first: crash's readline does not update $COLUMNS. */
unsigned int irqm_session_width(void)
{
	unsigned int columns = irqm_terminal_columns(STDOUT_FILENO);

	return columns ? columns : irqm_terminal_width();
}

static bool is_supported(const struct irqm_session *s)
{
	char arch[] = "X86_64", matrix[] = "vector_matrix";

	if (!machine_type(arch) || XEN_HYPER_MODE()) {
		irqm_session_say(s, "works only on x86_64 Linux kernels");
		return false;
	}
	if (!kernel_symbol_exists(matrix)) {
		irqm_session_say(s, "this kernel has no vector matrix: it is "
				    "older than 4.15, or has no local APIC");
		return false;
	}
	return true;
}

static int read_all(struct irqm_session *s, unsigned int flags,
		    struct irqm_error *err)
{
	const struct irqm_layout *layout = irqm_types_get(&s->target, err);

	if (!layout)
		return -1;
	if (irqm_snapshot_read(&s->target, layout, flags | IRQM_READ_LOG,
			       &s->snapshot, err))
		return -1;
	s->analysis = irqm_analyse(s->snapshot);
	if (!s->analysis) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}

static void say_interrupted(const struct irqm_session *s)
{
	irqm_session_say(s, "interrupted");
	raise(SIGINT); /* crash's handler returns to the prompt */
}

static void free_all(struct irqm_session *s)
{
	if (s->out)
		fclose(s->out);
	irqm_analysis_free(s->analysis);
	irqm_snapshot_free(s->snapshot);
	irqm_crash_target_close(&s->target);
	s->out = NULL;
}

bool irqm_session_open(struct irqm_session *s, unsigned int flags)
{
	static const cookie_io_functions_t io = { .write = write_out };
	struct irqm_error err = { .msg = "out of memory" };
	bool ok;

	if (!is_supported(s))
		return false;
	irqm_sigint_hold();
	ok = irqm_crash_target_open(&s->target) == 0 &&
	     read_all(s, flags, &err) == 0;
	if (ok)
		s->out = fopencookie(s, "w", io);
	if (s->out && !irqm_sigint_seen())
		return true;

	free_all(s);
	if (irqm_sigint_release())
		say_interrupted(s);
	else
		irqm_session_say(s, "%s", ok ? strerror(ENOMEM) : err.msg);
	return false;
}

void irqm_session_close(struct irqm_session *s, int failed)
{
	int reason = failed ? errno : 0;

	if (!failed && (fflush(s->out) || fflush(fp)))
		reason = errno;
	free_all(s);
	if (irqm_sigint_release())
		say_interrupted(s);
	else if (reason && reason != EPIPE) /* EPIPE: the user left the pager */
		irqm_session_say(s, "%s", strerror(reason));
}
