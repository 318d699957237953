/*
 * mailbox_server.c - mailbox_reply_receive(), and calls handed over from stack
 * to stack: the same as through the box, whatever goes wrong in between.
 * Parley's own.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"

#define CALLS	400

/* ---- Servers ------------------------------------------------------------ */

/* Body and type come back changed; type 9 ends the server. */
static int serve(void)
{
	ssize_t bytes;

	head = (struct message){ 0 };
	for (;;) {
		bytes = mailbox_reply_receive(box, &head, body, body, BYTES);
		if (bytes < 0)
			return 1;
		if (head.type == 9)
			return 7;
		for (ssize_t i = 0; i < bytes; i++)
			body[i] ^= 0x55;
		head.type++;
	}
}

static void stop(pid_t server)
{
	expect(put(9, "", 0) == 0);
	expect(result_of(server) == 7);
}

CASE(server_answers_and_receives_in_one_call)
{
	pid_t server;

	new_box(4);
	server = start_asleep(serve);
	expect(call("abc") == 4 && body[0] == ('a' ^ 0x55));
	expect(call("xyz") == 4 && body[2] == ('z' ^ 0x55));
	stop(server);
}

CASE(bodies_of_all_lengths_arrive_whole_and_no_longer)
{
	char request[BYTES + 1], reply[BYTES + 1];
	pid_t server;

	new_box(0);
	server = start_asleep(serve);
	for (uint32_t bytes = 0; bytes <= BYTES; bytes++) {
		struct message message = { .type = bytes + 10, .bytes = bytes };

		memset(request, bytes, sizeof(request));
		memset(reply, 0x11, sizeof(reply));
		expect(mailbox_call(box, &message, request, reply, BYTES,
				    NULL) == (ssize_t)bytes);
		expect(message.type == bytes + 11 && message.fd == -1);
		expect(message.sender == server && message.flags == 0);
		expect(message.receiver == getpid() && message.bytes == bytes);
		for (uint32_t i = 0; i < bytes; i++)
			expect(reply[i] == (char)(bytes ^ 0x55));
		expect(reply[bytes] == 0x11);
	}
	stop(server);
}

static int look_at_header(void)
{
	head = (struct message){ .type = 3, .sender = 4711 };
	if (mailbox_receive(box, NULL, body, BYTES, 0, NULL) != 2)
		return 1;
	head.id = 0;
	if (mailbox_reply_receive(box, &head, NULL, body, BYTES) != 3)
		return 2;
	return head.type == 5 && head.sender == getppid() && head.id != 0 &&
	       head.receiver == 0 && head.bytes == 3 && head.fd == -1 &&
	       head.flags == MESSAGE_WANTS_REPLY ? 7 : 3;
}

CASE(handed_over_header_is_stamped)
{
	struct message message = {
		.type = 5, .sender = 1, .id = 99, .bytes = 3, .fd = 42,
	};
	pid_t server;

	new_box(4);
	server = start_asleep(look_at_header);
	expect(put(1, "x", 0) == 0);
	until_asleep(server);
	expect_error(mailbox_call(box, &message, "ab", body, BYTES, NULL),
		     EPIPE);
	expect(result_of(server) == 7);
}

/* ---- Errors ------------------------------------------------------------- */

static ssize_t reply_receive(uint32_t id, uint32_t bytes)
{
	head = (struct message){ .id = id, .bytes = bytes, .fd = -1 };
	return mailbox_reply_receive(box, &head, body, body, BYTES);
}

CASE(failed_reply_says_why_and_receives_nothing)
{
	new_box(4);
	expect(put(1, "stays", 0) == 0);
	expect_error(reply_receive(4711, 0), ESRCH);
	expect(held() == 1);
	expect(reply_receive(0, 0) == 6 && strcmp(body, "stays") == 0);
	expect_error(mailbox_reply_receive(77, &head, body, body, BYTES),
		     EBADF);
	expect_error(mailbox_reply_receive(box, (void *)16, body, body, BYTES),
		     EFAULT);
	head = (struct message){ .id = 1, .flags = 64 };
	expect_error(mailbox_reply_receive(box, &head, body, body, BYTES),
		     EINVAL);
	head = (struct message){ .id = 1, .receiver = -1 };
	expect_error(mailbox_reply_receive(box, &head, body, body, BYTES),
		     EINVAL);
}

