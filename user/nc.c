/*
 * nc.c - carry bytes between standard input and output and a peer.
 *
 * Two flows run at once: from standard input to the peer, and from the peer to
 * standard output. No flow may make the other flow wait: two programs that
 * only send would wait for ever, with full buffers. So each flow
 * has a buffer, poll() tells which flow can take a step, and no step waits.
 *
 * The end of the input closes one direction of the connection: the peer reads
 * the end, and can still send. UDP has no connection and no end; -w says how
 * long the silence lasts before nc leaves.
 */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static const char help[] =
	"nc [-kluU] [-w SECONDS] [HOST] PORT|PATH\n"
	"Sends standard input to a peer, and writes the bytes of the peer to\n"
	"standard output.\n"
	"  -k  after a client, wait for the next (with -l)\n"
	"  -l  listen, and wait for a client\n"
	"  -u  UDP, not TCP\n"
	"  -U  a local socket, at PATH\n"
	"  -w  leave a connection that needs longer, or is silent longer\n";

static struct {
	int listens, stays, is_local;
	int type;		/* SOCK_STREAM or SOCK_DGRAM */
	int patience;		/* seconds; -1: without end */
	char name[256];		/* of the place, for messages */
} call = { .type = SOCK_STREAM, .patience = -1 };

/* ---- The two flows ------------------------------------------------------ */

#define ROOM 9216		/* the largest datagram of Parley */

struct flow {
	int from, to;
	char bytes[ROOM];
	size_t start, end;	/* of the bytes still to write */
	int has_ended, has_failed;
};

static void flow_end(struct flow *flow)
{
	flow->start = flow->end = 0;
	flow->has_ended = 1;
	if (flow->to != STDOUT_FILENO && call.type == SOCK_STREAM)
		shutdown(flow->to, SHUT_WR);
}

static void flow_fail(struct flow *flow)
{
	warn("%s", call.name);
	flow->has_failed = 1;
	flow_end(flow);
}

static void flow_read(struct flow *flow)
{
	ssize_t bytes = read(flow->from, flow->bytes, ROOM);

	flow->start = 0;
	flow->end = bytes > 0 ? bytes : 0;
	if (bytes == 0)
		flow_end(flow);
	else if (bytes < 0)
		flow_fail(flow);
}

/* A ready pipe takes PIPE_BUF bytes without a wait. */
static void flow_write(struct flow *flow)
{
	const char *bytes = flow->bytes + flow->start;
	size_t count = flow->end - flow->start;
	ssize_t done;

	if (flow->to == STDOUT_FILENO)
		done = write(flow->to, bytes,
			     count < PIPE_BUF ? count : PIPE_BUF);
	else
		done = send(flow->to, bytes, count,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (done >= 0)
		flow->start += done;
	else if (errno != EAGAIN)
		flow_fail(flow);
}

static int is_empty(const struct flow *flow)
{
	return flow->start == flow->end;
}

/* The descriptor and the event for the next step. */
static struct pollfd need_of(const struct flow *flow)
{
	if (!is_empty(flow))
		return (struct pollfd){ .fd = flow->to, .events = POLLOUT };
	return (struct pollfd){ .fd = flow->has_ended ? -1 : flow->from,
				.events = POLLIN };
}

static void flow_step(struct flow *flow)
{
	if (is_empty(flow))
		flow_read(flow);
	else
		flow_write(flow);
}

/* A client sends its input to the end. After the end of the client, a listener
 * sends only the input at hand. */
static int patience_ms(const struct flow *out, const struct flow *in)
{
	if (in->has_ended && is_empty(out) && (call.listens || out->has_ended))
		return 0;
	return call.patience < 0 ? -1 : call.patience * 1000;
}

/* Until both flows end, or are silent for too long. The status. */
static int converse(int peer)
{
	static struct flow out, in;
	struct pollfd needs[2];
	int ready;

	memset(&out, 0, sizeof(out));
	memset(&in, 0, sizeof(in));
	out.from = STDIN_FILENO;
	out.to = in.from = peer;
	in.to = STDOUT_FILENO;
	do {
		needs[0] = need_of(&out);
		needs[1] = need_of(&in);
		ready = poll(needs, 2, patience_ms(&out, &in));
		if (ready < 0)
			err(1, "poll");
		if (needs[0].revents)
			flow_step(&out);
		if (needs[1].revents)
			flow_step(&in);
	} while (ready > 0);
	return out.has_failed || in.has_failed;
}

/* ---- The peer ----------------------------------------------------------- */

static struct addrinfo *find_local(const char *path)
{
	static struct sockaddr_un name = { .sun_family = AF_UNIX };
	static struct addrinfo place = {
		.ai_family = AF_UNIX,
		.ai_socktype = SOCK_STREAM,
		.ai_addr = (struct sockaddr *)&name,
		.ai_addrlen = sizeof(name),
	};

	if (strlen(path) >= sizeof(name.sun_path))
		errx(1, "%s: the path is too long", path);
	strcpy(name.sun_path, path);
	strcpy(call.name, path);
	return &place;
}

static struct addrinfo *find_network(const char *host, const char *port)
{
	const struct addrinfo hints = {
		.ai_flags = call.listens ? AI_PASSIVE : 0,
		.ai_family = AF_INET,
		.ai_socktype = call.type,
	};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);

	snprintf(call.name, sizeof(call.name), "%s%sport %s", host ? host : "",
		 host ? " " : "", port);
	if (error)
		errx(1, "%s: %s", call.name, gai_strerror(error));
	return list;
}

