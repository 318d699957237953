/*
 * dns_parley.c - getaddrinfo() asks a name server, which may answer anything.
 *
 * The server is a child of the test. A script says what the server sends for
 * each question. The network is hostile: an answer may be cut, forged, or a
 * circle of pointers.
 */
#include <netdb.h>

#include "tests/user/inet.h"

#define PATH		"/etc/resolv.conf"
#define BYTES_MOST	512
#define HEADER		12
#define ADDRESSES_MOST	16

/* A message, written from the front. */
struct message {
	unsigned char bytes[BYTES_MOST];
	int length;
};

/* What the server does with question number `count`: fill in the answer, which
 * begins as a copy of the question. False: no answer. */
typedef int script(struct message *answer, int count);

static pid_t server;
static int server_fd;
static struct sockaddr_in client;	/* that asked the last question */

static void add(struct message *message, const void *bytes, int count)
{
	require(message->length + count <= BYTES_MOST);
	memcpy(message->bytes + message->length, bytes, count);
	message->length += count;
}

/* A record about the name of the question. */
static void add_record(struct message *answer, int type, const void *data,
		       int bytes)
{
	const unsigned char head[] = {
		0xc0, HEADER, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes,
	};

	add(answer, head, sizeof(head));
	add(answer, data, bytes);
	answer->bytes[7]++;
}

static void add_address(struct message *answer, unsigned char last)
{
	add_record(answer, 1, (unsigned char[]){ 10, 0, 0, last }, 4);
}

static void serve(script *answer_to)
{
	struct sockaddr_in place = place_of(53);
	struct message message;
	socklen_t bytes;

	server_fd = socket(AF_INET, SOCK_DGRAM, 0);
	require(bind(server_fd, (struct sockaddr *)&place, sizeof(place)) == 0);
	kill(getppid(), SIGUSR1);
	for (int count = 0;; count++) {
		bytes = sizeof(client);
		message.length = recvfrom(server_fd, message.bytes, BYTES_MOST,
					  0, (struct sockaddr *)&client,
					  &bytes);
		require(message.length > HEADER);
		message.bytes[2] |= 0x80;	/* an answer */
		if (answer_to(&message, count))
			sendto(server_fd, message.bytes, message.length, 0,
			       (struct sockaddr *)&client, bytes);
	}
}

static void start_server(script *answer_to)
{
	FILE *file = fopen(PATH, "w");
	sigset_t set;
	int number;

	require(file && fputs("nameserver 127.0.0.1\n", file) >= 0);
	require(fclose(file) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	server = fork_or_fail();
	if (server == 0)
		serve(answer_to);
	require(sigwait(&set, &number) == 0);
}

static void stop_server(void)
{
	kill_and_wait(server);
	unlink(PATH);
}

/* Look the name up: the number of addresses, or the error. */
static int look_up(const char *name, struct in_addr *first)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list, *at;
	int count = 0, error = getaddrinfo(name, NULL, &hints, &list);

	if (error)
		return error;
	*first = ((struct sockaddr_in *)list->ai_addr)->sin_addr;
	for (at = list; at; at = at->ai_next)
		count++;
	freeaddrinfo(list);
	return count;
}

/* The same with a server for this lookup alone. */
static int look_up_at(script *answer_to, struct in_addr *first)
{
	int result;

	start_server(answer_to);
	result = look_up("a.name.example", first);
	stop_server();
	return result;
}

/* ---- Answers ------------------------------------------------------------- */

static int one_address(struct message *answer, int count)
{
	(void)count;
	add_address(answer, 7);
	return 1;
}

CASE(address_of_a_name_is_not_found)
{
	struct in_addr found;

	expect(look_up_at(one_address, &found) == 1);
	expect(strcmp(inet_ntoa(found), "10.0.0.7") == 0);
}

static int alias_and_address(struct message *answer, int count)
{
	const unsigned char alias[] = { 1, 'b', 0xc0, HEADER };

	(void)count;
	add_record(answer, 5, alias, sizeof(alias));
	add_address(answer, 8);
	return 1;
}

CASE(alias_hides_the_address)
{
	struct in_addr found;

	expect(look_up_at(alias_and_address, &found) == 1);
	expect(strcmp(inet_ntoa(found), "10.0.0.8") == 0);
}

static int many_addresses(struct message *answer, int count)
{
	(void)count;
	for (int i = 0; i < 28; i++)
		add_address(answer, i);
	return 1;
}

CASE(more_addresses_than_fit_are_written)
{
	struct in_addr found;

	expect(look_up_at(many_addresses, &found) == ADDRESSES_MOST);
}

static int no_such_name(struct message *answer, int count)
{
	(void)count;
	answer->bytes[3] |= 3;
	return 1;
}

CASE(name_that_does_not_exist_is_asked_for_again)
{
	struct in_addr found;

	expect(look_up_at(no_such_name, &found) == EAI_NONAME);
}

