/*
 * mailbox_circle.c - descriptors in messages that no process can receive any
 * more must not leak. Each case ends with a look at the kernel's counters, and
 * a pipe whose last writer lies in the lost message.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mailbox.h>
#include <sys/socket.h>

#include "tests/user/mailbox_case.h"

#define NAME	"/circle"

static int fds[2], writer;

static int put_fd(int to, int fd)
{
	struct message message = { .type = 1, .flags = MESSAGE_HAS_FD,
				   .fd = fd };

	return mailbox_send(to, &message, NULL, 0, NULL);
}

static int take_fd(int from)
{
	struct message got = { .type = 0 };

	if (mailbox_receive(from, &got, NULL, 0, 0, NULL) < 0)
		return -1;
	return got.fd;
}

/* The only writer of the pipe goes into the box. */
static void put_witness(int to)
{
	require(pipe(fds) == 0);
	require(put_fd(to, fds[1]) == 0);
	close(fds[1]);
}

static int is_closed(void)
{
	char byte;

	return read(fds[0], &byte, 1) == 0;
}

static int is_kept(void)
{
	char byte;

	set_nonblocking(fds[0], 1);
	if (read(fds[0], &byte, 1) != -1 || errno != EAGAIN)
		return 0;
	set_nonblocking(fds[0], 0);
	return 1;
}

static void socket_gets(int to, int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control;
	struct iovec part = { "x", 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	require(sendmsg(to, &message, 0) == 1);
}

/* ---- Circles ------------------------------------------------------------- */

CASE(box_in_its_own_message_leaks)
{
	new_box(4);
	put_witness(box);
	expect(put_fd(box, box) == 0);
	expect(is_kept());
	close(box);
	expect(is_closed());
}

CASE(two_boxes_in_each_other_leak)
{
	int other = private_box(4, 8);

	new_box(4);
	put_witness(box);
	expect(put_fd(box, other) == 0);
	expect(put_fd(other, box) == 0);
	close(box);
	expect(is_kept());
	close(other);
	expect(is_closed());
}

CASE(box_and_socket_in_each_other_leak)
{
	int ends[2];

	new_box(4);
	put_witness(box);
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	socket_gets(ends[0], box);
	expect(put_fd(box, ends[0]) == 0);
	expect(put_fd(box, ends[1]) == 0);
	close(ends[0]);
	close(ends[1]);
	expect(is_kept());
	close(box);
	expect(is_closed());
}

CASE(circle_of_a_killed_process_leaks)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		new_box(4);
		put_fd(box, fds[1]);
		put_fd(box, box);
		pause();
	}
	close(fds[1]);
	until_asleep(child);
	expect(is_kept());
	kill_and_wait(child);
	expect(is_closed());
}

CASE(descriptor_in_an_inbox_outlives_the_process)
{
	struct message message = { .flags = MESSAGE_HAS_FD };
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		close(fds[1]);
		pause();
	}
	message.fd = fds[1];
	expect(message_send(child, &message, NULL, 0, NULL) == 0);
	close(fds[1]);
	expect(is_kept());
	kill_and_wait(child);
	expect(is_closed());
}

/* ---- Circles with a way in ----------------------------------------------- */

CASE(circle_that_a_message_leads_to_is_lost)
{
	int other = private_box(4, 8);

	new_box(4);
	put_witness(box);
	expect(put_fd(box, box) == 0);
	expect(put_fd(other, box) == 0);
	close(box);
	expect(is_kept());
	box = take_fd(other);
	close(other);
	expect(is_kept());
	close(take_fd(box));
	expect(is_closed());
	close(box);
}

/* A box with a name can be opened, until the name is removed. */
CASE(circle_with_a_name_is_lost)
{
	box = mailbox_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	require(box >= 0);
	put_witness(box);
	expect(put_fd(box, box) == 0);
	close(box);
	expect(is_kept());
	box = mailbox_open(NAME, O_RDWR);
	expect(box >= 0);
	close(box);
	expect(is_kept());
	expect(mailbox_unlink(NAME) == 0);
	expect(is_closed());
}

/* The box lies in itself by its second open file. */
CASE(end_of_the_first_open_file_leaves_a_circle)
{
	int second;

	box = mailbox_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	second = mailbox_open(NAME, O_RDWR);
	require(box >= 0 && second >= 0);
	put_witness(box);
	expect(put_fd(box, second) == 0);
	close(second);
	expect(mailbox_unlink(NAME) == 0);
	expect(is_kept());
	close(box);
	expect(is_closed());
}

/* ---- Senders ------------------------------------------------------------- */

/* The only descriptor to receive lies in the box. */
static void open_to_send(void)
{
	box = mailbox_open(NAME, O_CREAT | O_RDONLY, 0600, NULL);
	writer = mailbox_open(NAME, O_WRONLY);
	require(box >= 0 && writer >= 0);
	require(mailbox_unlink(NAME) == 0);
	put_witness(writer);
	expect(put_fd(writer, box) == 0);
}

CASE(sender_to_a_lost_box_succeeds)
{
	struct message message = { .type = 1, .fd = -1 };

	open_to_send();
	close(box);
	expect(is_closed());
	expect_error(mailbox_send(writer, &message, NULL, 0, NULL), EPIPE);
}

CASE(message_stays_where_no_task_can_receive)
{
	box = mailbox_open(NAME, O_CREAT | O_RDONLY, 0600, NULL);
	writer = mailbox_open(NAME, O_WRONLY);
	require(box >= 0 && writer >= 0);
	require(mailbox_unlink(NAME) == 0);
	put_witness(writer);
	expect(is_kept());
	close(box);
	expect(is_closed());
	close(writer);
}

static int send_synchronous(void)
{
	struct message message = { .type = 1, .fd = -1 };

	close(box);
	return mailbox_send(writer, &message, NULL, MAILBOX_SYNC, NULL) == -1 &&
	       errno == EPIPE ? 7 : 1;
}

CASE(sender_waits_for_ever_in_a_lost_box)
{
	pid_t child;

	open_to_send();
	child = start(send_synchronous);
	until_asleep(child);
	expect(is_kept());
	close(box);
	expect(is_closed());
	expect(result_of(child) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
