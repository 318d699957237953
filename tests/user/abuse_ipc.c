/*
 * abuse_ipc.c - objects in a circle, full objects, and objects without a peer.
 */
#include <mailbox.h>
#include <mqueue.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

static int new_box(void)
{
	const struct mailbox_attr attr = { .capacity = MAILBOX_UNBOUNDED,
					   .message_bytes = 64 };

	return mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
}

static int put_in(int box, int fd)
{
	const struct message head = { .type = 1, .flags = MESSAGE_HAS_FD,
				      .fd = fd };

	return mailbox_send(box, &head, NULL, MAILBOX_NONBLOCK, NULL);
}

static int take_out(int box)
{
	struct message head = { .type = 0 };

	if (mailbox_receive(box, &head, NULL, 0, MAILBOX_NONBLOCK, NULL) < 0)
		return -1;
	return head.fd;
}

/* ---- Sizes --------------------------------------------------------------- */

/* The result of a write is compared with the requested size. */
CASE(size_that_looks_like_an_error_is_not_taken_for_done)
{
	char byte = 0;
	int fds[2];

	require(pipe(fds) == 0);
	fill_pipe(fds[1]);
	set_nonblocking(fds[1], 0);
	set_handler(SIGPIPE, SIG_DFL, 0);
	expect_error(write(fds[1], &byte, (size_t)-EAGAIN), EFAULT);
	close(fds[0]);
	expect_error(write(fds[1], &byte, (size_t)-EPIPE), EFAULT);
	set_handler(SIGPIPE, SIG_IGN, 0);
	expect_error(write(fds[1], &byte, 1), EPIPE);
	close(fds[1]);
}

/* ---- Boxes in boxes ------------------------------------------------------ */

/* Each mailbox holds the only descriptor of the next mailbox. Returns the
   outermost mailbox. */
static int nest(int depth)
{
	int outer = new_box(), box = outer, inner;

	require(outer >= 0);
	for (int i = 0; i < depth; i++) {
		inner = new_box();
		require(inner >= 0);
		if (put_in(box, inner) < 0) {
			close(inner);
			break;
		}
		if (box != outer)
			close(box);
		box = inner;
	}
	if (box != outer)
		close(box);
	return outer;
}

/* The first page of the body is copied before the second is refused. The frame
 * belongs to the record of a sender that waits, or to a message in the heap. */
static void send_half_a_body(int flags)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, 8192, 0 };
	struct message head = { .bytes = 8192, .fd = -1 };
	int box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	char *body = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(box >= 0 && body != MAP_FAILED);
	memset(body, 1, 8192);
	require(munmap(body + 4096, 4096) == 0);
	for (int i = 0; i < 20; i++)
		expect_error(mailbox_send(box, &head, body, flags, NULL),
			     EFAULT);
}

CASE(synchronous_send_of_half_a_body_loses_its_frames)
{
	send_half_a_body(MAILBOX_SYNC);
}

CASE(asynchronous_send_of_half_a_body_loses_its_frames)
{
	send_half_a_body(MAILBOX_NONBLOCK);
}

CASE(nested_boxes_go_with_the_outermost)
{
	for (int depth = 1; depth <= 20; depth++)
		require(close(nest(depth)) == 0);
}

/* Freeing a mailbox frees the next mailbox, and so on. */
CASE(a_thousand_nested_boxes_do_not_overflow_the_kernels_stack)
{
	require(close(nest(1000)) == 0);
	nest(1000);		/* these at the end of the process */
}

CASE(nested_boxes_come_out_one_by_one)
{
	int box = nest(50), inner;

	for (int i = 0; i < 50; i++) {
		inner = take_out(box);
		if (inner < 0)
			break;
		close(box);
		box = inner;
	}
	close(box);
}

CASE(box_of_pipes_that_nobody_takes)
{
	int box = new_box(), fds[2];
	char byte;

	for (int i = 0; i < 100; i++) {
		require(pipe(fds) == 0);
		require(write(fds[1], "x", 1) == 1);
		require(put_in(box, fds[0]) == 0);
		require(put_in(box, fds[1]) == 0);
		close(fds[0]);
		close(fds[1]);
	}
	fds[0] = take_out(box);
	expect(fds[0] >= 0 && read(fds[0], &byte, 1) == 1 && byte == 'x');
	close(box);
}

CASE(end_of_file_when_the_writer_is_lost_in_a_box)
{
	int box = new_box(), fds[2];
	char byte;

	require(pipe(fds) == 0 && put_in(box, fds[1]) == 0);
	close(fds[1]);
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], &byte, 1), EAGAIN);
	close(box);
	expect(read(fds[0], &byte, 1) == 0);
}

/* ---- Oneself ------------------------------------------------------------- */

static int stuck_on_a_queue(void)
{
	struct mq_attr attr = { 0, 1, 8, 0 };
	mqd_t queue = mq_open("/abuse_ipc", O_RDWR | O_CREAT, 0600, &attr);

	mq_unlink("/abuse_ipc");
	for (;;)
		mq_send(queue, "x", 1, 0);
	return 0;
}

