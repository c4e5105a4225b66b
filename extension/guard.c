/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/guard.h"

#include <defs.h>

/*
 * The state of crash that the guard changes and restores. error_path and
 * error_fp say where error() writes. If the path is neither "default" nor
 * "redirect", error() does not also write to fp.
 */
struct crash_state {
	jmp_buf main_loop, foreach_loop;
	unsigned long long in_foreach;
	FILE *error_fp;
	char *error_path;
};

static char silent_path[] = "irqmatrix";

static void enter_guard(struct crash_state *s, FILE *errors)
{
	memcpy(&s->main_loop, &pc->main_loop_env, sizeof(s->main_loop));
	memcpy(&s->foreach_loop, &pc->foreach_loop_env,
	       sizeof(s->foreach_loop));
	s->in_foreach = pc->flags & IN_FOREACH;
	s->error_fp = pc->error_fp;
	s->error_path = pc->error_path;
	pc->flags &= ~(unsigned long long)IN_FOREACH;
	pc->error_fp = errors;
	pc->error_path = silent_path;
}

static void leave_guard(const struct crash_state *s)
{
	memcpy(&pc->main_loop_env, &s->main_loop, sizeof(s->main_loop));
	memcpy(&pc->foreach_loop_env, &s->foreach_loop,
	       sizeof(s->foreach_loop));
	pc->flags |= s->in_foreach;
	pc->error_fp = s->error_fp;
	pc->error_path = s->error_path;
}

static bool run_guarded(void (*fn)(void *arg), void *arg, FILE *errors)
{
	struct crash_state state;
	volatile bool done = false;

	enter_guard(&state, errors);
	if (setjmp(pc->main_loop_env) == 0) {
		fn(arg);
		done = true;
	}
	leave_guard(&state);
	return done;
}

bool irqm_guard(void (*fn)(void *arg), void *arg, char *said, size_t size)
{
	FILE *errors;
	bool done;

	if (!said)
		return run_guarded(fn, arg, pc->nullfp);
	memset(said, 0, size);
	errors = fmemopen(said, size - 1, "w");
	done = run_guarded(fn, arg, errors ? errors : pc->nullfp);
	if (errors)
		fclose(errors);
	said[strcspn(said, "\n")] = '\0';
	return done;
}

static volatile sig_atomic_t sigint_seen;
static struct sigaction crash_action;

static void note_sigint(int sig)
{
	(void)sig;
	sigint_seen = 1;
}

void irqm_sigint_hold(void)
{
	struct sigaction act = { .sa_handler = note_sigint,
				 .sa_flags = SA_RESTART };

	sigint_seen = 0;
	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, &crash_action);
}

bool irqm_sigint_seen(void)
{
	return sigint_seen;
}

bool irqm_sigint_release(void)
{
	sigaction(SIGINT, &crash_action, NULL);
	return sigint_seen;
}
