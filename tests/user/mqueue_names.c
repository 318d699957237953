/*
 * mqueue_names.c - message queues: names, bad addresses, poll(), notification,
 * size. Any POSIX system.
 */
#define NAME	"/test-queue-names"
#include "tests/user/mqueue.h"

/* ---- Names --------------------------------------------------------------- */

CASE(missing_name_is_enoent)
{
	mq_unlink(NAME);
	expect_error(mq_open(NAME, O_RDWR), ENOENT);
	expect_error(mq_unlink(NAME), ENOENT);
	expect_error(mq_open("/", O_RDWR), ENOENT);
}

CASE(exclusive_create_of_an_existing_name_is_eexist)
{
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_EXCL | O_RDWR, 2, BYTES);
	expect(queue != (mqd_t)-1);
	expect_error(open_with(O_CREAT | O_EXCL | O_RDWR, 2, BYTES), EEXIST);
	expect(open_with(O_CREAT | O_RDWR, 7, 7) != (mqd_t)-1);
	expect(mq_unlink(NAME) == 0);
}

CASE(two_opens_share_the_queue)
{
	mqd_t other;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	other = mq_open(NAME, O_WRONLY);
	expect(mq_unlink(NAME) == 0);
	expect(mq_send(other, "x", 2, 1) == 0 && receives("x", 1));
	expect_error(mq_receive(other, buffer, BYTES, NULL), EBADF);
}

CASE(receive_only_descriptor_cannot_send)
{
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDONLY, 2, BYTES);
	expect(mq_unlink(NAME) == 0);
	expect_error(send_text("x", 0), EBADF);
}

CASE(unlinked_queue_lives_and_the_new_one_is_another)
{
	mqd_t old;

	new_queue(2);
	old = queue;
	expect(mq_send(old, "old", 4, 0) == 0);
	new_queue(2);
	expect(held() == 0);
	queue = old;
	expect(receives("old", 0));
}

CASE(messages_outlive_the_last_close)
{
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	expect(send_text("stays", 2) == 0);
	expect(mq_close(queue) == 0);
	queue = mq_open(NAME, O_RDWR);
	expect(receives("stays", 2));
	expect(mq_unlink(NAME) == 0);
}

CASE(too_long_a_name_is_enametoolong)
{
	char name[NAME_MAX + 3] = "/";

	memset(name + 1, 'q', NAME_MAX + 1);
	expect_error(mq_open(name, O_RDWR), ENAMETOOLONG);
	expect_error(mq_unlink(name), ENAMETOOLONG);
}

CASE(descriptor_of_another_kind_is_ebadf)
{
	struct mq_attr attr;
	int fds[2];

	require(pipe(fds) == 0);
	expect_error(mq_getattr(fds[0], &attr), EBADF);
	expect_error(mq_send(fds[1], "x", 1, 0), EBADF);
	expect_error(mq_receive(fds[0], buffer, 100, NULL), EBADF);
	expect_error(mq_notify(fds[0], NULL), EBADF);
	expect_error(mq_close(77), EBADF);
	expect_error(mq_send(-1, "x", 1, 0), EBADF);
}

CASE(closed_descriptor_is_ebadf)
{
	new_queue(2);
	expect(mq_close(queue) == 0);
	expect_error(send_text("x", 0), EBADF);
	expect_error(mq_close(queue), EBADF);
}

CASE(mode_keeps_others_out)
{
	pid_t pid;

	if (geteuid() != 0)
		return;
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	pid = fork_or_fail();
	if (pid == 0) {
		require(setuid(1000) == 0);
		expect_error(mq_open(NAME, O_RDONLY), EACCES);
		expect(mq_unlink(NAME) == -1);
		_exit(case_failed);
	}
	expect(result_of(pid) == 0);
	expect(mq_unlink(NAME) == 0);
}

/* ---- Addresses ----------------------------------------------------------- */

CASE(bad_address_loses_no_message)
{
	new_queue(2);
	expect_error(mq_send(queue, nowhere, 8, 0), EFAULT);
	expect(held() == 0);
	expect(send_text("x", 3) == 0);
	expect_error(mq_receive(queue, nowhere, BYTES, NULL), EFAULT);
	if (leak_is_parley())
		expect(receives("x", 3));
}

/* ---- poll ---------------------------------------------------------------- */

static int look(int events)
{
	struct pollfd poller = { .fd = queue, .events = events };

	return poll(&poller, 1, 0) < 0 ? -1 : poller.revents;
}

CASE(poll_tells_of_messages_and_room)
{
	new_queue(1);
	expect(look(POLLIN | POLLOUT) == POLLOUT);
	expect(send_text("x", 0) == 0);
	expect(look(POLLIN | POLLOUT) == POLLIN);
	expect(receives("x", 0));
	expect(look(POLLIN | POLLOUT) == POLLOUT);
}

static int poll_for_message(void)
{
	struct pollfd poller = { .fd = queue, .events = POLLIN };

	return poll(&poller, 1, -1) == 1 ? poller.revents : 100;
}

CASE(message_wakes_a_poller)
{
	pid_t pid;

	new_queue(1);
	pid = start(poll_for_message);
	until_asleep(pid);
	expect(send_text("x", 0) == 0);
	expect(result_of(pid) == POLLIN && held() == 1);
}

/* ---- Notification -------------------------------------------------------- */

static volatile siginfo_t heard;

