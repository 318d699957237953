/*
 * mailbox_long.c - messages whose body is copied in parts, with a chance to
 * switch after each part. Parley only.
 *
 * tests/tools/latency looks at the longest stretch of these calls.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/parley_test.h"
#include "tests/user/thread_case.h"

#define PAGE	4096u
#define MIB	(1u << 20)
#define PARTS	(80u * 1024)		/* five parts */

static unsigned char *from, *to;

static unsigned char letter(size_t i, int number)
{
	return i / PAGE * 7 + i % 251 + number;
}

static unsigned char *map_bytes(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(at != MAP_FAILED);
	return at;
}

static void write_body(unsigned char *at, size_t bytes, int number)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = letter(i, number);
}

static int is_whole(const unsigned char *at, size_t bytes, int number)
{
	for (size_t i = 0; i < bytes; i++)
		if (at[i] != letter(i, number))
			return 0;
	return 1;
}

static void long_box(long capacity)
{
	box = private_box(capacity, MIB);
	from = map_bytes(MIB + PAGE) + 4;
	to = map_bytes(MIB + PAGE) + 8;
}

static int send_long(int number, size_t bytes, int flags)
{
	struct message message = { .type = number, .bytes = bytes, .fd = -1 };

	write_body(from, bytes, number);
	return mailbox_send(box, &message, from, flags, NULL);
}

static ssize_t receive_long(void *at, size_t bytes, int flags)
{
	head = (struct message){ 0 };
	return mailbox_receive(box, &head, at, bytes, flags, NULL);
}

/* The number of the message, or 0. */
static int receive_whole(size_t bytes, int flags)
{
	memset(to, 0, bytes);
	if (receive_long(to, bytes, flags) != (ssize_t)bytes)
		return 0;
	return is_whole(to, bytes, head.type) ? (int)head.type : 0;
}

static int receive_mebibyte(void)
{
	return receive_whole(MIB, 0);
}

/* All but the last page is memory. */
static int receive_at_a_hole(void)
{
	unsigned char *at = map_bytes(MIB + PAGE);

	require(munmap(at + MIB - PAGE, 2 * PAGE) == 0);
	return receive_long(at, MIB, 0) == -1 && errno == EFAULT ? 50 : 51;
}

/* ---- Whole messages ------------------------------------------------------ */

CASE(long_message_is_torn)
{
	long_box(2);
	expect(send_long(1, MIB, 0) == 0 && send_long(2, MIB - 1, 0) == 0);
	expect(receive_whole(MIB, 0) == 1);
	expect(receive_whole(MIB - 1, 0) == 2);
}

CASE(long_message_does_not_wake_its_receiver)
{
	pid_t child;

	for (int capacity = 0; capacity < 2; capacity++) {
		long_box(capacity);
		child = start_asleep(receive_mebibyte);
		expect(send_long(3, MIB, 0) == 0);
		expect(result_of(child) == 3 && held() == 0);
	}
}

/* No page of these can move. */
CASE(long_gift_that_cannot_move_is_torn)
{
	long_box(2);
	expect(send_long(4, MIB, MAILBOX_GIFT) == 0);
	expect(receive_whole(MIB, 0) == 4);
}

/* The receiver's buffer takes no pages: the gift is copied. */
CASE(long_gift_for_an_odd_address_is_torn)
{
	long_box(2);
	from -= 4;
	expect(send_long(5, MIB, MAILBOX_GIFT) == 0 && from[MIB / 2] == 0);
	expect(receive_whole(MIB, 0) == 5);
}

static int serve_long(void)
{
	if (receive_whole(MIB, 0) != 6 || !(head.flags & MESSAGE_WANTS_REPLY))
		return 1;
	write_body(from, MIB, 7);
	head.flags = 0;
	head.fd = -1;
	return mailbox_reply(box, &head, from) == 0 ? 8 : 2;
}

static ssize_t call_long(size_t room)
{
	struct message message = { .type = 6, .bytes = MIB, .fd = -1 };

	write_body(from, MIB, 6);
	return mailbox_call(box, &message, from, to, room, NULL);
}

CASE(long_call_or_reply_is_torn)
{
	pid_t server;

	for (int capacity = 0; capacity < 2; capacity++) {
		long_box(capacity);
		server = start(serve_long);
		expect(call_long(MIB) == MIB && is_whole(to, MIB, 7));
		expect(result_of(server) == 8);
		server = start_asleep(serve_long);
		expect_error(call_long(PAGE), EMSGSIZE);
		expect(result_of(server) == 8);
	}
}

/* ---- Errors lose no message ---------------------------------------------- */

CASE(bad_address_moves_a_long_message_in_its_box)
{
	long_box(4);
	require(send_long(1, MIB, 0) == 0 && send_long(2, MIB, 0) == 0);
	expect_error(receive_long(nowhere, MIB, 0), EFAULT);
	expect_error(receive_long(to, MIB - 1, 0), EMSGSIZE);
	expect(run_in_child(receive_at_a_hole) == 50);
	expect(held() == 2 && polls(box, POLLIN) == POLLIN);
	expect(receive_whole(MIB, 0) == 1 && receive_whole(MIB, 0) == 2);
}

