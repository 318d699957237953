/*
 * mailbox_gift.c - MAILBOX_GIFT: pages that move from the sender's memory into
 * the receiver's, and the behaviour when they cannot move. Parley only.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/parley_test.h"

#define PAGE	4096
#define MIB	(1 << 20)

static unsigned char *map_pages(size_t bytes, int flags)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			flags | MAP_ANONYMOUS, -1, 0);

	require(at != MAP_FAILED);
	return at;
}

static unsigned char pattern(size_t i)
{
	return i / PAGE * 7 + i % 251 + 1;
}

static void fill(unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = pattern(i);
}

static int is_filled(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != pattern(i))
			return 0;
	return 1;
}

static int is_zero(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return 0;
	return 1;
}

static unsigned char *filled_pages(size_t bytes, int flags)
{
	unsigned char *at = map_pages(bytes, flags);

	fill(at, bytes);
	return at;
}

static void gift_box(long capacity)
{
	box = private_box(capacity, MIB);
}

static int give(const void *from, size_t bytes, int flags)
{
	struct message message = { .type = 1, .bytes = bytes, .fd = -1 };

	return mailbox_send(box, &message, from, MAILBOX_GIFT | flags, NULL);
}

static ssize_t accept_gift(void *to, size_t bytes)
{
	head = (struct message){ 0 };
	return mailbox_receive(box, &head, to, bytes, 0, NULL);
}

/* ---- Moved pages -------------------------------------------------------- */

CASE(gift_of_a_mebibyte_moves)
{
	unsigned char *from = filled_pages(MIB, MAP_PRIVATE);
	unsigned char *to = map_pages(MIB, MAP_PRIVATE);

	gift_box(2);
	expect(give(from, MIB, 0) == 0);
	expect(is_zero(from, MIB));
	expect(accept_gift(to, MIB) == MIB && is_filled(to, MIB));
	expect(head.bytes == MIB && head.type == 1);
	fill(from, MIB);		/* both can go on writing */
	to[0] = 0;
	expect(is_filled(from, MIB) && is_filled(to + 1, 0));
}

CASE(gift_with_a_rest_behind_its_pages_is_whole)
{
	unsigned char *from = filled_pages(4 * PAGE, MAP_PRIVATE);
	unsigned char *to = filled_pages(4 * PAGE, MAP_PRIVATE);

	gift_box(2);
	memset(to, 0xee, 4 * PAGE);
	expect(give(from, 2 * PAGE + 100, 0) == 0);
	expect(is_zero(from, 2 * PAGE));
	expect(from[2 * PAGE] == pattern(2 * PAGE));
	expect(accept_gift(to, 4 * PAGE) == 2 * PAGE + 100);
	expect(is_filled(to, 2 * PAGE + 100));
	expect(to[2 * PAGE + 100] == 0xee && to[3 * PAGE] == 0xee);
}

CASE(gift_of_pages_never_touched_is_zeros)
{
	unsigned char *from = map_pages(2 * PAGE, MAP_PRIVATE);
	unsigned char *to = filled_pages(2 * PAGE, MAP_PRIVATE);

	gift_box(2);
	expect(give(from, 2 * PAGE, 0) == 0);
	expect(accept_gift(to, 2 * PAGE) == 2 * PAGE);
	expect(is_zero(to, 2 * PAGE) && is_zero(from, 2 * PAGE));
}

static unsigned char *gift_from, *gift_to;

static int accept_in_child(void)
{
	return accept_gift(gift_to, 2 * PAGE) == 2 * PAGE &&
	       is_filled(gift_to, 2 * PAGE) ? 7 : 1;
}

CASE(gift_to_another_process_that_waits_for_it)
{
	pid_t child;

	gift_box(0);
	gift_from = filled_pages(2 * PAGE, MAP_PRIVATE);
	gift_to = map_pages(2 * PAGE, MAP_PRIVATE);
	child = start_asleep(accept_in_child);
	expect(give(gift_from, 2 * PAGE, 0) == 0);
	expect(result_of(child) == 7 && is_zero(gift_from, 2 * PAGE));
	expect(is_zero(gift_to, 2 * PAGE));	/* ours, not the child's */
}

static int give_in_child(void)
{
	return give(gift_from, 2 * PAGE, 0) == 0 &&
	       is_zero(gift_from, 2 * PAGE) ? 7 : 1;
}

