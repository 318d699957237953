/*
 * quota_parley.c - a user cannot take the memory of all messages: a second user
 * can still send.
 */
#include <limits.h>
#include <mailbox.h>
#include <mqueue.h>
#include <sys/resource.h>

#include "tests/user/helpers.h"

#define NAME		"/quota"
#define LENGTH		65536

static char body[LENGTH];
static mqd_t queue;
static int box;

static void make_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1024, .mq_msgsize = LENGTH };

	mq_unlink(NAME);
	queue = mq_open(NAME, O_RDWR | O_CREAT | O_NONBLOCK, 0666, &attr);
	require(queue != (mqd_t)-1 && mq_unlink(NAME) == 0);
}

static void make_box(void)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, LENGTH, 0 };

	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	require(box >= 0);
}

/* Messages that this user could send before ENOMEM. */
static long fill_queue(void)
{
	long count = 0;

	while (mq_send(queue, body, LENGTH, 0) == 0)
		count++;
	expect(errno == ENOMEM);
	return count;
}

static long fill_boxes(void)
{
	struct message head = { .bytes = LENGTH, .fd = -1 };
	long count = 0, before;

	do {
		before = count;
		make_box();
		while (mailbox_send(box, &head, body, MAILBOX_NONBLOCK, NULL)
		       == 0)
			count++;
		expect(errno == ENOMEM);
	} while (count > before);
	return count;
}

static int send_as_another(void)
{
	struct message head = { .bytes = LENGTH, .fd = -1 };

	require(setuid(1002) == 0);
	make_box();
	expect(mq_send(queue, body, LENGTH, 0) == 0);
	expect(mailbox_send(box, &head, body, MAILBOX_NONBLOCK, NULL) == 0);
	return case_failed;
}

static pid_t fill_as(uid_t user, long (*fill)(void))
{
	int fds[2];
	long count;
	pid_t pid;

	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		require(setuid(user) == 0);
		count = fill();
		if (case_failed)
			_exit(1);
		write(fds[1], &count, sizeof(count));
		for (;;)
			pause();
	}
	close(fds[1]);
	require(read_all(fds[0], &count, sizeof(count)));
	expect(sysconf(_SC_USER_BYTES_MAX) == USER_BYTES_MAX);
	expect(count > 0 && count * LENGTH <= USER_BYTES_MAX);
	expect((count + 2) * LENGTH > USER_BYTES_MAX * 9 / 10);
	close(fds[0]);
	return pid;
}

CASE(queues_of_one_user_leave_room_for_others)
{
	pid_t pid;

	make_queue();
	pid = fill_as(1001, fill_queue);
	expect(run_in_child(send_as_another) == 0);
	expect(mq_send(queue, body, LENGTH, 0) == 0);
	kill_and_wait(pid);
}

CASE(mailboxes_of_one_user_leave_room_for_others)
{
	pid_t pid;

	make_queue();
	pid = fill_as(1001, fill_boxes);
	expect(run_in_child(send_as_another) == 0);
	kill_and_wait(pid);
}

static int send_one_after_one_was_taken(void)
{
	require(setuid(1001) == 0);
	expect(fill_queue() > 0);
	expect_error(mq_send(queue, body, LENGTH, 0), ENOMEM);
	expect(mq_receive(queue, body, LENGTH, NULL) == LENGTH);
	expect(mq_send(queue, body, LENGTH, 0) == 0);
	expect_error(mq_send(queue, body, LENGTH, 0), ENOMEM);
	return case_failed;
}

CASE(message_that_is_received_counts_no_more)
{
	make_queue();
	expect(run_in_child(send_one_after_one_was_taken) == 0);
}

static int fill_in_vain(void)
{
	require(setuid(1001) == 0);
	return fill_queue() == 0 ? case_failed : 2;
}

CASE(what_was_sent_counts_after_its_sender_has_gone)
{
	make_queue();
	kill_and_wait(fill_as(1001, fill_queue));
	expect(run_in_child(fill_in_vain) == 0);
}

static int may_fill_again(void)
{
	make_queue();
	require(setuid(1001) == 0);
	return fill_queue() > 0 ? case_failed : 2;
}

CASE(queue_that_goes_gives_its_room_back)
{
	make_queue();
	kill_and_wait(fill_as(1001, fill_queue));
	mq_close(queue);
	expect(run_in_child(may_fill_again) == 0);
}

