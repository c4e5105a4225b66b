/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the running kernel cannot be read, in words. */
#include "unit.h"

#include <errno.h>

#include "command/live.h"

static void check_words(struct irqm_live_failure f, const char *why,
			const char *what_to_do)
{
	struct irqm_error err = { 0 };

	if (!f.machine)
		f.machine = "x86_64";
	irqm_live_explain(&f, &err);
	if (strncmp(err.msg, "cannot read the running kernel: ", 32) != 0 ||
	    !strstr(err.msg, why) || !strstr(err.msg, what_to_do) ||
	    strcmp(err.msg + strlen(err.msg) - 13, "name a vmcore") != 0)
		fail_msg("%s", err.msg);
}

/* open_kcore() of fs/proc/kcore.c: the file is root's (EACCES otherwise), the
 * capability and the lockdown are EPERM. */
static void test_words(void **state)
{
	(void)state;
	check_words((struct irqm_live_failure){ .error = EACCES },
		    "only root may, with CAP_SYS_RAWIO", "as root");
	check_words((struct irqm_live_failure){ .error = EPERM },
		    "CAP_SYS_RAWIO", "as root");
	check_words((struct irqm_live_failure){ .error = EPERM,
						.confined = true },
		    "this container or service has no CAP_SYS_RAWIO",
		    "on the host");
	check_words((struct irqm_live_failure){ .error = EACCES,
						.confined = true },
		    "this container or service", "on the host");
	check_words((struct irqm_live_failure){ .error = EPERM,
						.confined = true,
						.locked_down = true },
		    "lockdown=confidentiality", "boot it without");
	/* who is not root need not know yet */
	check_words((struct irqm_live_failure){ .error = EACCES,
						.locked_down = true },
		    "only root may", "as root");
	check_words((struct irqm_live_failure){ .error = ENOENT },
		    "CONFIG_PROC_KCORE", "a container hides it");
	check_words((struct irqm_live_failure){ .error = ENOENT,
						.no_proc = true },
		    "/proc is not mounted", "mount it");
	check_words((struct irqm_live_failure){ 0 },
		    "this container or service hides /proc/kcore",
		    "on the host");
	check_words((struct irqm_live_failure){ .error = EIO }, strerror(EIO),
		    "");
	check_words((struct irqm_live_failure){ .error = ENOENT,
						.machine = "aarch64" },
		    "it is for aarch64", "x86-64 only");
}

static void test_file(void **state)
{
	(void)state;
	assert_true(irqm_live_is_file("/proc/kcore"));
	assert_false(irqm_live_is_file("/etc/passwd"));
	assert_false(irqm_live_is_file("/nix/kcore"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_file),
	};

	return RUN(tests);
}
