/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/input.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The end of a path that leaves room for the rest of a message. */
static const char *name_of(const char *path)
{
	size_t len = strlen(path);

	return len > 80 ? path + len - 80 : path;
}

enum irqm_why irqm_input_read(const struct irqm_input *in, uint64_t offset,
			      void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	if (offset > in->size || len > in->size - offset)
		return IRQM_TRUNCATED;
	while (done < len) {
		n = pread(in->fd, (char *)buf + done, len - done,
			  (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		/* a bad block ends the file as well as its end does */
		if (n <= 0)
			return IRQM_TRUNCATED;
		done += n;
	}
	return IRQM_OK;
}

void irqm_input_close(struct irqm_input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

/* Opens the file as it is, and sets its size. */
static int open_plain(struct irqm_input *in, const char *path,
		      struct irqm_error *err)
{
	struct stat st;
	off_t end;

	in->name = name_of(path);
	/* not to wait for the other end of a FIFO */
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in->fd < 0 || fstat(in->fd, &st) < 0) {
		irqm_error_set(err, "%s: cannot open it: %s", in->name,
			       strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		irqm_error_set(err, "%s: a directory; name the dump file in it",
			       in->name);
		return -1;
	}
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		irqm_error_set(err, "%s: not a file; save the dump to one "
			       "first", in->name);
		return -1;
	}
	end = lseek(in->fd, 0, SEEK_END);
	if (end <= 0) {
		irqm_error_set(err, "%s: an empty file; the dump was not "
			       "written", in->name);
		return -1;
	}
	in->size = end;
	return 0;
}

/* Sets the kind by the first bytes. */
static void recognise(struct irqm_input *in)
{
	char magic[8];

	in->kind = IRQM_INPUT_OTHER;
	if (irqm_input_read(in, 0, magic, sizeof(magic)) != IRQM_OK)
		return;
	if (memcmp(magic, ELFMAG, SELFMAG) == 0)
		in->kind = IRQM_INPUT_ELF;
	else if (memcmp(magic, "KDUMP   ", 8) == 0)
		in->kind = IRQM_INPUT_KDUMP;
}

int irqm_input_open(struct irqm_input *in, const char *path, uint64_t *limit,
		    struct irqm_error *err)
{
	memset(in, 0, sizeof(*in));
	(void)limit;
	if (open_plain(in, path, err) < 0) {
		irqm_input_close(in);
		return -1;
	}
	recognise(in);
	return 0;
}