/* A connection to the first place that answers, or -1. */
static int dial(const struct addrinfo *at)
{
	const struct timeval patience = { .tv_sec = call.patience };
	int fd;

	for (; at; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype, 0);
		if (fd < 0)
			err(1, "socket");
		if (call.patience > 0)
			setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
				   sizeof(patience));
		if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
			return fd;
		warn("%s", call.name);
		close(fd);
	}
	return -1;
}

static int wait_at(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, at->ai_socktype, 0), on = 1;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, at->ai_addr, at->ai_addrlen) < 0 ||
	    (at->ai_socktype == SOCK_STREAM && listen(fd, SOMAXCONN) < 0))
		err(1, "%s", call.name);
	return fd;
}

/* The sender of the next datagram is the peer, until the silence. */
static int next_sender(int socket)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct sockaddr_in from;
	socklen_t bytes = sizeof(from);
	char first;

	connect(socket, &none, sizeof(none));
	if (recvfrom(socket, &first, 1, MSG_PEEK, (struct sockaddr *)&from,
		     &bytes) < 0 ||
	    connect(socket, (struct sockaddr *)&from, bytes) < 0)
		err(1, "%s", call.name);
	return dup(socket);
}

static int serve(const struct addrinfo *at)
{
	int listener = wait_at(at), client, status;

	do {
		client = call.type == SOCK_DGRAM ? next_sender(listener) :
						   accept(listener, NULL, NULL);
		if (client < 0)
			err(1, "%s", call.name);
		status = converse(client);
		close(client);
	} while (call.stays);
	if (call.is_local)
		unlink(call.name);
	return status;
}

/* Returns the number of operands. */
static int parse_options(int argc, char **argv)
{
	int option, count;

	while ((option = getopt(argc, argv, "hkluUw:")) != -1)
		switch (option) {
		case 'k': call.stays = 1; break;
		case 'l': call.listens = 1; break;
		case 'u': call.type = SOCK_DGRAM; break;
		case 'U': call.is_local = 1; break;
		case 'w': call.patience = parse_number(optarg, 1,
						INT_MAX / 1000, "time"); break;
		default: usage(option, help);
		}
	count = argc - optind;
	if (call.is_local ? count != 1 || call.type == SOCK_DGRAM :
	    count != 2 && (count != 1 || !call.listens))
		usage('?', help);
	if (call.stays && !call.listens)
		usage('?', help);
	return count;
}

int main(int argc, char **argv)
{
	int count = parse_options(argc, argv), peer;
	char **operand = argv + optind;
	struct addrinfo *at = call.is_local ? find_local(operand[0]) :
		find_network(count == 2 ? operand[0] : NULL,
			     operand[count - 1]);

	if (call.listens)
		return serve(at);
	peer = dial(at);
	return peer < 0 ? 1 : converse(peer);
}