static int only_an_alias(struct message *answer, int count)
{
	const unsigned char alias[] = { 1, 'b', 0xc0, HEADER };

	(void)count;
	add_record(answer, 5, alias, sizeof(alias));
	return 1;
}

CASE(name_without_an_address_has_one)
{
	struct in_addr found;

	expect(look_up_at(only_an_alias, &found) == EAI_NONAME);
}

/* ---- Answers that do not come, or do not count --------------------------- */

static int second_time(struct message *answer, int count)
{
	add_address(answer, 9);
	return count > 0;
}

CASE(lost_question_is_not_asked_again)
{
	struct in_addr found;

	expect(look_up_at(second_time, &found) == 1);
	expect(strcmp(inet_ntoa(found), "10.0.0.9") == 0);
}

static int overloaded_at_first(struct message *answer, int count)
{
	add_address(answer, 9);
	answer->bytes[3] |= count == 0 ? 2 : 0;
	return 1;
}

CASE(overloaded_server_is_believed)
{
	struct in_addr found;

	expect(look_up_at(overloaded_at_first, &found) == 1);
}

/* The first answers are for somewhere else: their number, their question, or
 * the kind of message is wrong. */
static int forged(struct message *answer, int count)
{
	add_address(answer, count < 3 ? 66 : 10);
	if (count == 0)
		answer->bytes[0] ^= 1;
	else if (count == 1)
		answer->bytes[HEADER + 1] ^= 1;
	else
		answer->bytes[2] &= ~0x80;
	return 1;
}

CASE(forged_answer_counts)
{
	struct in_addr found;

	expect(look_up_at(forged, &found) == EAI_AGAIN);
}

/* After the first question, forged answers come every tenth of a second, until
 * the next question. After ten seconds the server gives up. */
static int flood(struct message *answer, int count)
{
	struct pollfd next = { .fd = server_fd, .events = POLLIN };
	static int sent;

	add_address(answer, 11);
	if (count > 0) {
		answer->bytes[3] |= sent == 100 ? 3 : 0;
		return 1;
	}
	answer->bytes[0] ^= 1;
	while (sent < 100 && poll(&next, 1, 100) == 0) {
		sendto(server_fd, answer->bytes, answer->length, 0,
		       (struct sockaddr *)&client, sizeof(client));
		sent++;
	}
	return 0;
}

CASE(flood_of_forged_answers_holds_the_program)
{
	struct in_addr found;

	expect(look_up_at(flood, &found) == 1);
}

CASE(server_that_is_not_there_is_waited_for)
{
	struct in_addr found;

	start_server(one_address);
	kill_and_wait(server);
	expect(look_up("a.name.example", &found) == EAI_AGAIN);
	unlink(PATH);
}

/* ---- Broken answers ------------------------------------------------------ */

static int cut_more_each_time(struct message *answer, int count)
{
	int question = answer->length;

	add_address(answer, 12);
	add_address(answer, 13);
	answer->length -= count % (answer->length - question + 1);
	return 1;
}

CASE(cut_answer_is_read_beyond_its_end)
{
	struct in_addr found;
	int count;

	start_server(cut_more_each_time);
	for (int i = 0; i <= 32; i++) {
		count = look_up("a.name.example", &found);
		expect(count == (i == 0 ? 2 : i <= 16 ? 1 : EAI_NONAME));
	}
	stop_server();
}

static int circle(struct message *answer, int count)
{
	unsigned char self[] = { 0xc0, answer->length };

	(void)count;
	add(answer, self, sizeof(self));
	answer->bytes[7]++;
	return 1;
}

CASE(circle_of_pointers_is_followed_for_ever)
{
	struct in_addr found;

	expect(look_up_at(circle, &found) == EAI_NONAME);
}

static int long_address(struct message *answer, int count)
{
	(void)count;
	add_record(answer, 1, "12345", 5);
	add_record(answer, 1, "123", 3);
	return 1;
}

CASE(record_of_a_wrong_length_is_an_address)
{
	struct in_addr found;

	expect(look_up_at(long_address, &found) == EAI_NONAME);
}

static int noise(struct message *answer, int count)
{
	srand(count);
	answer->bytes[6] = rand();
	answer->bytes[7] = rand();
	for (int i = rand() % (BYTES_MOST - answer->length); i > 0; i--)
		add(answer, &(unsigned char){ rand() }, 1);
	return 1;
}

CASE(noise_breaks_the_program)
{
	struct in_addr found;
	int count;

	start_server(noise);
	for (int i = 0; i < 300; i++) {
		count = look_up("a.name.example", &found);
		expect(count <= ADDRESSES_MOST);
	}
	stop_server();
}

CASE(impossible_name_is_asked_for)
{
	char label[80] = "";
	struct in_addr found;

	start_server(one_address);
	memset(label, 'x', 64);
	expect(look_up(label, &found) == EAI_NONAME);
	expect(look_up("two..dots", &found) == EAI_NONAME);
	expect(look_up(".first", &found) == EAI_NONAME);
	stop_server();
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
