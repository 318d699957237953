/*
 * remote.c - a mailbox for the programs of another machine.
 *
 * In one machine the kernel carries a message: whole, once, in order, with the
 * true sender. A kernel cannot vouch for a different machine. So a server takes
 * messages from the network, and puts them into its mailbox. The server shows
 * what the network changes:
 *
 *	partial reads	a TCP stream has no borders: the head of each packet
 *			tells the length, and the server reads until all came
 *	delay		each message waits for its receipt, a round trip
 *	loss		TCP sends again. UDP does not, and no full buffer makes
 *			a sender wait: a number in each packet shows the gaps
 *	no sender	the packet names a process, and may lie. In the mailbox
 *			the sender is the server
 *	no certainty	a connection that breaks before the receipt leaves open
 *			if the message arrived
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <mailbox.h>
#include <netdb.h>
#include <poll.h>
#include <program.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"remote -l BOX\n"
	"       remote [-u] HOST|BOX\n"
	"       remote -t [-n COUNT] HOST|BOX\n"
	"Sends each line of its input into a mailbox: BOX (/NAME) of this\n"
	"machine, or the mailbox that HOST serves.\n"
	"  -l  serve BOX to other machines\n"
	"  -n  end after so many messages (with -t)\n"
	"  -t  take the messages out and print them\n"
	"  -u  send by UDP, without receipts\n";

#define PORT	"5172"
#define BODY	8192		/* bytes of a message, at most */

enum { PUT = 1, TAKE, RECEIPT };	/* kinds of packets */
struct packet {
	uint32_t kind, number;		/* in the network's order of bytes */
	uint32_t process;		/* a claim of the sender */
	uint32_t bytes;			/* of the body */
	char body[BODY];
};
#define HEAD	offsetof(struct packet, body)

static int box, peer;

/* ---- Packets ------------------------------------------------------------ */

static int send_packet(int kind, uint32_t number, pid_t process,
		       const void *body, size_t bytes)
{
	static struct packet packet;

	packet.kind = htonl(kind);
	packet.number = htonl(number);
	packet.process = htonl(process);
	packet.bytes = htonl(bytes);
	memcpy(packet.body, body, bytes);
	return write_all(peer, &packet, HEAD + bytes);
}

static int read_all(void *to, size_t bytes, int *reads)
{
	char *at = to;
	ssize_t n;

	for (; bytes > 0; at += n, bytes -= n, ++*reads) {
		n = read(peer, at, bytes);
		if (n <= 0)
			return 0;
	}
	return 1;
}

/* Turns the head's bytes round. False: the length is a lie. */
static int decode(struct packet *packet)
{
	packet->kind = ntohl(packet->kind);
	packet->number = ntohl(packet->number);
	packet->process = ntohl(packet->process);
	packet->bytes = ntohl(packet->bytes);
	return packet->bytes <= BODY;
}

/* A packet of a stream, and the number of reads for it; 0 if none comes. */
static int receive_packet(struct packet *packet, int *reads)
{
	*reads = 0;
	return read_all(packet, HEAD, reads) && decode(packet) &&
	       read_all(packet->body, packet->bytes, reads);
}

/* ---- The mailbox of this machine ---------------------------------------- */

static void open_box(const char *name)
{
	const struct mailbox_attr attr = { 16, BODY, 0 };

	box = mailbox_open(name, O_CREAT | O_RDWR, 0666, &attr);
	if (box < 0)
		err(1, "%s", name);
}

static int put(const char *body, size_t bytes, int flags)
{
	const struct message head = { .type = 1, .bytes = bytes, .fd = -1 };

	return mailbox_send(box, &head, body, flags, NULL);
}

/* ---- The server --------------------------------------------------------- */

static void tell(const struct sockaddr_in *from, const struct packet *packet,
		 int reads)
{
	printf("%s claims: process %u, message %u, %u bytes; %d reads\n",
	       inet_ntoa(from->sin_addr), packet->process, packet->number,
	       packet->bytes, reads);
	fflush(stdout);
}

/* A taker that ends during the wait must not cost a message. A taker that ends
 * later does: the message has left the box. */
static int serve_take(uint32_t number)
{
	struct pollfd needs[2] = { { peer, POLLIN, 0 }, { box, POLLIN, 0 } };
	struct message head = { 0 };
	char body[BODY];
	ssize_t bytes;

	do {
		if (poll(needs, 2, -1) < 0 || needs[0].revents)
			return 0;
		bytes = mailbox_receive(box, &head, body, BODY,
					MAILBOX_NONBLOCK, NULL);
	} while (bytes < 0 && errno == EAGAIN);
	return bytes >= 0 && send_packet(RECEIPT, number, head.sender, body,
					 bytes) == 0;
}

/* A full box makes this server wait, and so the far sender too. */
static void serve_stream(const struct sockaddr_in *from)
{
	static struct packet packet;
	int reads, is_good = 1;

	while (is_good && receive_packet(&packet, &reads)) {
		if (packet.kind == TAKE) {
			is_good = serve_take(packet.number);
			continue;
		}
		tell(from, &packet, reads);
		is_good = packet.kind == PUT &&
			  put(packet.body, packet.bytes, 0) == 0 &&
			  send_packet(RECEIPT, packet.number, 0, "", 0) == 0;
	}
	_exit(0);
}

