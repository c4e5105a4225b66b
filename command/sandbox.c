/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "command/say.h"

static int enter_role(enum irqm_sandbox_role role,
		      const struct irqm_sandbox_needs *needs)
{
	int in_force = 0;

	/* both need it; seccomp then forbids this call to a later role, which
	 * already has it */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Landlock first: the seccomp filter blocks its system calls */
	if (irqm_sandbox_landlock(role, needs))
		in_force |= IRQM_SANDBOX_LANDLOCK;
	if (irqm_sandbox_seccomp(role, needs))
		in_force |= IRQM_SANDBOX_SECCOMP;
	return in_force;
}

static bool mode_is(const char *word)
{
	const char *mode = getenv("IRQMATRIX_SANDBOX");

	return mode && strcmp(mode, word) == 0;
}

int irqm_sandbox_enter(enum irqm_sandbox_role role,
		       const struct irqm_sandbox_needs *needs)
{
	static const struct irqm_sandbox_needs nothing;
	static enum irqm_sandbox_role entered;
	static int in_force;

	if (role <= entered)
		return in_force;
	entered = role;
	if (!IRQM_SANITIZED && !mode_is("off"))
		in_force = enter_role(role, needs ? needs : &nothing);
	if (mode_is("require") &&
	    in_force != (IRQM_SANDBOX_SECCOMP | IRQM_SANDBOX_LANDLOCK)) {
		irqm_say("IRQMATRIX_SANDBOX=require: the sandbox cannot be "
			 "entered; the kernel lacks seccomp or Landlock, or "
			 "this program was built without them");
		return -1;
	}
	return in_force;
}
