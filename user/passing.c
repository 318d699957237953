/*
 * passing.c - a descriptor that travels in a message.
 *
 * The reader is created before the pipe, so the reader cannot inherit the pipe,
 * and the pipe has no name to open. The message is the only way: a message of
 * Parley, straight to the process, or a message of POSIX through a pair of
 * sockets, with the descriptor beside the bytes (SCM_RIGHTS). A message under
 * way keeps the pipe open: the giver closes its own end before the reader has
 * taken the message.
 */
#include <err.h>
#include <mailbox.h>
#include <program.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"passing [-s]\n"
	"Hands the read end of a pipe to another process, straight, without a\n"
	"box. Try: strace passing\n"
	"  -s  through a pair of sockets\n";

static pid_t giver, reader;
static int pair[2];	/* of sockets: the giver's, the reader's */

/* ---- A message of Parley ------------------------------------------------ */

static int receive_message(void)
{
	struct message head = { .type = 0 };		/* any */

	if (message_receive(giver, &head, NULL, 0, 0, NULL) < 0)
		err(1, "receive");
	if (!(head.flags & MESSAGE_HAS_FD))
		errx(1, "a message without a descriptor");
	return head.fd;
}

static void send_message(int fd)
{
	const struct message head = {
		.type = 1, .flags = MESSAGE_HAS_FD, .fd = fd,
	};

	if (message_send(reader, &head, NULL, 0, NULL) != 0)
		err(1, "send");
}

/* ---- A message of POSIX ------------------------------------------------- */

/* The bytes of a message, and beside them room for one descriptor. */
static struct msghdr *posix_message(void)
{
	static char byte = '!';		/* a stream carries one at least */
	static struct iovec bytes = { &byte, 1 };
	static union {
		struct cmsghdr head;	/* for its alignment */
		char room[CMSG_SPACE(sizeof(int))];
	} beside;
	static struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &beside,
		.msg_controllen = sizeof(beside),
	};

	return &message;
}

static int receive_rights(void)
{
	struct msghdr *message = posix_message();
	struct cmsghdr *head;
	int fd;

	if (recvmsg(pair[1], message, 0) < 0)
		err(1, "recvmsg");
	head = CMSG_FIRSTHDR(message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		errx(1, "a message without a descriptor");
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

static void send_rights(int fd)
{
	struct msghdr *message = posix_message();
	struct cmsghdr *head = CMSG_FIRSTHDR(message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	if (sendmsg(pair[0], message, 0) < 0)
		err(1, "sendmsg");
}

/* ---- The two processes -------------------------------------------------- */

static void be_reader(int fd)
{
	char bytes[128];
	ssize_t n;

	dprintf(1, "reader: got a descriptor\n");
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		dprintf(1, "reader: \"%.*s\"\n", (int)n, bytes);
	dprintf(1, "reader: the end\n");
	_exit(n < 0);
}

int main(int argc, char **argv)
{
	static const char text[] = "through a nameless pipe";
	int option, by_socket = 0, ends[2], status = 1;

	while ((option = getopt(argc, argv, "hs")) != -1)
		switch (option) {
		case 's': by_socket = 1; break;
		default: usage(option, help);
		}
	if (argv[optind])
		usage('?', help);
	if (by_socket && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		err(1, "socketpair");
	giver = getpid();
	reader = fork();
	if (reader < 0)
		err(1, "fork");
	if (reader == 0)
		be_reader(by_socket ? receive_rights() : receive_message());
	if (pipe(ends) != 0)
		err(1, "pipe");
	dprintf(1, "giver: makes a pipe, sends its read end, writes\n");
	by_socket ? send_rights(ends[0]) : send_message(ends[0]);
	close(ends[0]);
	if (write_all(ends[1], text, sizeof(text) - 1) < 0)
		err(1, "write");
	close(ends[1]);
	waitpid(reader, &status, 0);
	return finish(status != 0);
}