static int stuck_on_a_counter(void)
{
	uint64_t value;
	int fd = eventfd(0, 0);

	return read(fd, &value, 8);
}

static int stuck_on_a_box(void)
{
	int box = new_box();
	struct message head = { .type = 0 };

	return mailbox_receive(box, &head, NULL, 0, 0, NULL);
}

static int stuck_in_a_call(void)
{
	int box = new_box();
	struct message head = { .type = 1 };

	return mailbox_call(box, &head, NULL, NULL, 0, NULL);
}

static int stuck_on_itself(void)
{
	struct message head = { .type = 1 };

	return message_receive(getpid(), &head, NULL, 0, 0, NULL);
}

CASE(who_waits_for_itself_can_be_killed)
{
	static int (*const stuck[])(void) = {
		stuck_on_a_queue, stuck_on_a_counter, stuck_on_a_box,
		stuck_in_a_call, stuck_on_itself,
	};

	for (size_t i = 0; i < sizeof(stuck) / sizeof(stuck[0]); i++) {
		pid_t child = start(stuck[i]);

		until_asleep(child);
		case_pause();
		expect(is_asleep(child));
		expect(kill_and_wait(child) == -SIGKILL);
	}
}

/* ---- Full ---------------------------------------------------------------- */

CASE(memory_for_messages_is_bounded)
{
	static char body[4096];
	const struct mailbox_attr attr = { .capacity = MAILBOX_UNBOUNDED,
					   .message_bytes = sizeof(body) };
	const struct message head = { .type = 1, .bytes = sizeof(body) };
	int box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	long count = 0;

	while (mailbox_send(box, &head, body, MAILBOX_NONBLOCK, NULL) == 0)
		count++;
	expect(errno == ENOMEM && count > 10);
	expect(run_in_child(getpid) >= 0);
	close(box);
	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	expect(mailbox_send(box, &head, body, MAILBOX_NONBLOCK, NULL) == 0);
}

CASE(queues_that_are_too_big_are_refused)
{
	static const long sizes[][2] = {
		{ 0, 8 }, { 8, 0 }, { -1, 8 }, { 8, -1 },
		{ 0x7fffffff, 0x7fffffff },
		{ 0x40000000, 4 }, { 4, 0x40000000 },
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct mq_attr attr = { 0, sizes[i][0], sizes[i][1], 0 };

		expect(mq_open("/abuse_ipc", O_RDWR | O_CREAT, 0600, &attr) <
		       0);
		expect(errno == EINVAL || errno == ENOMEM || errno == ENOSPC);
		mq_unlink("/abuse_ipc");
	}
}

CASE(messages_that_do_not_fit_are_emsgsize)
{
	struct mq_attr attr = { 0, 4, 8, 0 };
	char body[100] = "";
	mqd_t queue = mq_open("/abuse_ipc", O_RDWR | O_CREAT | O_NONBLOCK,
			      0600, &attr);

	mq_unlink("/abuse_ipc");
	require(queue >= 0);
	expect_error(mq_send(queue, body, 9, 0), EMSGSIZE);
	expect_error(mq_send(queue, body, 0x80000000, 0), EMSGSIZE);
	expect_error(mq_send(queue, body, 8, 0x80000000), EINVAL);
	expect_error(mq_send(queue, body, 8, 32768), EINVAL);
	expect(mq_send(queue, body, 8, 0) == 0);
	expect_error(mq_receive(queue, body, 7, NULL), EMSGSIZE);
	expect_error(mq_receive(99, body, 8, NULL), EBADF);
	expect_error(mq_send(0, body, 8, 0), EBADF);
}

CASE(thousands_of_pipes_are_bounded_and_freed)
{
	int box = new_box(), fds[2];
	long count = 0;

	/* Descriptors in messages, with no process holding them. */
	while (count < 20000 && pipe(fds) == 0) {
		int sent = put_in(box, fds[0]) == 0 && put_in(box, fds[1]) ==
			   0;

		close(fds[0]);
		close(fds[1]);
		if (!sent)
			break;
		count++;
	}
	expect(count > 10);
	close(box);
	expect(pipe(fds) == 0);
}

CASE(counter_that_would_overflow_waits_or_is_refused)
{
	uint64_t most = -2ull, one = 1, all = -1ull;
	int fd = eventfd(0, EFD_NONBLOCK);

	expect(write(fd, &most, 8) == 8);
	expect_error(write(fd, &one, 8), EAGAIN);
	expect_error(write(fd, &all, 8), EINVAL);
	expect_error(write(fd, &one, 7), EINVAL);
	expect_error(read(fd, &one, 7), EINVAL);
	expect(read(fd, &one, 8) == 8 && one == most);
}

CASE(names_that_make_no_sense)
{
	static const char *const names[] = { "", "/", "//", "/a/b", ".", "/.",
					     "/..", "noslash" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int fd = mq_open(names[i], O_RDWR | O_CREAT, 0600, NULL);

		if (fd >= 0)
			expect(mq_unlink(names[i]) == 0);
		fd = mailbox_open(names[i], O_RDWR | O_CREAT, 0600, NULL);
		if (fd >= 0)
			expect(mailbox_unlink(names[i]) == 0);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
