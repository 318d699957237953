/*
 * ping.c - does a machine answer, and how fast?
 *
 * The protocol ICMP has a packet "echo": who gets the packet sends the packet
 * back. The kernel at the far end answers, and no program runs there. Packets
 * may be lost, so the wait for each answer has an end.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netdb.h>
#include <poll.h>
#include <program.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"ping [-c COUNT] [-w MILLISECONDS] HOST\n"
	"Sends packets to HOST, which HOST sends back.\n"
	"  -c  how many packets; without, 4\n"
	"  -w  how long to wait for each; without, 1000\n";

#define ECHO_REQUEST	8
#define ECHO_REPLY	0
#define IP_WORDS(byte)	((byte) & 15)	/* length of the IP header */

struct echo {
	uint8_t type, code;
	uint16_t checksum;
	uint16_t id, number;
	char bytes[48];
};

/* The sum of all words in ones' complement is 0 for a sound packet. */
static uint16_t checksum(const void *packet, size_t bytes)
{
	const uint16_t *word = packet;
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes / 2; i++)
		sum += word[i];
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16));
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Wait for the answer to this packet. 0: none came in time. */
static int wait_for_reply(int fd, const struct echo *sent, double end_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	unsigned char packet[256];
	struct echo reply;
	ssize_t bytes, header;

	for (;;) {
		double left = end_ms - now_ms();

		if (left < 0 || poll(&poll_fd, 1, left + 1) <= 0)
			return 0;
		bytes = recv(fd, packet, sizeof(packet), 0);
		if (bytes < 0)
			err(1, "recv");
		header = 4 * IP_WORDS(packet[0]);
		if (bytes < header + (ssize_t)sizeof(reply))
			continue;
		memcpy(&reply, packet + header, sizeof(reply));
		if (reply.type == ECHO_REPLY && reply.id == sent->id &&
		    reply.number == sent->number)
			return 1;
	}
}

static int ping(int fd, const struct sockaddr_in *to, int number, int wait_ms)
{
	struct echo echo = {
		.type = ECHO_REQUEST,
		.id = getpid(),
		.number = htons(number),
	};
	double start = now_ms();

	echo.checksum = checksum(&echo, sizeof(echo));
	if (sendto(fd, &echo, sizeof(echo), 0, (const struct sockaddr *)to,
		   sizeof(*to)) < 0)
		err(1, "%s", inet_ntoa(to->sin_addr));
	if (!wait_for_reply(fd, &echo, start + wait_ms)) {
		printf("packet %d: no answer\n", number);
		return 0;
	}
	printf("packet %d: %.3f ms\n", number, now_ms() - start);
	fflush(stdout);
	return 1;
}

int main(int argc, char **argv)
{
	const struct addrinfo hints = { .ai_family = AF_INET,
					.ai_socktype = SOCK_DGRAM };
	struct addrinfo *host;
	int option, count = 4, wait_ms = 1000, answers = 0, fd, error;

	while ((option = getopt(argc, argv, "hc:w:")) != -1)
		switch (option) {
		case 'c':
			count = parse_number(optarg, 1, 1000000, "count");
			break;
		case 'w':
			wait_ms = parse_number(optarg, 1, 100000, "time");
			break;
		default:
			usage(option, help);
		}
	if (argc - optind != 1)
		usage('?', help);
	error = getaddrinfo(argv[optind], NULL, &hints, &host);
	if (error)
		errx(1, "%s: %s", argv[optind], gai_strerror(error));
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (fd < 0)
		err(1, "socket");
	for (int i = 1; i <= count; i++)
		answers += ping(fd, (struct sockaddr_in *)host->ai_addr, i,
				wait_ms);
	printf("%d of %d came back\n", answers, count);
	return finish(answers > 0 ? 0 : 1);
}
