/*
 * mailbox_stress.c - many clients, killed at random: no message is lost,
 * received twice or left behind. Parley only.
 *
 * The seed decides which process is killed, and when; the first argument sets
 * the seed.
 */
#include <mailbox.h>
#include <sched.h>

#include "tests/user/mailbox_case.h"

#define CLIENTS		20
#define ROUNDS		60

static unsigned seed = 1;

static unsigned choose(unsigned limit)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % limit;
}

struct order {
	int client;
	int number;
};

/* The replies of each client, and the requests that the server has done:
   shared. */
static struct {
	volatile int served[CLIENTS + 1];	/* the last: of the parent */
	volatile int answered[CLIENTS + 1];
	volatile int broken;
} *book;

static void open_book(void)
{
	book = mmap(NULL, sizeof(*book), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(book != MAP_FAILED);
}

/* ---- Calls --------------------------------------------------------------- */

static void place_order(int client)
{
	struct order order = { client, book->answered[client] + 1 }, answer;
	struct message message = { .type = 1 + client % 3,
				   .bytes = sizeof(order), .fd = -1 };

	if (mailbox_call(box, &message, &order, &answer, sizeof(answer),
			 NULL) != sizeof(answer))
		_exit(1);
	if (answer.client != client || answer.number != -order.number)
		book->broken++;
	book->answered[client] = order.number;
}

static void be_client(int client)
{
	for (;;)
		place_order(client);
}

static void be_server(void)
{
	struct order order, answer;

	for (;;) {
		head = (struct message){ 0 };
		if (mailbox_receive(box, &head, &order, sizeof(order), 0,
				    NULL) != sizeof(order))
			_exit(1);
		/* The number after the last number: no number twice, none left
		   out. */
		if (order.number != book->served[order.client] + 1)
			book->broken++;
		book->served[order.client] = order.number;
		answer = (struct order){ order.client, -order.number };
		head.flags = 0;
		head.bytes = sizeof(answer);
		if (mailbox_reply(box, &head, &answer) != 0 && errno != ESRCH)
			_exit(2);
	}
}

static pid_t start_client(int client)
{
	pid_t pid;

	book->served[client] = book->answered[client] = 0;
	pid = fork_or_fail();
	if (pid == 0)
		be_client(client);
	return pid;
}

static void stress(long capacity)
{
	pid_t client[CLIENTS], server;
	int which;

	open_book();
	box = private_box(capacity, sizeof(struct order));
	server = fork_or_fail();
	if (server == 0)
		be_server();
	for (int i = 0; i < CLIENTS; i++)
		client[i] = start_client(i);
	for (int round = 0; round < ROUNDS; round++) {
		if (choose(3) == 0)
			case_pause();
		which = choose(CLIENTS);
		expect(kill_and_wait(client[which]) == -SIGKILL);
		/* The server may still serve a request of the killed client: a
		   later request is served after. */
		place_order(CLIENTS);
		client[which] = start_client(which);
	}
	for (int i = 0; i < CLIENTS; i++)
		while (book->answered[i] < 3)	/* they all go on */
			case_pause();
	for (int i = 0; i < CLIENTS; i++)
		expect(kill_and_wait(client[i]) == -SIGKILL);
	expect(kill_and_wait(server) == -SIGKILL);
	expect(!book->broken && held() == 0);
}

CASE(clients_of_a_rendezvous_are_killed_at_random)
{
	stress(0);
}

CASE(clients_of_a_small_box_are_killed_at_random)
{
	stress(3);
}

CASE(clients_of_an_unbounded_box_are_killed_at_random)
{
	stress(MAILBOX_UNBOUNDED);
}

/* ---- Receivers ----------------------------------------------------------- */

#define NUMBERS		400

static void be_receiver(int out)
{
	int number;

	/* A write of the whole number, before the next receive: a kill cannot
	 * come between, since only sleeping receivers are killed. */
	while (mailbox_receive(box, NULL, &number, sizeof(number), 0, NULL) ==
	       sizeof(number))
		if (write(out, &number, sizeof(number)) != sizeof(number))
			_exit(1);
	_exit(2);
}

static pid_t start_receiver(int out)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		be_receiver(out);
	return pid;
}

CASE(receivers_killed_asleep_lose_no_number)
{
	static char seen[NUMBERS];
	struct message message = { .bytes = sizeof(int), .fd = -1 };
	pid_t receiver[5];
	int out[2], number, which;

	box = private_box(4, sizeof(int));
	require(pipe(out) == 0);
	for (int i = 0; i < 5; i++)
		receiver[i] = start_receiver(out[1]);
	for (int i = 0; i < NUMBERS; i++) {
		require(mailbox_send(box, &message, &i, 0, NULL) == 0);
		if (i % 10)
			continue;
		which = choose(5);
		until_asleep(receiver[which]);
		while (held() > 0)
			sched_yield();
		until_asleep(receiver[which]);
		kill_and_wait(receiver[which]);
		receiver[which] = start_receiver(out[1]);
	}
	for (int i = 0; i < NUMBERS; i++) {
		require(read_all(out[0], &number, sizeof(number)));
		require(number >= 0 && number < NUMBERS && !seen[number]++);
	}
	for (int i = 0; i < 5; i++)
		kill_and_wait(receiver[i]);
	expect(held() == 0);
}

/* ---- Servers that die ---------------------------------------------------- */

static int call_until_epipe(void)
{
	while (call("x") >= 0)
		;
	return errno == EPIPE ? 7 : 1;
}

static int serve_some(void)
{
	for (int i = 0; i < 30; i++)
		serve_one();
	mailbox_receive(box, NULL, body, BYTES, 0, NULL);
	return 7;
}

CASE(server_that_dies_ends_the_call_that_it_had)
{
	pid_t client[5], server;

	new_box(2);
	for (int i = 0; i < 5; i++)
		client[i] = start(call_until_epipe);
	/* Each server ends during a call, so one client ends with each
	   server. */
	for (int i = 0; i < 5; i++) {
		server = start(serve_some);
		expect(result_of(server) == 7);
	}
	for (int i = 0; i < 5; i++)
		expect(result_of(client[i]) == 7);
	expect(held() == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9')
		seed = strtoul(argv[1], NULL, 10), argc = 1;
	return run_cases(argc, argv);
}
