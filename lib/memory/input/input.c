/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/input.h"

#include "memory/input/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *irqm_input_name(const char *path)
{
	size_t len = strlen(path);

	return len > IRQM_INPUT_NAME_MAX ? path + len - IRQM_INPUT_NAME_MAX :
					   path;
}

enum irqm_why irqm_input_read(const struct irqm_input *in, uint64_t offset,
			      void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	if (in->frames)
		return irqm_frames_read(in->frames, offset, buf, len);
	if (offset > in->size || len > in->size - offset)
		return IRQM_TRUNCATED;
	while (done < len) {
		n = pread(in->fd, (char *)buf + done, len - done,
			  (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		/* treat a bad block like the end of the file */
		if (n <= 0)
			return IRQM_TRUNCATED;
		done += n;
	}
	return IRQM_OK;
}

bool irqm_input_data(const struct irqm_input *in, uint64_t *offset,
		     uint64_t end, uint64_t *ret_end)
{
	off_t data, hole;

	*ret_end = end;
	if (in->frames)
		return true;
	data = lseek(in->fd, (off_t)*offset, SEEK_DATA);
	if (data < 0)
		/* the file system does not report holes */
		return errno != ENXIO;
	if ((uint64_t)data >= end)
		return false;
	*offset = data;
	hole = lseek(in->fd, data, SEEK_HOLE);
	if (hole > data && (uint64_t)hole < end)
		*ret_end = hole;
	return true;
}

uint64_t irqm_input_held(int fd)
{
	struct stat st;
	uint64_t held, size;

	if (fstat(fd, &st) < 0)
		return 0;
	if (!S_ISREG(st.st_mode)) {
		off_t end = lseek(fd, 0, SEEK_END);

		return end > 0 ? end : 0;
	}
	held = (uint64_t)st.st_blocks * 512;
	size = st.st_size;
	/* some FUSE file systems do not count blocks */
	return held && held < size ? held : size;
}

void irqm_input_close(struct irqm_input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
	irqm_frames_free(in->frames);
	in->frames = NULL;
}

void irqm_input_expect(const struct irqm_input *in, uint64_t offset,
		       uint64_t len)
{
	if (offset < in->size)
		posix_fadvise(in->fd, (off_t)offset,
			      len < in->size - offset ? (off_t)len : 0,
			      POSIX_FADV_WILLNEED);
}