CASE(bad_address_keeps_a_long_message_from_the_next_receiver)
{
	pid_t bad, good;

	for (int capacity = 0; capacity < 2; capacity++) {
		long_box(capacity);
		bad = start_asleep(receive_at_a_hole);
		good = start_asleep(receive_mebibyte);
		expect(send_long(9, MIB, 0) == 0);
		expect(result_of(bad) == 50 && result_of(good) == 9);
	}
}

CASE(bad_address_of_the_sender_sends_a_part)
{
	struct message message = { .type = 1, .bytes = MIB, .fd = -1 };

	long_box(2);
	require(munmap(from - 4 + MIB - PAGE, 2 * PAGE) == 0);
	expect_error(mailbox_send(box, &message, from, 0, NULL), EFAULT);
	expect(held() == 0);
}

/* The send may wait for the copy of a receiver, and for no receiver. */
CASE(long_send_that_may_not_wait_waits_for_a_receiver)
{
	pid_t child;

	long_box(0);
	expect_error(send_long(1, MIB, MAILBOX_NONBLOCK), EAGAIN);
	child = start_asleep(receive_mebibyte);
	expect(send_long(2, MIB, MAILBOX_NONBLOCK) == 0);
	expect(result_of(child) == 2);
	child = start_asleep(receive_at_a_hole);
	expect_error(send_long(3, MIB, MAILBOX_NONBLOCK), EAGAIN);
	expect(result_of(child) == 50 && held() == 0);
	expect_error(receive_long(to, MIB, MAILBOX_NONBLOCK), EAGAIN);
}

/* ---- A switch at each chance --------------------------------------------- */

static int receive_parts(void)
{
	return receive_whole(PARTS, 0);
}

static int send_parts_sync(void)
{
	return send_long(1, PARTS, MAILBOX_SYNC) == 0 ? 7 : 1;
}

CASE(kill_of_a_receiver_that_copies_loses_the_message)
{
	int is_over = 0, result;
	pid_t child;

	long_box(2);
	for (int chance = 1; chance < 60 && !is_over; chance++) {
		require(send_long(1, PARTS, 0) == 0);
		require(send_long(2, PARTS, 0) == 0);
		test_switch_at(chance, 0);
		child = start(receive_parts);
		sched_yield();
		result = kill_and_wait(child);
		is_over = test_switch_at(0, 0) > 0;
		expect(result == 1 || result == -SIGKILL);
		expect(held() == 1 || (result == -SIGKILL && held() == 2));
		while (held() > 0)
			expect(receive_whole(PARTS, 0) ==
			       (held() == 1 ? 1 : 2));
	}
}

/* The sender is killed while the receiver copies. */
CASE(withdrawn_long_message_is_received)
{
	int is_over = 0, sent, taken;
	pid_t sender, killer;

	long_box(2);
	for (int chance = 1; chance < 60 && !is_over; chance++) {
		sender = start_asleep(send_parts_sync);
		test_switch_at(chance, 0);
		killer = fork_or_fail();
		if (killer == 0)
			_exit(kill(sender, SIGKILL) != 0);
		taken = receive_whole(PARTS, MAILBOX_NONBLOCK);
		is_over = test_switch_at(0, 0) > 0;
		sent = result_of(sender);
		expect(sent == 7 ? taken == 1 : sent == -SIGKILL);
		expect(result_of(killer) == 0 && held() == 0);
	}
}

static void *unmap_the_end(void *at)
{
	munmap((char *)at + PARTS - PAGE, PAGE);
	return NULL;
}

static int receive_and_unmap(void)
{
	void *at = map_bytes(PARTS);
	pthread_t thread = create(unmap_the_end, at);
	ssize_t n = receive_long(at, PARTS, 0);

	join(thread);
	return n == PARTS ? 1 : n == -1 && errno == EFAULT ? 2 : 3;
}

/* The thread takes the buffer away before the copy, or during the copy: the
 * receive fails, and only in the second case the message is lost. */
CASE(receive_into_a_vanishing_buffer_succeeds_or_stays)
{
	int is_over = 0, result, kept = 0, lost = 0;

	long_box(2);
	for (int chance = 1; chance < 60 && !is_over; chance++) {
		require(send_long(1, PARTS, 0) == 0);
		test_switch_at(chance, 0);
		result = run_in_child(receive_and_unmap);
		is_over = test_switch_at(0, 0) > 0;
		expect(result == 2 || (result == 1 && held() == 0));
		kept += result == 2 && held() == 1;
		lost += result == 2 && held() == 0;
		while (held() > 0)
			expect(receive_whole(PARTS, 0) == 1);
	}
	expect(kept > 0 && lost > 0);
}

/* Each receiver gets one of the two messages, in any order of the switches. */
CASE(two_receivers_copy_the_same_long_message)
{
	pid_t first, second;
	int is_over = 0;

	long_box(2);
	for (int chance = 1; chance < 60 && !is_over; chance++) {
		require(send_long(1, PARTS, 0) == 0);
		require(send_long(2, PARTS, 0) == 0);
		test_switch_at(chance, 3);
		first = start(receive_parts);
		second = start(receive_parts);
		expect(result_of(first) + result_of(second) == 3);
		is_over = test_switch_at(0, 0) > 0;
		expect(held() == 0);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
