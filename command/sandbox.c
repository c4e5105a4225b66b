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

	/* both want it; a role refuses it to the next one, which has it */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Landlock first: the filter does not let it through any more */
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
		irqm_say("IRQMATRIX_SANDBOX=require: the kernel, or how the "
			 "program was built, does not allow it");
		return -1;
	}
	return in_force;
}
