/*
 * mqueue_life.c - message queues over fork, exec, exit, unlink, and during a
 * wait. Any POSIX system; both choices pass where the standard leaves a choice.
 */
#include "tests/user/thread_case.h"

/* mqueue.h has a different in_ms(), for the clock of message queues. */
#define in_ms	queue_deadline
#define NAME	"/test-queue-life"
#include "tests/user/mqueue.h"
#undef in_ms

CASE(child_does_not_inherit_the_queue)
{
	new_queue(2);
	expect(run_in_child(send_one) == 0);
	expect(receives("child", 7));
	expect(send_text("back", 3) == 0);
	expect(run_in_child(receive_one) == 3);
}

CASE(queue_stays_open_over_exec)
{
	char number[16];
	pid_t pid;

	new_queue(2);
	snprintf(number, sizeof(number), "%d", (int)queue);
	pid = fork_or_fail();
	if (pid == 0) {
		execl(case_program, case_program, "--is-open", number, NULL);
		_exit(100);
	}
	expect(result_of(pid) == 1);
}

/* A long message takes memory of the kernel, which goes with the message. */
CASE(empty_queue_keeps_the_memory_of_a_long_message)
{
	struct leak_counters before, after;
	char reason[120];

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_EXCL | O_RDWR, 1, 8192);
	require(queue != (mqd_t)-1 && mq_unlink(NAME) == 0);
	memset(buffer, 1, 8192);	/* the process's own pages */
	leak_take(&before);
	leak_take(&after);
	leak_take(&before);
	expect(mq_send(queue, buffer, 8192, 0) == 0);
	expect(mq_receive(queue, buffer, 8192, NULL) == 8192);
	leak_take(&after);
	leak_describe(&before, &after, reason, sizeof(reason));
	if (!expect(!*reason))
		printf("# %s\n", reason);
	fflush(stdout);
}

CASE(end_of_a_waiting_process_takes_a_message_along)
{
	pid_t pid;

	new_queue(1);
	pid = start(receive_one);
	until_asleep(pid);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(send_text("stays", 4) == 0 && held() == 1);
	expect(receives("stays", 4));
}

CASE(unlink_ends_the_wait_of_a_receiver)
{
	pid_t pid;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	require(queue != (mqd_t)-1);
	pid = start(receive_one);
	until_asleep(pid);
	expect(mq_unlink(NAME) == 0);
	expect(is_asleep(pid));
	expect(send_text("late", 8) == 0);
	expect(result_of(pid) == 8);
}

CASE(new_queue_of_the_same_name_serves_old_waiters)
{
	mqd_t old;
	pid_t pid;

	mq_unlink(NAME);
	old = queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	require(old != (mqd_t)-1);
	pid = start(receive_one);
	until_asleep(pid);
	expect(mq_unlink(NAME) == 0);
	queue = open_with(O_CREAT | O_EXCL | O_RDWR, 2, BYTES);
	require(queue != (mqd_t)-1);
	expect(send_text("new", 5) == 0);
	expect(is_asleep(pid) && held() == 1);
	queue = old;
	expect(send_text("old", 6) == 0);
	expect(result_of(pid) == 6);
	mq_unlink(NAME);
}

CASE(unlinked_twice)
{
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	expect(mq_unlink(NAME) == 0);
	expect_error(mq_unlink(NAME), ENOENT);
}

static void *receive_in_thread(void *unused)
{
	(void)unused;
	return (void *)(long)receive_one();
}

/* POSIX does not define the result; the message must come, or stay. */
CASE(close_by_another_thread_while_one_receives)
{
	pthread_t thread;
	mqd_t second;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	second = mq_open(NAME, O_RDWR);
	require(queue != (mqd_t)-1 && second != (mqd_t)-1);
	mq_unlink(NAME);
	thread = create(receive_in_thread, NULL);
	for (int i = 0; i < 5; i++)
		case_pause();
	expect(mq_close(queue) == 0);
	queue = second;
	expect(send_text("x", 9) == 0);
	expect(join(thread) == 9);
	expect(held() == 0);
}

CASE(priority_beyond_the_limit)
{
	new_queue(2);
	expect_error(send_text("x", sysconf(_SC_MQ_PRIO_MAX)), EINVAL);
	expect_error(send_text("x", -1), EINVAL);
	expect(held() == 0);
}

CASE(bad_deadline_is_waited_for)
{
	struct timespec bad = { 0, -1 };

	new_queue(1);
	expect_error(mq_timedreceive(queue, buffer, sizeof(buffer), NULL,
				     &bad), EINVAL);
	expect(send_text("full", 1) == 0);
	expect_error(mq_timedsend(queue, "y", 1, 1, &bad), EINVAL);
	expect(held() == 1 && receives("full", 1));
}

CASE(deadline_of_a_nonblocking_queue)
{
	struct timespec past = { 1, 0 };

	new_queue(1);
	set_nonblock(1);
	expect_error(mq_timedreceive(queue, buffer, sizeof(buffer), NULL,
				     &past), EAGAIN);
}

static int receive_by_deadline(void)
{
	struct timespec deadline = queue_deadline(100000);

	if (mq_timedreceive(queue, buffer, sizeof(buffer), &priority,
			    &deadline) < 0)
		return errno == EINTR ? 50 : 51;
	return priority;
}

static int receive_by_deadline_caught(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return receive_by_deadline();
}

CASE(signal_before_the_deadline_is_no_timeout)
{
	pid_t pid;

	new_queue(1);
	pid = start(receive_by_deadline_caught);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 50);
}

static int receive_by_deadline_restarted(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return receive_by_deadline();
}

CASE(deadline_is_forgotten_when_restarted)
{
	pid_t pid;

	new_queue(1);
	pid = start(receive_by_deadline_restarted);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	case_pause();
	until_asleep(pid);
	expect(send_text("x", 4) == 0);
	expect(result_of(pid) == 4);
}

CASE(stop_ends_the_wait)
{
	pid_t pid;

	new_queue(1);
	pid = start(receive_one);
	until_asleep(pid);
	kill(pid, SIGSTOP);
	until_in_state(pid, "stopped", "T");
	expect(send_text("x", 4) == 0);
	expect(held() == 1);
	kill(pid, SIGCONT);
	expect(result_of(pid) == 4);
}

CASE(pollers_at_both_ends_sleep_on)
{
	struct pollfd poller = { .events = POLLOUT };
	pid_t pid;

	new_queue(1);
	expect(send_text("full", 1) == 0);
	poller.fd = (int)queue;
	pid = fork_or_fail();
	if (pid == 0)
		_exit(poll(&poller, 1, -1) == 1 && poller.revents == POLLOUT);
	until_asleep(pid);
	expect(receives("full", 1));
	expect(result_of(pid) == 1);
}

static volatile sig_atomic_t told;

static void register_again(int n)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = n,
	};

	told++;
	mq_notify(queue, &event);
}

CASE(handler_cannot_register_again)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1,
	};

	new_queue(2);
	set_handler(SIGUSR1, register_again, 0);
	expect(mq_notify(queue, &event) == 0);
	for (int i = 1; i <= 3; i++) {
		expect(send_text("x", 1) == 0 && told == i);
		expect(receives("x", 1));
	}
	expect(mq_notify(queue, NULL) == 0);
	expect(send_text("x", 1) == 0 && told == 3);
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "--is-open") == 0)
		return fcntl(atoi(argv[2]), F_GETFD) < 0;
	return run_cases(argc, argv);
}