CASE(gift_of_pages_shared_by_fork_leaves_the_parents_alone)
{
	pid_t child;

	gift_box(4);
	gift_from = filled_pages(2 * PAGE, MAP_PRIVATE);
	gift_to = map_pages(2 * PAGE, MAP_PRIVATE);
	child = start(give_in_child);
	expect(result_of(child) == 7);
	expect(is_filled(gift_from, 2 * PAGE));
	expect(accept_gift(gift_to, 2 * PAGE) == 2 * PAGE);
	gift_to[0]++;
	expect(is_filled(gift_from, 2 * PAGE));
	gift_to[0]--;
	expect(is_filled(gift_to, 2 * PAGE));
}

CASE(child_forked_after_a_gift_came_has_its_own_copy)
{
	pid_t child;

	gift_box(4);
	gift_from = filled_pages(2 * PAGE, MAP_PRIVATE);
	expect(give(gift_from, 2 * PAGE, 0) == 0);
	expect(accept_gift(gift_from, 2 * PAGE) == 2 * PAGE);
	child = fork_or_fail();
	if (child == 0) {
		memset(gift_from, 0, 2 * PAGE);
		_exit(7);
	}
	expect(result_of(child) == 7 && is_filled(gift_from, 2 * PAGE));
}

CASE(gift_comes_back_into_the_place_it_left)
{
	unsigned char *from = filled_pages(8 * PAGE, MAP_PRIVATE);

	gift_box(4);
	for (int i = 0; i < 100; i++) {
		expect(give(from, 8 * PAGE, 0) == 0);
		expect(accept_gift(from, 8 * PAGE) == 8 * PAGE);
	}
	expect(is_filled(from, 8 * PAGE));
}

CASE(gift_across_two_mappings_moves)
{
	unsigned char *from = map_pages(4 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(4 * PAGE, MAP_PRIVATE);

	gift_box(4);
	require(mmap(from + 2 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE |
		     PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		     0) != MAP_FAILED);
	fill(from, 4 * PAGE);
	expect(give(from, 4 * PAGE, 0) == 0 && is_zero(from, 4 * PAGE));
	expect(accept_gift(to, 4 * PAGE) == 4 * PAGE);
	expect(is_filled(to, 4 * PAGE));
}

/* ---- Copied bodies ------------------------------------------------------ */

CASE(gift_that_does_not_begin_with_a_page_is_copied)
{
	unsigned char *from = filled_pages(4 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(4 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from + 16, 2 * PAGE, 0) == 0);
	expect(is_filled(from, 4 * PAGE));
	expect(accept_gift(to, 4 * PAGE) == 2 * PAGE);
	expect(memcmp(to, from + 16, 2 * PAGE) == 0);
}

CASE(gift_of_less_than_a_page_is_copied)
{
	unsigned char *from = filled_pages(PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from, 200, 0) == 0 && give(from, 0, 0) == 0);
	expect(is_filled(from, PAGE));
	expect(accept_gift(to, PAGE) == 200 && is_filled(to, 200));
	expect(accept_gift(to, PAGE) == 0);
}

CASE(gift_of_shared_memory_is_copied_and_stays)
{
	unsigned char *from = filled_pages(2 * PAGE, MAP_SHARED);
	unsigned char *to = map_pages(2 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from, 2 * PAGE, 0) == 0 && is_filled(from, 2 * PAGE));
	expect(accept_gift(to, 2 * PAGE) == 2 * PAGE);
	expect(is_filled(to, 2 * PAGE));
	to[0]++;
	expect(is_filled(from, 2 * PAGE));
}

CASE(gift_of_a_files_pages_is_copied_and_they_stay)
{
	unsigned char *from, *to = map_pages(PAGE, MAP_PRIVATE);
	int fd = open(case_program, O_RDONLY);

	gift_box(4);
	from = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	require(fd >= 0 && from != MAP_FAILED);
	from[100] = 'x';
	expect(give(from, PAGE, 0) == 0);
	expect(memcmp(from, "\177ELF", 4) == 0 && from[100] == 'x');
	expect(accept_gift(to, PAGE) == PAGE);
	expect(memcmp(from, to, PAGE) == 0);
}

CASE(gift_of_memory_that_cannot_be_written_is_copied)
{
	unsigned char *from = filled_pages(PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(PAGE, MAP_PRIVATE);

	gift_box(4);
	require(mprotect(from, PAGE, PROT_READ) == 0);
	expect(give(from, PAGE, 0) == 0 && is_filled(from, PAGE));
	expect(accept_gift(to, PAGE) == PAGE && is_filled(to, PAGE));
}

CASE(gift_into_a_body_that_does_not_begin_with_a_page)
{
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(4 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from, 2 * PAGE, 0) == 0);
	expect(accept_gift(to + 8, 2 * PAGE) == 2 * PAGE);
	expect(is_filled(to + 8, 2 * PAGE) && is_zero(to, 8));
}

