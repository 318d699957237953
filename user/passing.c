/*
 * passing.c - a descriptor that travels in a message.
 *
 * The reader is created before the pipe, so the reader cannot inherit the pipe,
 * and the pipe has no name to open. The message is the only way. A message
 * under way keeps the pipe open: the sender closes its own end before the
 * receiver has taken the message.
 */
#include <err.h>
#include <mailbox.h>
#include <program.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"passing\n"
	"Hands the read end of a pipe to another process, straight, without a\n"
	"box. Try: strace passing\n";

static void be_reader(pid_t giver)
{
	struct message head = { .type = 0 };		/* any */
	char bytes[128];
	ssize_t n;

	if (message_receive(giver, &head, NULL, 0, 0, NULL) < 0)
		err(1, "receive");
	if (!(head.flags & MESSAGE_HAS_FD))
		errx(1, "a message without a descriptor");
	dprintf(1, "reader: got a descriptor\n");
	while ((n = read(head.fd, bytes, sizeof(bytes))) > 0)
		dprintf(1, "reader: \"%.*s\"\n", (int)n, bytes);
	dprintf(1, "reader: the end\n");
	_exit(n < 0);
}

static void hand_over(pid_t reader, int fd)
{
	const struct message head = {
		.type = 1, .flags = MESSAGE_HAS_FD, .fd = fd,
	};

	if (message_send(reader, &head, NULL, 0, NULL) != 0)
		err(1, "send");
	close(fd);
}

int main(int argc, char **argv)
{
	static const char text[] = "through a nameless pipe";
	pid_t giver = getpid(), reader;
	int ends[2], status = 1;

	if (*parse_no_options(argc, argv, help))
		usage('?', help);
	reader = fork();
	if (reader < 0)
		err(1, "fork");
	if (reader == 0)
		be_reader(giver);
	if (pipe(ends) != 0)
		err(1, "pipe");
	dprintf(1, "giver: makes a pipe, sends its read end, writes\n");
	hand_over(reader, ends[0]);
	if (write_all(ends[1], text, sizeof(text) - 1) < 0)
		err(1, "write");
	close(ends[1]);
	waitpid(reader, &status, 0);
	return finish(status != 0);
}
