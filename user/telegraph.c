/*
 * telegraph.c - two programs that share only a name.
 *
 * Start the program twice, in any order, from one or two shells: the first
 * process waits in open(2) until the second process opens the FIFO (`why PID`
 * says so). Any number of senders may write: a write of at most PIPE_BUF bytes
 * keeps each line whole. The receiver sees the end when the last sender has
 * gone.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"telegraph [-r] FIFO\n"
	"Sends the lines of standard input to who receives at FIFO.\n"
	"  -r  receive: print what is sent until the last sender has gone\n"
	"Try: telegraph -r /tmp/wire & seq 3 | telegraph /tmp/wire; wait\n";

/* Waits for the other side; makes the FIFO if there is none. */
static int open_wire(const char *name, int how)
{
	int fd;

	if (mkfifo(name, 0666) < 0 && errno != EEXIST)
		err(1, "%s", name);
	fd = open(name, how);
	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

static void receive(const char *name)
{
	int fd = open_wire(name, O_RDONLY);
	char bytes[512];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		if (write_all(STDOUT_FILENO, bytes, n) < 0)
			err(1, "standard output");
	if (n < 0)
		err(1, "%s", name);
	unlink(name);
}

static int wire;

/* A line with the number of the sender, in a single write(2). */
static void send(char *line, size_t length)
{
	char text[PIPE_BUF];
	int bytes;

	(void)length;
	bytes = snprintf(text, sizeof(text), "%d: %s\n", (int)getpid(), line);
	if (bytes > (int)sizeof(text))
		errx(1, "a line is too long");
	if (write(wire, text, bytes) < 0)
		err(1, "send");
}

int main(int argc, char **argv)
{
	bool receives = false;
	int option;

	while ((option = getopt(argc, argv, "hr")) != -1)
		switch (option) {
		case 'r': receives = true; break;
		default: usage(option, help);
		}
	if (optind + 1 != argc)
		usage('?', help);
	if (receives) {
		receive(argv[optind]);
		return 0;
	}
	wire = open_wire(argv[optind], O_WRONLY);
	return finish(for_each_line(argv + argc, send));
}