static void serve_client(int listener)
{
	struct sockaddr_in from;
	socklen_t bytes = sizeof(from);

	peer = accept(listener, (struct sockaddr *)&from, &bytes);
	if (peer < 0)
		err(1, "accept");
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	switch (fork()) {
	case -1:
		warn("fork");
		break;
	case 0:
		close(listener);
		serve_stream(&from);
	}
	close(peer);
}

/* The numbers of a sender count from 1. */
static void look_for_gap(const struct sockaddr_in *from, uint32_t number)
{
	static struct sockaddr_in last;
	static uint32_t next;

	if (last.sin_addr.s_addr != from->sin_addr.s_addr ||
	    last.sin_port != from->sin_port)
		next = 1;
	last = *from;
	for (; next < number; next++)
		printf("message %u is missing\n", next);
	if (number < next)
		printf("message %u comes late or twice\n", number);
	else
		next = number + 1;
}

/* A datagram has borders: it comes whole or not at all. The server cannot make
 * the sender wait: a full box loses the message. */
static void serve_datagram(int socket)
{
	static struct packet packet;
	struct sockaddr_in from;
	socklen_t room = sizeof(from);
	ssize_t bytes = recvfrom(socket, &packet, sizeof(packet), 0,
				 (struct sockaddr *)&from, &room);

	if (bytes < (ssize_t)HEAD || !decode(&packet) ||
	    HEAD + packet.bytes != (size_t)bytes)
		return;
	look_for_gap(&from, packet.number);
	tell(&from, &packet, 1);
	if (put(packet.body, packet.bytes, MAILBOX_NONBLOCK) != 0)
		printf("message %u is lost: the mailbox is full\n",
		       packet.number);
	fflush(stdout);
}

static int datagram_socket(const char *host)
{
	const struct addrinfo hints = {
		.ai_flags = host ? 0 : AI_PASSIVE,
		.ai_family = AF_INET,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *at;
	int error = getaddrinfo(host, PORT, &hints, &at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (error)
		errx(1, "%s: %s", host, gai_strerror(error));
	if (fd < 0 || (host ? connect : bind)(fd, at->ai_addr,
					      at->ai_addrlen) < 0)
		err(1, "UDP port " PORT);
	return fd;
}

static _Noreturn void serve(void)
{
	struct pollfd needs[2] = {
		{ listen_at(NULL, PORT), POLLIN, 0 },
		{ datagram_socket(NULL), POLLIN, 0 },
	};

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		if (poll(needs, 2, -1) < 0)
			err(1, "poll");
		if (needs[0].revents)
			serve_client(needs[0].fd);
		if (needs[1].revents)
			serve_datagram(needs[1].fd);
	}
}

/* ---- The sender and the taker ------------------------------------------- */

static int by_datagrams;
static uint32_t number;

static void await_receipt(struct packet *packet)
{
	int reads;

	if (!receive_packet(packet, &reads) || packet->kind != RECEIPT ||
	    packet->number != number)
		errx(1, "no receipt for message %u: nobody knows if the "
		     "message arrived", number);
}

static void put_line(char *line, size_t length)
{
	static struct packet receipt;

	if (length > BODY)
		length = BODY;
	number++;
	if (box) {
		if (put(line, length, 0) != 0)
			err(1, "message %u", number);
		return;
	}
	if (send_packet(PUT, number, getpid(), line, length) == 0) {
		if (!by_datagrams)
			await_receipt(&receipt);
	} else if (by_datagrams && errno == ENOBUFS) {
		warn("message %u", number);	/* lost already here */
	} else {
		err(1, "message %u", number);
	}
}

static void take(const char *place)
{
	static struct packet packet;
	struct message head = { 0 };
	ssize_t bytes;

	if (box) {
		bytes = mailbox_receive(box, &head, packet.body, BODY, 0, NULL);
		if (bytes < 0)
			err(1, "%s", place);
		printf("process %d: %.*s\n", head.sender, (int)bytes,
		       packet.body);
	} else {
		number++;
		if (send_packet(TAKE, number, getpid(), "", 0) < 0)
			err(1, "%s", place);
		await_receipt(&packet);
		printf("process %u of %s: %.*s\n", packet.process, place,
		       (int)packet.bytes, packet.body);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char *no_files[] = { NULL };
	int option, listens = 0, takes = 0;
	long count = -1;

	while ((option = getopt(argc, argv, "hln:tu")) != -1)
		switch (option) {
		case 'l': listens = 1; break;
		case 'n': count = parse_number(optarg, 1, INT_MAX, "count");
			  break;
		case 't': takes = 1; break;
		case 'u': by_datagrams = 1; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argc - optind != 1 || listens + takes + by_datagrams > 1)
		usage('?', help);
	if (listens || **argv == '/')
		open_box(*argv);
	else
		peer = by_datagrams ? datagram_socket(*argv) :
				      connect_to(*argv, PORT);
	if (listens)
		serve();
	for (; takes && count != 0; count -= count > 0)
		take(*argv);
	return finish(takes ? 0 : for_each_line(no_files, put_line));
}