static int call_for_long(void)
{
	struct message message = { .type = 1, .bytes = 1 };

	return mailbox_call(box, &message, "q", body, 8, NULL) == 3 ? 7 : 1;
}

/* The caller waits on, and gets the right reply. */
CASE(reply_that_cannot_go_out_leaves_the_caller_waiting)
{
	struct message asked;
	pid_t child;

	new_box(4);
	child = start_asleep(call_for_long);
	require(reply_receive(0, 0) == 1);
	asked = head;
	expect_error(reply_receive(asked.id, BYTES + 1), EMSGSIZE);
	head = (struct message){ .id = asked.id, .bytes = 4 };
	expect_error(mailbox_reply_receive(box, &head, (void *)16, body, BYTES),
		     EFAULT);
	head = (struct message){
		.id = asked.id, .flags = MESSAGE_HAS_FD, .fd = 77,
	};
	expect_error(mailbox_reply_receive(box, &head, body, body, BYTES),
		     EBADF);
	expect(put(1, "next", 0) == 0);
	expect(reply_receive(asked.id, 3) == 5);
	expect(result_of(child) == 7);
}

static int call_with_little_room(void)
{
	struct message message = { .type = 1, .bytes = 1 };

	return mailbox_call(box, &message, "q", body, 2, NULL) == -1 &&
	       errno == EMSGSIZE ? 7 : 1;
}

CASE(reply_longer_than_the_callers_room_is_lost)
{
	pid_t child;

	new_box(4);
	child = start_asleep(call_with_little_room);
	require(reply_receive(0, 0) == 1);
	head = (struct message){ .id = head.id, .bytes = 3 };
	expect(mailbox_reply(box, &head, "abc") == 0);
	expect(result_of(child) == 7);
}

CASE(failed_receive_after_the_reply_forgets_whom_it_answered)
{
	pid_t child;

	new_box(4);
	child = start_asleep(call_for_long);
	require(reply_receive(0, 0) == 1);
	require(fcntl(box, F_SETFL, O_NONBLOCK) == 0);
	expect_error(reply_receive(head.id, 3), EAGAIN);
	expect(head.id == 0);
	expect(result_of(child) == 7);
	expect(put(1, "0123456789", 0) == 0);
	expect_error(mailbox_reply_receive(box, &head, NULL, body, 4),
		     EMSGSIZE);
	expect(mailbox_reply_receive(box, &head, NULL, body, BYTES) == 11);
}

static int be_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return reply_receive(0, 0) == -1 && errno == EINTR && head.id == 0
		? 7 : 1;
}

CASE(signal_ends_the_receiving_with_eintr)
{
	pid_t child;

	new_box(4);
	child = start_asleep(be_interrupted);
	kill(child, SIGUSR1);
	expect(result_of(child) == 7);
}

/* ---- Handed over, and gone wrong ---------------------------------------- */

static int receive_badly(void)
{
	struct message message = { 0 };
	int failed = mailbox_receive(box, &message, (void *)16, BYTES, 0,
				     NULL) == -1 && errno == EFAULT;

	return failed && serve_one() == 7 ? 7 : 1;
}

CASE(request_to_a_bad_address_goes_to_the_next_who_receives)
{
	pid_t bad;

	new_box(0);
	bad = start_asleep(receive_badly);
	expect(call("abc") == 4 && strcmp(body, "bbc") == 0);
	expect(result_of(bad) == 7);
}

static int call_badly(void)
{
	struct message message = { .type = 1, .bytes = 2 };

	return mailbox_call(box, &message, "a", (void *)16, BYTES, NULL) == -1
		&& errno == EFAULT ? 7 : 1;
}

CASE(reply_to_a_bad_address_is_efault_for_the_caller_alone)
{
	pid_t child;

	new_box(4);
	child = start_asleep(call_badly);
	require(reply_receive(0, 0) == 2);
	head.flags = 0;
	expect(mailbox_reply(box, &head, body) == 0);
	expect(result_of(child) == 7);
}

