/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command/say.h"
#include "memory/dumpfile_known.h"

#ifdef IRQM_COVERAGE
void __gcov_dump(void);
#endif

/* Sends a message, with a file descriptor if fd is not -1. Returns false with
 * errno. */
static bool send_message(int to, const struct iovec *parts, unsigned int nr,
			 int fd)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr m = { .msg_iov = (struct iovec *)parts,
			    .msg_iovlen = nr };
	struct cmsghdr *c;
	ssize_t n;

	if (fd >= 0) {
		m.msg_control = control.space;
		m.msg_controllen = sizeof(control.space);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	do {
		n = sendmsg(to, &m, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}

/* Returns the file descriptor that came with a message, or -1. */
static int file_of(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}

/* Returns the message's length; 0 at the end or if the message does not fit; -1
 * with errno. With ret_fd NULL, a descriptor is not accepted. */
static ssize_t receive_message(int from, const struct iovec *parts,
			       unsigned int nr, int *ret_fd)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr m = { .msg_iov = (struct iovec *)parts,
			    .msg_iovlen = nr };
	ssize_t n;

	if (ret_fd) {
		m.msg_control = control.space;
		m.msg_controllen = sizeof(control.space);
	}
	do {
		n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (ret_fd)
		*ret_fd = n > 0 ? file_of(&m) : -1;
	return n > 0 && (m.msg_flags & MSG_TRUNC) ? 0 : n;
}

/* Checks a request: a hostile dump may have taken over the sender. */
static bool is_request(const struct irqm_file_request *r, size_t len)
{
	return len >= sizeof(*r) && r->kind < IRQM_NR_FILE_KINDS &&
	       (r->kind == IRQM_FILE_KEEP || len == sizeof(*r)) &&
	       memchr(r->build_id, '\0', sizeof(r->build_id)) &&
	       memchr(r->release, '\0', sizeof(r->release)) &&
	       memchr(r->known, '\0', sizeof(r->known)) &&
	       memchr(r->name, '\0', sizeof(r->name));
}

static bool serve_request(int fd, const struct irqm_files *files)
{
	static char data[IRQM_FILE_KEEP_MAX];
	struct irqm_file_request r;
	struct irqm_file_reply reply;
	const struct iovec in[] = { { &r, sizeof(r) }, { data, sizeof(data) } };
	const struct iovec out = { &reply, sizeof(reply) };
	ssize_t n = receive_message(fd, in, 2, NULL);
	int opened = -1;
	bool ok;

	if (n <= 0 || !is_request(&r, n))
		return false;
	if (r.kind == IRQM_FILE_KEEP)
		files->keep(files->ctx, &r, data, n - sizeof(r), &reply);
	else
		opened = files->open(files->ctx, &r, &reply);
	ok = send_message(fd, &out, 1, opened);
	if (opened >= 0)
		close(opened);
	return ok;
}

/* Keeps only the socket and standard error of the parent's files. If it kept
 * standard output, a reader of the output would wait for this process. */
static void keep_socket(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = STDIN_FILENO; i <= STDOUT_FILENO; i++)
		if (null < 0 || dup2(null, i) < 0)
			close(i);
	if (fd > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, fd - 1, 0);
	close_range(fd + 1, ~0U, 0);
}

/* Polls, because no signal announces it: Landlock does not let the dying parent
 * send one. */
static bool parent_left(void *ctx)
{
	struct pollfd p = { .fd = *(const int *)ctx };

	return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR);
}

static _Noreturn void run_broker(int fd, const struct irqm_files_local *files,
				 irqm_broker_confine *confine, const void *ctx)
{
	struct irqm_files_local local = *files;

	local.careful = true;
	local.knows = irqm_dumpfile_knows;
	local.left = parent_left;
	local.left_ctx = &fd;
	irqm_files_local_init(&local);
	keep_socket(fd);
	if (confine(ctx, fd))
		while (serve_request(fd, &local.files))
			;
#ifdef IRQM_COVERAGE
	__gcov_dump();
#endif
	_exit(0);
}

static int ask_broker(const struct irqm_broker *b,
		      const struct irqm_file_request *request, const void *data,
		      size_t size, struct irqm_file_reply *reply)
{
	const struct iovec out[] = {
		{ (void *)request, sizeof(*request) },
		{ (void *)data, size },
	};
	const struct iovec in = { reply, sizeof(*reply) };
	int fd = -1;
	ssize_t n;

	errno = EPIPE;
	if (send_message(b->fd, out, data ? 2 : 1, -1)) {
		n = receive_message(b->fd, &in, 1, &fd);
		if (n == (ssize_t)sizeof(*reply))
			return fd;
		if (n >= 0)
			errno = EPIPE;
	}
	memset(reply, 0, sizeof(*reply));
	reply->error = errno;
	/* this also ends walks over places and directories */
	reply->flags = IRQM_FILE_END;
	return -1;
}

static int ask_open(void *ctx, const struct irqm_file_request *request,
		    struct irqm_file_reply *reply)
{
	struct irqm_broker *b = ctx;
	int fd = b->dump;

	if (request->kind != IRQM_FILE_DUMP || request->nr || fd < 0)
		return ask_broker(b, request, NULL, 0, reply);
	*reply = b->of_dump;
	b->dump = -1;
	return fd;
}

static void open_dump(struct irqm_broker *b,
		      const struct irqm_files_local *files)
{
	static const struct irqm_file_request first = {
		.kind = IRQM_FILE_DUMP
	};
	struct irqm_files_local local = *files;

	irqm_files_local_init(&local);
	b->dump = local.files.open(local.files.ctx, &first, &b->of_dump);
	irqm_files_local_deinit(&local);
}

static void ask_keep(void *ctx, const struct irqm_file_request *request,
		     const void *data, size_t size,
		     struct irqm_file_reply *reply)
{
	ask_broker(ctx, request, data, size, reply);
}

static int close_both(int fds[2])
{
	irqm_say("cannot start the process that opens files: %s",
		 strerror(errno));
	if (fds) {
		close(fds[0]);
		close(fds[1]);
	}
	return -1;
}

int irqm_broker_start(struct irqm_broker *b,
		      const struct irqm_files_local *local,
		      irqm_broker_confine *confine, const void *ctx)
{
	pid_t pid, parent = getpid();
	int fds[2];

	b->fd = b->dump = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return close_both(NULL);
	/* the sandbox does not let the parent wait for it */
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid < 0)
		return close_both(fds);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		run_broker(fds[1], local, confine, ctx);
	}
	close(fds[1]);
	open_dump(b, local);
	b->fd = fds[0];
	b->files = (struct irqm_files){ ask_open, ask_keep, b };
	return 0;
}

void irqm_broker_stop(struct irqm_broker *b)
{
	if (b->fd >= 0)
		close(b->fd);
	if (b->dump >= 0)
		close(b->dump);
	b->fd = b->dump = -1;
}
