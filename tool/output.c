/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/output.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/new_file.h"
#include "command/say.h"

/* Returns true if path exists and must not be replaced: a device or a pipe. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int write_special(const char *path, int (*write)(FILE *, void *),
			 void *what)
{
	FILE *out = fopen(path, "we");
	int status;

	if (!out) {
		irqm_say("%s: %s", path, strerror(errno));
		return -1;
	}
	status = write(out, what);
	if (fclose(out) && status >= 0) {
		irqm_say("%s: %s", path, strerror(errno));
		status = -1;
	}
	return status;
}

int irqm_write_to(const char *path, mode_t mode,
		  int (*write)(FILE *out, void *what), void *what)
{
	struct irqm_new_file file;
	struct irqm_error err;
	int status;

	if (is_special(path))
		return write_special(path, write, what);
	if (irqm_new_file_open(&file, path, mode, &err)) {
		irqm_say("%s", err.msg);
		return -1;
	}
	status = write(file.out, what);
	if (status < 0) {
		irqm_new_file_drop(&file);
	} else if (irqm_new_file_finish(&file, false, &err)) {
		irqm_say("%s", err.msg);
		status = -1;
	}
	return status;
}
