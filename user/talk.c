/*
 * talk.c - two people talk, at two terminals, here or on two machines.
 *
 * One talk listens, the second talk connects; from then on both do the same.
 * Each sends the lines of its user and prints the lines of the peer. poll()
 * waits for both at once. A talk that waits in read() for its user would not
 * hear the peer. Two talks in send(), both with a full buffer, would wait for
 * each other. So the only wait is poll().
 *
 * A stream has no borders: one read() may bring half a line, or three lines.
 * The bytes of each side gather in a buffer until a newline has come. The first
 * line of each side is the name of its user. The end of the stream says that
 * the peer has left.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <program.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char help[] =
	"talk [-n NAME] -l [PATH]\n"
	"       talk [-n NAME] HOST|PATH\n"
	"Sends its input by the line to a second talk, and prints the lines\n"
	"of the second talk; ctrl+D leaves.\n"
	"  -l  wait for the second talk: at PATH, else from any machine\n"
	"  -n  the name that the second talk shows; without, the machine's\n";

#define PORT "5170"

struct side {
	int fd;
	size_t count;
	int has_ended;
	char bytes[1024];
};

/* An error ends a side too: a machine may vanish in the middle of a word. */
static void gather(struct side *side)
{
	ssize_t bytes = read(side->fd, side->bytes + side->count,
			     sizeof(side->bytes) - side->count);

	if (bytes > 0)
		side->count += bytes;
	else
		side->has_ended = 1;
	if (bytes < 0)
		warn("%s", side->fd == STDIN_FILENO ? "input" : "connection");
}

/* The bytes up to the first newline. A full buffer, and the rest at the end,
 * are lines too. */
static size_t first_line(const struct side *side)
{
	const char *newline = memchr(side->bytes, '\n', side->count);

	if (newline)
		return newline + 1 - side->bytes;
	if (side->has_ended || side->count == sizeof(side->bytes))
		return side->count;
	return 0;
}

static void drop(struct side *side, size_t bytes)
{
	side->count -= bytes;
	memmove(side->bytes, side->bytes + bytes, side->count);
}

/* Send as much as the connection takes. A peer that is gone takes nothing. */
static void say(struct side *user, int peer)
{
	ssize_t sent = send(peer, user->bytes, first_line(user),
			    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent < 0 && errno != EAGAIN)
		sent = user->count;
	if (sent > 0)
		drop(user, sent);
}

/* The peer may send anything, and codes can do harm to a terminal. */
static void make_safe(struct side *peer)
{
	char *c;

	for (c = peer->bytes; c < peer->bytes + peer->count; c++)
		if (*c != '\n' && iscntrl((unsigned char)*c))
			*c = '?';
}

static void hear(struct side *peer)
{
	static char name[32];
	size_t bytes;
	int words;

	make_safe(peer);
	while ((bytes = first_line(peer)) > 0) {
		words = bytes - (peer->bytes[bytes - 1] == '\n');
		if (name[0]) {
			printf("%s: %.*s\n", name, words, peer->bytes);
		} else {
			snprintf(name, sizeof(name), "%.*s", words,
				 words ? peer->bytes : "?");
			printf("%s is here\n", name);
		}
		drop(peer, bytes);
	}
	if (peer->has_ended)
		printf("%s has left\n", name[0] ? name : "the peer");
	fflush(stdout);
}

static void converse(struct side *user, struct side *peer)
{
	struct pollfd needs[2];

	while (!peer->has_ended) {
		needs[0] = (struct pollfd){
			.fd = first_line(user) ? -1 : user->fd,
			.events = POLLIN,
		};
		needs[1] = (struct pollfd){
			.fd = peer->fd,
			.events = POLLIN | (first_line(user) ? POLLOUT : 0),
		};
		if (poll(needs, 2, -1) < 0)
			err(1, "poll");
		if (needs[0].revents)
			gather(user);
		if (needs[1].revents && first_line(user))
			say(user, peer->fd);
		if (user->has_ended && user->count == 0 && user->fd >= 0) {
			shutdown(peer->fd, SHUT_WR);	/* the user leaves */
			user->fd = -1;
		}
		if (needs[1].revents & ~POLLOUT) {
			gather(peer);
			hear(peer);
		}
	}
}

/* The connection to the one talk that comes. */
static int await(const char *path)
{
	int listener = listen_at(path, PORT), peer;

	peer = accept(listener, NULL, NULL);
	if (peer < 0)
		err(1, "accept");
	close(listener);
	if (path)
		unlink(path);
	return peer;
}

int main(int argc, char **argv)
{
	static struct side user = { .fd = STDIN_FILENO }, peer;
	int option, listens = 0;
	char name[32] = "?";

	gethostname(name, sizeof(name));
	while ((option = getopt(argc, argv, "hln:")) != -1)
		switch (option) {
		case 'l': listens = 1; break;
		case 'n': snprintf(name, sizeof(name), "%s", optarg); break;
		default: usage(option, help);
		}
	argv += optind;
	if (argc - optind > 1 || (!listens && !*argv) ||
	    (listens && *argv && !strchr(*argv, '/')))
		usage('?', help);
	peer.fd = listens ? await(*argv) : connect_to(*argv, PORT);
	user.count = snprintf(user.bytes, sizeof(user.bytes), "%s\n", name);
	converse(&user, &peer);
	return finish(0);
}
