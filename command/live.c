/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/live.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CANNOT "cannot read the running kernel: "

bool irqm_live_is_file(const char *path)
{
	struct stat kcore, st;

	if (strcmp(path, IRQM_LIVE_FILE) == 0)
		return true;
	return stat(IRQM_LIVE_FILE, &kcore) == 0 && stat(path, &st) == 0 &&
	       st.st_dev == kcore.st_dev && st.st_ino == kcore.st_ino;
}

/* Reads the first line of a file of the kernel. */
static bool read_line(const char *path, char *line, int size)
{
	FILE *in = fopen(path, "re");
	bool ok = in && fgets(line, size, in);

	if (in)
		fclose(in);
	return ok;
}

static bool is_locked_down(void)
{
	char line[80];

	return read_line("/sys/kernel/security/lockdown", line, sizeof(line)) &&
	       strstr(line, "[confidentiality]");
}

static bool is_in_user_namespace(void)
{
	unsigned int inside, outside, nr;
	char line[80];

	return read_line("/proc/self/uid_map", line, sizeof(line)) &&
	       (sscanf(line, "%u %u %u", &inside, &outside, &nr) != 3 ||
		inside || outside || nr != UINT32_MAX);
}

void irqm_live_explain(const struct irqm_live_failure *f,
		       struct irqm_error *err)
{
	if (strcmp(f->machine, "x86_64") != 0)
		irqm_error_set(err,
			       CANNOT "it is for %s, and irqmatrix reads "
				      "x86-64 only; name a vmcore",
			       f->machine);
	else if (f->no_proc)
		irqm_error_set(err, CANNOT "/proc is not mounted; mount it, "
					   "or name a vmcore");
	else if (f->error == ENOENT)
		irqm_error_set(err, CANNOT
			       "there is no " IRQM_LIVE_FILE ": the kernel "
			       "was built without it (CONFIG_PROC_KCORE), or "
			       "a container hides it; name a vmcore");
	else if (f->error == 0)
		irqm_error_set(err,
			       CANNOT "this container or service "
				      "hides " IRQM_LIVE_FILE "; run irqmatrix "
				      "on the host, or name a vmcore");
	else if (f->error == EPERM && f->locked_down)
		irqm_error_set(err, CANNOT
			       "the kernel is locked down "
			       "(lockdown=confidentiality); boot it without, "
			       "or name a vmcore");
	else if (f->confined && (f->error == EPERM || f->error == EACCES))
		irqm_error_set(err, CANNOT
			       "this container or service has no "
			       "CAP_SYS_RAWIO; run irqmatrix on the host, or "
			       "name a vmcore");
	else if (f->error == EPERM || f->error == EACCES)
		irqm_error_set(err,
			       CANNOT "only root may, with CAP_SYS_RAWIO; run "
				      "irqmatrix as root, or name a vmcore");
	else
		irqm_error_set(err, CANNOT IRQM_LIVE_FILE ": %s; name a vmcore",
			       strerror(f->error));
	irqm_error_is(err, IRQM_ERROR_FILE);
}

int irqm_live_check(struct irqm_error *err)
{
	struct irqm_live_failure f = { 0 };
	struct utsname name;
	struct stat st;
	int fd;

	f.machine = uname(&name) == 0 ? name.machine : "x86_64";
	fd = open(IRQM_LIVE_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		/* systemd's ProtectKernelTunables= puts an empty file there */
		bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
			  st.st_size > 0 && strcmp(f.machine, "x86_64") == 0;

		close(fd);
		if (ok)
			return 0;
	} else {
		f.error = errno;
		f.no_proc = access("/proc/self", F_OK) != 0;
		f.confined = is_in_user_namespace() ||
			     prctl(PR_CAPBSET_READ, CAP_SYS_RAWIO, 0, 0, 0) ==
				     0;
		f.locked_down = is_locked_down();
	}
	irqm_live_explain(&f, err);
	return -1;
}