/* ---- A page that a message brings in ------------------------------------- */

/* Of the receiver, of the sender: whole pages. */
static char untouched[2][16 * 4096] __attribute__((aligned(4096)));

static int receive_untouched(void)
{
	require(setuid(1002) == 0);
	return mailbox_receive(box, NULL, untouched[0], sizeof(untouched[0]),
			       0, NULL) == 100 ? 0 : 1;
}

/* What a user uses of a kind: the line of /proc/limits with this beginning. */
static long used(const char *user_and_kind)
{
	char text[1024], key[32], *line;

	snprintf(key, sizeof(key), "\n%s ", user_and_kind);
	require(read_text("/proc/limits", text, sizeof(text)) > 0);
	line = strstr(text, key);
	require(line != NULL);
	return strtol(line + strlen(key), NULL, 10);
}

static int send_and_touch(void)
{
	struct message head = { .bytes = 100, .fd = -1 };
	long before;

	require(setuid(1001) == 0);
	before = used("1001 memory");
	expect(mailbox_send(box, &head, body, 0, NULL) == 0);
	memset(untouched[1], 1, sizeof(untouched[1]));
	expect(used("1001 memory") - before >= (long)sizeof(untouched[1]));
	return case_failed;
}

CASE(sender_pays_its_own_pages_after_a_page_of_the_receiver)
{
	pid_t receiver;

	make_box();
	receiver = start(receive_untouched);
	until_asleep(receiver);
	expect(run_in_child(send_and_touch) == 0);
	expect(result_of(receiver) == 0);
}

/* A message that waits: a page to move, and a descriptor. */
static int receive_gift(void)
{
	struct message head = { .fd = -1 };

	require(setuid(1002) == 0);
	for (int i = 0; i < 2; i++)
		if (mailbox_receive(box, &head, untouched[0],
				    sizeof(untouched[0]), 0, NULL) < 0)
			return 1;
	pause();
	return 0;
}

static int send_gift_and_open(void)
{
	struct message head = { .bytes = sizeof(untouched[0]), .fd = -1 };
	struct message descriptor = {
		.bytes = 1, .fd = 0, .flags = MESSAGE_HAS_FD,
	};
	long before;
	int fds[2];

	require(setuid(1001) == 0);
	memset(untouched[1], 1, sizeof(untouched[1]));
	expect(mailbox_send(box, &head, untouched[1], MAILBOX_GIFT, NULL) == 0);
	usleep(1000);			/* the receiver waits again */
	expect(mailbox_send(box, &descriptor, body, 0, NULL) == 0);
	before = used("1001 files");
	for (int i = 0; i < 5; i++)
		expect(pipe(fds) == 0);
	expect(used("1001 files") == before + 10);
	return case_failed;
}

CASE(sender_pays_for_its_files_after_a_gift_to_a_second_user)
{
	pid_t receiver;

	make_box();
	receiver = start(receive_gift);
	until_asleep(receiver);
	expect(run_in_child(send_gift_and_open) == 0);
	kill_and_wait(receiver);
}

/* ---- Numbers ------------------------------------------------------------- */

static int begin_a_session(void)
{
	return setsid() > 0 ? 0 : errno;
}

static int begin_two_sessions(void)
{
	return setsid() > 0 ? run_in_child(begin_a_session) : errno;
}

static int end_two_sessions(void)
{
	long before;

	require(setuid(1001) == 0);
	expect(run_in_child(begin_two_sessions) == 0);
	before = used("1001 ids");
	expect(run_in_child(begin_two_sessions) == 0);
	expect(used("1001 ids") == before);
	return case_failed;
}

CASE(numbers_of_ended_sessions_are_free_again)
{
	expect(run_in_child(end_two_sessions) == 0);
}

static int become_1001(void)
{
	return setuid(1001);
}

CASE(largest_queue_is_refused)
{
	struct mq_attr attr = {
		.mq_maxmsg = MQ_MESSAGES_MAX, .mq_msgsize = 8,
	};

	mq_unlink(NAME);
	queue = mq_open(NAME, O_RDWR | O_CREAT, 0600, &attr);
	expect(queue >= 0 && mq_unlink(NAME) == 0);
}

CASE(process_counts_for_its_first_user_no_more)
{
	long before = used("0 processes");

	expect(run_in_child(become_1001) == 0);
	expect(used("0 processes") == before);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
