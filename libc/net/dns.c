/*
 * dns.c - the addresses of a name, from a DNS server. RFC 1035.
 *
 * A question is a datagram to port 53 of a server, and so is the answer:
 * first the same question, then records, each with a name, a type and data. A
 * name is a row of labels, each with its length in front; a length from 192 on
 * is a pointer back to where the rest of the name stands. All of this comes
 * from the network, so each step checks the end of the datagram. An answer
 * counts only if it comes from the server that was asked, has the number of the
 * question, and repeats the question. The number is random: a stranger cannot
 * guess it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/net/resolve.h"

#define PORT		53
#define TRIES		3
#define TRY_MS		2000
#define HEADER		12
#define TYPE_ADDRESS	1
#define CLASS_INTERNET	1
#define IS_ANSWER	0x80	/* in byte 2 */
#define WANTS_RECURSION	0x01
#define CODE		0x0f	/* in byte 3 */
#define NO_SUCH_NAME	3
#define POINTER		0xc0

/* A datagram, read from the front. */
struct reader {
	const unsigned char *bytes;
	int length, at;		/* at > length: the datagram was too short */
};

static unsigned take16(struct reader *r)
{
	r->at += 2;
	if (r->at > r->length)
		return 0;
	return r->bytes[r->at - 2] << 8 | r->bytes[r->at - 1];
}

static void skip_name(struct reader *r)
{
	while (r->at < r->length) {
		unsigned char label = r->bytes[r->at++];

		if (label >= POINTER)
			r->at++;
		if (label == 0 || label >= POINTER)
			return;
		r->at += label;
	}
	r->at = r->length + 1;
}

/* The question for a name: its bytes, or 0 if this cannot be a name. */
static int make_question(const char *name, unsigned number,
			 unsigned char *to, int size)
{
	int at = HEADER;

	memset(to, 0, HEADER);
	to[0] = number >> 8;
	to[1] = number;
	to[2] = WANTS_RECURSION;
	to[5] = 1;			/* one question */
	while (*name) {
		int label = strcspn(name, ".");

		if (label == 0 || label > 63 || at + label + 6 > size)
			return 0;
		to[at++] = label;
		memcpy(to + at, name, label);
		at += label;
		name += label;
		if (*name == '.')
			name++;
	}
	to[at++] = 0;
	to[at++] = 0;
	to[at++] = TYPE_ADDRESS;
	to[at++] = 0;
	to[at++] = CLASS_INTERNET;
	return at;
}

/* The addresses in an answer: their number, EAI_NONAME, or EAI_AGAIN. */
static int read_answer(struct reader *r, struct in_addr *found)
{
	int count = 0;
	unsigned records, type, length;

	if ((r->bytes[3] & CODE) == NO_SUCH_NAME)
		return EAI_NONAME;
	if (r->bytes[3] & CODE)
		return EAI_AGAIN;
	r->at = 6;
	records = take16(r);
	r->at = HEADER;
	skip_name(r);
	r->at += 4;
	while (records-- > 0 && r->at < r->length) {
		skip_name(r);
		type = take16(r);
		r->at += 6;		/* class, time to live */
		length = take16(r);
		if (r->at + (int)length > r->length)
			break;
		if (type == TYPE_ADDRESS && length == 4 &&
		    count < ADDRESSES_MOST)
			memcpy(&found[count++], r->bytes + r->at, 4);
		r->at += length;
	}
	return count > 0 ? count : EAI_NONAME;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Wait for a datagram until then. False: the time is over. */
static bool wait_until(int fd, int64_t end_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ready;

	do
		ready = poll(&poll_fd, 1, MAX(end_ms - now_ms(), 0));
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* Ask once, and wait for the answer to this question. Other datagrams do not
 * make the wait longer. */
static int ask(int fd, const unsigned char *question, int length,
	       struct in_addr *found)
{
	unsigned char answer[512];
	struct reader r = { .bytes = answer };
	int64_t end_ms = now_ms() + TRY_MS;

	if (send(fd, question, length, 0) < 0)
		return EAI_AGAIN;
	while (now_ms() < end_ms && wait_until(fd, end_ms)) {
		r.length = recv(fd, answer, sizeof(answer), 0);
		if (r.length >= length && memcmp(answer, question, 2) == 0 &&
		    (answer[2] & IS_ANSWER) &&
		    memcmp(answer + HEADER, question + HEADER,
			   length - HEADER) == 0)
			return read_answer(&r, found);
		if (r.length < 0)
			break;
	}
	return EAI_AGAIN;
}

/* The server's address behind this word in a line of the file; 0: none. */
static in_addr_t server_in(const char *path, const char *word)
{
	FILE *file = fopen(path, "r");
	struct in_addr server = { 0 };
	char line[256], *at;

	while (file && server.s_addr == 0 && fgets(line, sizeof(line), file)) {
		at = strstr(line, word);
		if (!at || (at = strtok(at + strlen(word), " \t\n")) == NULL ||
		    inet_pton(AF_INET, at, &server) != 1)
			server.s_addr = 0;
	}
	if (file)
		fclose(file);
	return server.s_addr;
}

int __dns_find(const char *name, struct in_addr *found)
{
	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	unsigned char question[HEADER + 256 + 8];
	uint16_t number;
	int fd, length, result = EAI_AGAIN;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return EAI_SYSTEM;
	length = make_question(name, number, question, sizeof(question));
	if (length == 0)
		return EAI_NONAME;
	server.sin_addr.s_addr = server_in("/etc/resolv.conf", "nameserver");
	if (!server.sin_addr.s_addr)
		server.sin_addr.s_addr = server_in("/proc/net", "name server");
	if (!server.sin_addr.s_addr)
		return EAI_AGAIN;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return EAI_SYSTEM;
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0)
		for (int i = 0; i < TRIES && result == EAI_AGAIN; i++)
			result = ask(fd, question, length, found);
	__quiet_close(fd);
	return result;
}
