/*
 * socket.c - the cost of a byte through a local socket and back, for each type,
 * and of a descriptor that is sent, received and closed.
 */
#include <signal.h>
#include <sys/socket.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static int ends[2];
static char byte;

static void round_trip(void *unused)
{
	(void)unused;
	write(ends[0], &byte, 1);
	read(ends[0], &byte, 1);
}

static void echo(void)
{
	close(ends[0]);
	while (read(ends[1], &byte, 1) == 1) {
		use_fpu();
		write(ends[1], &byte, 1);
	}
}

static void measure_type(const char *name, int type)
{
	pid_t pid;

	if (socketpair(AF_UNIX, type, 0, ends) < 0) {
		report_missing(name);
		return;
	}
	watch(ends[0]);
	watch(ends[1]);
	pid = fork();
	if (pid == 0) {
		echo();
		_exit(0);
	}
	close(ends[1]);
	report(name, measure(round_trip, NULL));
	close(ends[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void round_trip_row(const char *name)
{
	measure_type(name, SOCK_STREAM);
}

static void datagram_row(const char *name)
{
	measure_type(name, SOCK_DGRAM);
}

static void seqpacket_row(const char *name)
{
	measure_type(name, SOCK_SEQPACKET);
}

static union {
	char room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr head;
} control;

static void pass_descriptor(void *unused)
{
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int fd = 0;

	(void)unused;
	control.head.cmsg_len = CMSG_LEN(sizeof(fd));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	sendmsg(ends[0], &message, 0);
	recvmsg(ends[1], &message, 0);
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	close(fd);
}

static void pass_row(const char *name)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) {
		report_missing(name);
		return;
	}
	report(name, measure(pass_descriptor, NULL));
	close(ends[0]);
	close(ends[1]);
}

static const struct row rows[] = {
	{ "socket-rtt", round_trip_row },
	{ "datagram-rtt", datagram_row },
	{ "seqpacket-rtt", seqpacket_row },
	{ "descriptor-pass", pass_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