static void hear(int n, siginfo_t *info, void *context)
{
	(void)n, (void)context;
	caught++;
	*(siginfo_t *)&heard = *info;
}

static void ask_for(int notify, int value)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };
	struct sigevent event = { .sigev_notify = notify };

	action.sa_sigaction = hear;
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	event.sigev_signo = SIGUSR1;
	event.sigev_value.sival_int = value;
	require(mq_notify(queue, &event) == 0);
}

CASE(message_to_the_empty_queue_is_told)
{
	new_queue(2);
	ask_for(SIGEV_SIGNAL, 42);
	expect(send_text("x", 0) == 0);
	expect(caught == 1 && heard.si_code == SI_MESGQ);
	expect(heard.si_value.sival_int == 42);
	expect(heard.si_pid == getpid());
}

CASE(it_is_told_once)
{
	new_queue(2);
	ask_for(SIGEV_SIGNAL, 1);
	expect(send_text("x", 0) == 0 && receives("x", 0));
	expect(send_text("x", 0) == 0 && caught == 1);
	expect(receives("x", 0));
	ask_for(SIGEV_SIGNAL, 2);
	expect(send_text("x", 0) == 0 && caught == 2);
}

CASE(message_to_a_filled_queue_is_not_told)
{
	new_queue(2);
	expect(send_text("x", 0) == 0);
	ask_for(SIGEV_SIGNAL, 1);
	expect(send_text("y", 0) == 0 && caught == 0);
	expect(receives("x", 0) && receives("y", 0) && caught == 0);
	expect(send_text("z", 0) == 0 && caught == 1);
}

CASE(waiting_receiver_goes_before_notification)
{
	pid_t pid;

	new_queue(2);
	ask_for(SIGEV_SIGNAL, 1);
	pid = start(receive_one);
	until_asleep(pid);
	expect(send_text("x", 3) == 0);
	expect(result_of(pid) == 3 && caught == 0);
	expect(send_text("y", 0) == 0 && caught == 1);
}

static int register_too(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };

	return mq_notify(queue, &event) == 0 ? 0 : errno;
}

CASE(second_registration_is_ebusy)
{
	new_queue(2);
	ask_for(SIGEV_NONE, 0);
	expect(run_in_child(register_too) == EBUSY);
	expect(register_too() == EBUSY);
	expect(mq_notify(queue, NULL) == 0);
	expect(register_too() == 0);
}

CASE(registration_ends_with_its_process)
{
	new_queue(2);
	expect(run_in_child(register_too) == 0);
	expect(register_too() == 0);
}

CASE(only_its_owner_removes_a_registration)
{
	pid_t pid;

	new_queue(2);
	ask_for(SIGEV_SIGNAL, 1);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(mq_notify(queue, NULL) == 0 ? 0 : errno);
	result_of(pid);
	expect(send_text("x", 0) == 0 && caught == 1);
}

CASE(registration_ends_with_its_descriptor)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	mqd_t other;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	other = mq_open(NAME, O_RDWR);
	require(other != (mqd_t)-1 && mq_unlink(NAME) == 0);
	expect(mq_notify(other, &event) == 0);
	expect(register_too() == EBUSY);
	expect(mq_close(other) == 0);
	expect(register_too() == 0);
}

/* "via this mqdes": a copy of the descriptor does not keep the registration. */
CASE(registration_lives_on_in_a_copy)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	int copy;

	new_queue(2);
	expect(mq_notify(queue, &event) == 0);
	copy = dup(queue);
	close(queue);
	expect(mq_notify(copy, &event) == 0);
	close(copy);
}

CASE(none_is_a_registration_without_signal)
{
	new_queue(2);
	ask_for(SIGEV_NONE, 0);
	expect(send_text("x", 0) == 0 && caught == 0);
	expect(register_too() == 0);
}

CASE(bad_notification_is_einval)
{
	struct sigevent event = { .sigev_notify = 99 };

	new_queue(2);
	expect_error(mq_notify(queue, &event), EINVAL);
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = 1000;
	expect_error(mq_notify(queue, &event), EINVAL);
	expect(register_too() == 0);
}

/* ---- Size ---------------------------------------------------------------- */

CASE(thousand_messages_of_eight_kilobytes)
{
	struct mq_attr attr = { .mq_maxmsg = 1024, .mq_msgsize = 8192 };

	if (!leak_is_parley())
		return;		/* a limit of the system, often smaller */
	queue = mq_open("/parley-big", O_CREAT | O_RDWR, 0600, &attr);
	require(queue != (mqd_t)-1 && mq_unlink("/parley-big") == 0);
	for (int i = 0; i < 1024; i++) {
		memset(buffer, i, 8192);
		require(mq_send(queue, buffer, 8192, i % 32) == 0);
	}
	expect(held() == 1024);
	for (int i = 0; i < 1024; i++) {
		unsigned from = 31 - i / 32;
		unsigned number = i % 32 * 32 + from;

		require(mq_receive(queue, buffer, 8192, &priority) == 8192);
		require(priority == from);
		require((unsigned char)buffer[0] == number % 256 &&
			(unsigned char)buffer[4050] == number % 256 &&
			(unsigned char)buffer[8191] == number % 256);
	}
}

CASE(queue_dies_with_its_messages)
{
	new_queue(10);
	for (int i = 0; i < 10; i++)
		expect(mq_send(queue, buffer, BYTES, i) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