static int look_at_shared(void)
{
	return is_filled(gift_to, 2 * PAGE) ? 7 : 1;
}

CASE(gift_into_shared_memory_is_seen_by_those_who_share_it)
{
	gift_box(4);
	gift_from = filled_pages(2 * PAGE, MAP_PRIVATE);
	gift_to = map_pages(2 * PAGE, MAP_SHARED);
	expect(give(gift_from, 2 * PAGE, 0) == 0);
	expect(accept_gift(gift_to, 2 * PAGE) == 2 * PAGE);
	expect(run_in_child(look_at_shared) == 7);
}

CASE(header_inside_the_pages_of_the_body_is_no_trap)
{
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(2 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from, 2 * PAGE, 0) == 0);
	expect(mailbox_receive(box, (struct message *)(to + PAGE), to,
			       2 * PAGE, 0, NULL) == 2 * PAGE);
	expect(is_filled(to, PAGE));
}

/* ---- Failures ----------------------------------------------------------- */

CASE(gift_from_nowhere_is_efault)
{
	unsigned char *from = filled_pages(4 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect_error(give((void *)0x7000, PAGE, 0), EFAULT);
	expect_error(give((void *)0xfffff000, PAGE, 0), EFAULT);
	require(munmap(from + 2 * PAGE, PAGE) == 0);
	expect_error(give(from, 4 * PAGE, 0), EFAULT);
	expect(is_filled(from, 2 * PAGE));
	expect_error(give(from, 2 * PAGE + 1, 0), EFAULT);
	expect(is_filled(from, 2 * PAGE) && held() == 0);
}

CASE(gift_that_cannot_be_received_stays_whole)
{
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(2 * PAGE, MAP_PRIVATE);

	gift_box(4);
	expect(give(from, 2 * PAGE, 0) == 0);
	expect_error(accept_gift(to, PAGE), EMSGSIZE);
	expect_error(accept_gift((void *)0x8000, 2 * PAGE), EFAULT);
	expect_error(mailbox_receive(box, nowhere, to, 2 * PAGE, 0, NULL),
		     EFAULT);
	require(mprotect(to, PAGE, PROT_READ) == 0);
	expect_error(accept_gift(to, 2 * PAGE), EFAULT);
	require(mprotect(to, PAGE, PROT_READ | PROT_WRITE) == 0);
	expect(held() == 1 && accept_gift(to, 2 * PAGE) == 2 * PAGE);
	expect(is_filled(to, 2 * PAGE));
}

CASE(gift_with_a_descriptor_and_a_full_table_stays_whole)
{
	struct message message = {
		.bytes = 2 * PAGE, .flags = MESSAGE_HAS_FD,
	};
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(2 * PAGE, MAP_PRIVATE);
	int fd, last = -1;

	gift_box(4);
	message.fd = STDIN_FILENO;
	expect(mailbox_send(box, &message, from, MAILBOX_GIFT, NULL) == 0);
	while ((fd = dup(box)) >= 0)
		last = fd;
	expect_error(accept_gift(to, 2 * PAGE), EMFILE);
	close(last);
	expect(accept_gift(to, 2 * PAGE) == 2 * PAGE && head.fd == last);
	expect(is_filled(to, 2 * PAGE));
}

CASE(gift_that_times_out_is_the_senders_again)
{
	struct message message = { .bytes = 2 * PAGE + 9, .fd = -1 };
	unsigned char *from = filled_pages(3 * PAGE, MAP_PRIVATE);
	struct timespec when = soon();

	gift_box(0);
	expect_error(mailbox_send(box, &message, from, MAILBOX_GIFT, &when),
		     ETIMEDOUT);
	expect(is_filled(from, 3 * PAGE));
	close(box);
	gift_box(1);
	when = soon();
	expect_error(mailbox_send(box, &message, from, MAILBOX_GIFT |
				  MAILBOX_SYNC, &when), ETIMEDOUT);
	expect(is_filled(from, 3 * PAGE) && held() == 0);
}

CASE(gift_that_waits_for_room_in_vain_never_left)
{
	struct message message = { .bytes = 2 * PAGE, .fd = -1 };
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	struct timespec when = soon();

	gift_box(1);
	expect(put(1, "full", 0) == 0);
	expect_error(mailbox_send(box, &message, from, MAILBOX_GIFT, &when),
		     ETIMEDOUT);
	expect_error(give(from, 2 * PAGE, MAILBOX_NONBLOCK), EAGAIN);
	expect(is_filled(from, 2 * PAGE));
}

CASE(gift_to_a_process_that_dies_comes_back)
{
	struct message message = { .bytes = 2 * PAGE, .fd = -1 };
	unsigned char *from = filled_pages(2 * PAGE, MAP_PRIVATE);
	pid_t child = fork_or_fail();

	if (child == 0) {
		for (int i = 0; i < 5; i++)
			case_pause();
		_exit(0);
	}
	expect_error(message_send(child, &message, from, MAILBOX_GIFT |
				  MAILBOX_SYNC, NULL), ESRCH);
	expect(is_filled(from, 2 * PAGE));
	result_of(child);
}

static int give_and_wait(void)
{
	give(gift_from, 2 * PAGE, 0);
	return 1;
}

CASE(killed_giver_leaves_nothing_behind)
{
	pid_t child;

	gift_box(0);
	gift_from = filled_pages(2 * PAGE, MAP_PRIVATE);
	child = start_asleep(give_and_wait);
	expect(kill_and_wait(child) == -SIGKILL);
	expect(is_filled(gift_from, 2 * PAGE));
	expect(!polls(box, POLLIN));
}

CASE(gifts_that_nobody_receives_are_freed_with_the_box)
{
	unsigned char *from = map_pages(MIB, MAP_PRIVATE);

	gift_box(4);
	for (int i = 0; i < 4; i++) {
		fill(from, MIB);
		expect(give(from, MIB, 0) == 0);
	}
	close(box);
	expect(is_zero(from, MIB));
}

CASE(body_longer_than_the_limit_is_einval_for_a_box)
{
	struct mailbox_attr attr = {
		.capacity = 1, .message_bytes = MIB + 1,
	};

	expect_error(mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr),
		     EINVAL);
}