static int receive_and_die(void)
{
	head = (struct message){ 0 };
	mailbox_reply_receive(box, &head, NULL, body, BYTES);
	return 7;
}

CASE(server_that_ends_gives_its_callers_epipe)
{
	pid_t server;

	new_box(4);
	server = start_asleep(receive_and_die);
	expect_error(call("x"), EPIPE);
	expect(result_of(server) == 7);
}

CASE(server_killed_while_it_waits_leaves_the_box_usable)
{
	pid_t server;

	new_box(4);
	kill_and_wait(start_asleep(serve));
	server = start_asleep(serve);
	expect(call("abc") == 4);
	stop(server);
}

/* ---- Both ways, the same ------------------------------------------------ */

static uint32_t next_random(void)
{
	static uint32_t state = 4711;

	state = state * 1664525 + 1013904223;
	return state >> 8;
}

struct outcome {
	ssize_t result;
	int error;
	struct message head;
	char reply[BYTES + 8];
};

static int call_and_wait(void)
{
	return call("never answered") == -1 ? 7 : 1;
}

/* The server keeps a debt: one caller without a reply, before all later
   calls. */
static int serve_in_debt(void)
{
	head = (struct message){ 0 };
	if (mailbox_receive(box, &head, body, BYTES, 0, NULL) < 0)
		return 1;
	return serve();
}

/* One call of random arguments. */
static void call_at_random(uint32_t seed, const struct timespec *deadline,
			   struct outcome *out)
{
	static const uintptr_t bad[] = { 16, 0xbffffff0, 0xc0000000, -4u };
	char request[BYTES + 8];
	const void *from = request;
	void *to = out->reply;
	size_t room;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(request); i++)
		request[i] = seed + i * 7;
	out->head = (struct message){
		.type = 10 + seed % 5, .bytes = (seed >> 3) % (BYTES + 4),
		.sender = seed, .id = seed, .fd = seed & 64 ? -1 : 5,
		.receiver = seed % 37 == 0 ? -1 : 0,
		.flags = seed % 31 == 0 ? 8 : 0,
	};
	room = seed % 7 == 0 ? (seed >> 9) % BYTES : BYTES;
	if (seed % 23 == 0)
		from = (void *)bad[(seed >> 5) % 4];
	if (seed % 29 == 0)
		to = (void *)bad[(seed >> 5) % 4];
	errno = 0;
	out->result = mailbox_call(box, &out->head, from, to, room, deadline);
	out->error = errno;
}

/* The same call by both ways: a deadline, even in the far future, and a server
 * with a debt make the kernel take the general way. */
static void compare_ways(uint32_t seed, int hand_box, int other_box,
			 pid_t hand_server, pid_t other_server)
{
	struct timespec deadline = { .tv_sec = 100000 };
	struct outcome handed, general;

	box = hand_box;
	call_at_random(seed, NULL, &handed);
	box = other_box;
	call_at_random(seed, &deadline, &general);
	expect(handed.result == general.result);
	expect(handed.error == general.error);
	if (handed.result >= 0) {
		expect(handed.head.id < general.head.id);
		expect(handed.head.sender == hand_server);
		expect(general.head.sender == other_server);
		handed.head.id = general.head.id;
		handed.head.sender = general.head.sender;
	}
	expect(memcmp(&handed, &general, sizeof(handed)) == 0);
}

CASE(handing_over_changes_no_result_of_a_call)
{
	pid_t server, debtor, creditor;
	int hand_box, other_box;

	new_box(0);
	hand_box = box;
	server = start_asleep(serve);
	new_box(0);
	other_box = box;
	debtor = start_asleep(serve_in_debt);
	creditor = start_asleep(call_and_wait);
	for (int i = 0; i < CALLS; i++)
		compare_ways(next_random(), hand_box, other_box, server,
			     debtor);
	stop(debtor);
	expect(result_of(creditor) == 7);
	box = hand_box;
	expect(held() == 0);
	stop(server);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
