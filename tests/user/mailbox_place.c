/*
 * mailbox_place.c - the memory of a receiver that sleeps, where the sender
 * writes the message. Parley only.
 */
#include <mailbox.h>

#include "tests/user/greedy.h"
#include "tests/user/mailbox_case.h"
#include "tests/user/thread_case.h"

#define PAGE	4096
#define LONG	(3 * PAGE + 100)

static unsigned char *place;		/* of the receiver */
static unsigned char sent[LONG];

static unsigned char *map_pages(size_t bytes, int prot)
{
	unsigned char *at = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS,
				 -1, 0);

	require(at != MAP_FAILED);
	return at;
}

static void long_box(void)
{
	box = private_box(8, LONG);
	for (int i = 0; i < LONG; i++)
		sent[i] = i * 7 + i / PAGE;
}

static int put_bytes(const void *from, size_t bytes)
{
	struct message message = { .type = 5, .bytes = bytes, .fd = -1 };

	return mailbox_send(box, &message, from, 0, NULL);
}

static ssize_t take_to(unsigned char *to)
{
	head = (struct message){ 0 };
	return mailbox_receive(box, &head, to, LONG, 0, NULL);
}

static int receive_long(void)
{
	return take_to(place) == LONG && memcmp(place, sent, LONG) == 0 ? 7 : 1;
}

CASE(pages_that_the_receiver_never_touched_come_in)
{
	pid_t child;

	long_box();
	place = map_pages(LONG + PAGE, PROT_READ | PROT_WRITE);
	place += 50;			/* crosses a border in each page */
	child = start_asleep(receive_long);
	expect(put_bytes(sent, LONG) == 0);
	expect(result_of(child) == 7);
	expect(place[0] == 0);
}

#define RECEIVER	2001		/* a user */

static int receive_as_a_user(void)
{
	require(setuid(RECEIVER) == 0);
	if (receive_long() == 7)
		pause();
	return 1;
}

CASE(pages_that_come_in_are_charged_to_the_receiver)
{
	long before;
	pid_t child;

	long_box();
	place = map_pages(LONG, PROT_READ | PROT_WRITE);
	child = start_asleep(receive_as_a_user);
	before = used_by(RECEIVER, "memory");
	expect(put_bytes(sent, LONG) == 0);
	until_asleep(child);
	expect(used_by(RECEIVER, "memory") == before + 4 * PAGE);
	kill_and_wait(child);
}

static int receive_nothing(void)
{
	return take_to(place) == -1 && errno == EFAULT ? 7 : 1;
}

CASE(receiver_with_a_hole_in_its_buffer_passes_the_message_on)
{
	unsigned char *good = map_pages(LONG, PROT_READ | PROT_WRITE);
	unsigned char *bad = map_pages(LONG, PROT_READ | PROT_WRITE);
	pid_t first, second;

	long_box();
	require(mprotect(bad + 2 * PAGE, PAGE, PROT_READ) == 0);
	place = bad;
	first = start_asleep(receive_nothing);
	place = good;
	second = start_asleep(receive_long);
	expect(put_bytes(sent, LONG) == 0);
	expect(result_of(first) == 7 && result_of(second) == 7);
}

CASE(sender_with_a_hole_in_its_body_wakes_no_receiver)
{
	unsigned char *bad = map_pages(LONG, PROT_READ | PROT_WRITE);
	pid_t child;

	long_box();
	require(munmap(bad + 2 * PAGE, PAGE) == 0);
	place = map_pages(LONG, PROT_READ | PROT_WRITE);
	child = start_asleep(receive_long);
	expect_error(put_bytes(bad, LONG), EFAULT);
	expect(is_asleep(child));
	expect(put_bytes(sent, LONG) == 0);
	expect(result_of(child) == 7);
}

static void *receive_in_thread(void *unused)
{
	(void)unused;
	return (void *)(long)receive_long();
}

/* The fork makes the receiver's pages copy-on-write while the thread sleeps. */
CASE(message_for_a_thread_does_not_reach_a_forked_child)
{
	pid_t server, child;
	pthread_t thread;

	long_box();
	server = fork_or_fail();
	if (server == 0) {
		place = map_pages(LONG, PROT_READ | PROT_WRITE);
		memset(place, 1, LONG);
		thread = create(receive_in_thread, NULL);
		case_pause();
		child = fork_or_fail();
		if (child == 0) {
			while (place[0] == 1 && getppid() != 1)
				case_pause();
			_exit(1);
		}
		require(put_bytes(sent, LONG) == 0);
		require(join(thread) == 7);
		for (int i = 0; i < 5; i++)
			case_pause();
		_exit(kill_and_wait(child) == -SIGKILL ? 7 : 1);
	}
	expect(result_of(server) == 7);
}

static int receive_by_read_only_header(void)
{
	struct message *none = (void *)map_pages(PAGE, PROT_READ);

	return mailbox_receive(box, none, body, BYTES, 0, NULL) == -1 &&
	       errno == EFAULT ? 7 : 1;
}

CASE(header_that_cannot_be_written_eats_no_message)
{
	pid_t child;

	new_box(8);
	child = start_asleep(receive_by_read_only_header);
	put(4, "kept", 0);
	expect(result_of(child) == 7);
	expect(held() == 1 && takes(4, "kept"));
}

static int call_with_long_reply(void)
{
	struct message message = { .type = 1, .bytes = 4, .fd = -1 };

	return mailbox_call(box, &message, sent, place, LONG, NULL) == LONG &&
	       memcmp(place, sent, LONG) == 0 ? 7 : 1;
}

CASE(reply_goes_to_pages_that_the_caller_never_touched)
{
	pid_t child;

	long_box();
	place = map_pages(LONG, PROT_READ | PROT_WRITE);
	child = start_asleep(call_with_long_reply);
	expect(take_to(place) == 4);
	head.flags = 0;
	head.bytes = LONG;
	expect(mailbox_reply(box, &head, sent) == 0);
	expect(result_of(child) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