/* The box may hold 8 MiB, all boxes 32. */
CASE(gifts_beyond_the_memory_of_a_box_are_enomem)
{
	unsigned char *from = map_pages(MIB, MAP_PRIVATE);
	int sent = 0;

	box = private_box(MAILBOX_UNBOUNDED, MIB);
	while (sent < 100 && give(from, MIB, 0) == 0)
		sent++;
	expect(sent == 7 && errno == ENOMEM);
	expect(!polls(box, POLLOUT));
	fill(from, MIB);
	expect_error(give(from, MIB, 0), ENOMEM);
	expect(is_filled(from, MIB));
	expect(accept_gift(from, MIB) == MIB && is_zero(from, MIB));
	expect(polls(box, POLLOUT) == POLLOUT && give(from, MIB, 0) == 0);
}

/* ---- Failed allocations and copies -------------------------------------- */

/* One gift there and back, while the n-th allocation or copy fails; are all
   pages still there? */
static int survives(long (*fail)(long), long n, int in_send)
{
	unsigned char *from = filled_pages(3 * PAGE, MAP_PRIVATE);
	unsigned char *to = map_pages(3 * PAGE, MAP_PRIVATE);
	int sent, error;
	ssize_t got;

	if (in_send)
		fail(n);
	sent = give(from, 2 * PAGE + 5, 0);
	error = errno;
	if (in_send)
		n = fail(0);
	if (sent != 0) {
		expect(error == ENOMEM || error == EFAULT);
		expect(is_filled(from, 3 * PAGE) && held() == 0);
		expect(give(from, 2 * PAGE + 5, 0) == 0);
	}
	if (!in_send)
		fail(n);
	got = accept_gift(to, 3 * PAGE);
	error = errno;
	if (!in_send)
		n = fail(0);
	if (got < 0) {
		expect(error == ENOMEM || error == EFAULT);
		expect(held() == 1);
		got = accept_gift(to, 3 * PAGE);
	}
	expect(got == 2 * PAGE + 5 && is_filled(to, 2 * PAGE + 5));
	munmap(from, 3 * PAGE);
	munmap(to, 3 * PAGE);
	return n != 0;
}

static void fail_each(long (*fail)(long))
{
	if (!test_is_possible())
		return;
	gift_box(4);
	for (int in_send = 0; in_send <= 1; in_send++)
		for (long n = 1; n < 20 && !survives(fail, n, in_send); n++)
			;
}

CASE(gift_survives_each_failed_allocation)
{
	fail_each(test_fail_alloc);
}

CASE(gift_survives_each_failed_copy)
{
	fail_each(test_fail_copy);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
