/*
 * thread_points.c - each function that POSIX names as a cancellation point is
 * one (XSH 2.9.5.2, without STREAMS), and a cancelled call loses nothing.
 *
 * A line of the table has a call, and what lets the call end. One driver tries
 * each line in three ways. After the first two, the first thread makes the same
 * call: the byte is still in the pipe, the child can still be waited for.
 *
 *	asked before	the call could succeed at once; the thread ends instead
 *	asked within	the call waits, and the thread ends
 *	switched off	the call succeeds; the thread ends when it allows this
 *
 * Any POSIX system. glibc looks at a request only if aio_suspend() or
 * pthread_join() has to wait: WAITS_ONLY.
 */
#include "tests/user/points.h"

/* ---- The table ----------------------------------------------------------- */

static struct point {
	const char *name;
	int (*call)(void);
	void (*need)(void);
	void (*ready)(void);		/* NULL: nothing can let it end */
	enum { NEVER_WAITS, WAITS, WAITS_ONLY } kind;
} points[] = {
#define WAITS(name, need, ready) { #name, call_##name, need, ready, WAITS }
#define WAITS_ONLY(name, need, ready) \
	{ #name, call_##name, need, ready, WAITS_ONLY }
#define NEVER(name, need) \
	{ #name, call_##name, need, need_nothing, NEVER_WAITS }
	WAITS(accept, need_listener, connect_other),
	WAITS_ONLY(aio_suspend, need_request, end_request),
	WAITS(clock_nanosleep, need_nothing, end_wait),
	NEVER(close, need_file),
	NEVER(connect, need_listener),
	NEVER(creat, need_nothing),
	WAITS(fcntl, need_lock, give_lock),
	NEVER(fdatasync, need_file),
	NEVER(fsync, need_file),
	WAITS(lockf, need_lock, give_lock),
	WAITS(mq_receive, need_queue, put_message),
	WAITS(mq_send, need_full_queue, take_message),
	WAITS(mq_timedreceive, need_queue, put_message),
	WAITS(mq_timedsend, need_full_queue, take_message),
	WAITS(msgrcv, need_sysv, put_sysv),
	WAITS(msgsnd, need_full_sysv, take_sysv),
	NEVER(msync, need_nothing),
	WAITS(nanosleep, need_nothing, end_wait),
	WAITS(open, need_fifo, open_other_end),
	WAITS(openat, need_fifo, open_other_end),
	WAITS(pause, need_nothing, NULL),
	WAITS(poll, need_pipe, put_byte),
	WAITS(poll, need_full_pipe, take_bytes),
	NEVER(pread, need_file),
	WAITS(pselect, need_pipe, put_byte),
	WAITS(pthread_cond_timedwait, need_condition, end_wait),
	WAITS(pthread_cond_wait, need_condition, NULL),
	WAITS_ONLY(pthread_join, need_thread, put_byte),
	NEVER(pthread_testcancel, need_nothing),
	NEVER(pwrite, need_file),
	WAITS(read, need_pipe, put_byte),
	WAITS(readv, need_pipe, put_byte),
	WAITS(recv, need_sockets, put_byte),
	WAITS(recvfrom, need_sockets, put_byte),
	WAITS(recvmsg, need_sockets, put_byte),
	WAITS(select, need_pipe, put_byte),
	WAITS(sem_timedwait, need_semaphore, post),
	WAITS(sem_wait, need_semaphore, post),
	WAITS(send, need_full_socket, empty_socket),
	WAITS(sendmsg, need_full_socket, empty_socket),
	WAITS(sendto, need_full_socket, empty_socket),
	WAITS(sigsuspend, need_signal, send_signal),
	WAITS(sigtimedwait, need_signal, send_signal),
	WAITS(sigwait, need_signal, send_signal),
	WAITS(sigwaitinfo, need_signal, send_signal),
	WAITS(sleep, need_nothing, end_wait),
	WAITS(system, need_fifo, NULL),
	NEVER(tcdrain, need_terminal),
	WAITS(wait, need_child, put_byte),
	WAITS(waitid, need_child, put_byte),
	WAITS(waitpid, need_child, put_byte),
	WAITS(write, need_full_pipe, take_bytes),
	WAITS(writev, need_full_pipe, take_bytes),
};

#define POINTS	((int)(sizeof(points) / sizeof(points[0])))

/* ---- The driver ---------------------------------------------------------- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static volatile int in_call, result;
static int first_state;

static void *call_point(void *at)
{
	const struct point *point = at;

	pthread_setcancelstate(first_state, NULL);
	pthread_mutex_lock(&gate);		/* no point */
	pthread_mutex_unlock(&gate);
	in_call = 1;
	result = point->call();
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return NULL;
}

static void begin(const struct point *point, int state)
{
	full = at_once = in_call = 0;
	result = -100;
	first_state = state;
	point->need();
}

/* A failure names the function. */
static void check(const struct point *point, int is_right, const char *what)
{
	char text[80];

	snprintf(text, sizeof(text), "%s: %s", point->name, what);
	case_expect(is_right, TAP_HERE, text);
}

static void ask_before(const struct point *point, int is_ready)
{
	pthread_t thread;

	pthread_mutex_lock(&gate);
	thread = create(call_point, (void *)point);
	if (is_ready)
		point->ready();
	expect(pthread_cancel(thread) == 0);
	pthread_mutex_unlock(&gate);
	check(point, (void *)join(thread) == PTHREAD_CANCELED, "cancelled");
}

static void again(const struct point *point)
{
	if (point->ready)
		check(point, point->call() >= 0, "nothing is lost");
}

static void on_each(void (*work)(const struct point *point))
{
	pid_t pid;
	int status;

	for (int i = 0; i < POINTS; i++) {
		pid = fork();
		require(pid >= 0);
		if (pid == 0) {
			alarm(20);
			work(&points[i]);
			if (sysv >= 0)
				msgctl(sysv, IPC_RMID, NULL);
			_exit(case_failed);
		}
		require(waitpid(pid, &status, 0) == pid);
		check(&points[i], WIFEXITED(status), "ends");
		case_failed |= status != 0;
	}
	unlink(NAME);
	unlink(NAME ".fifo");
	unlink(address.sun_path);
}

static void asked_before(const struct point *point)
{
	int is_ready = point->ready && (point->kind != WAITS_ONLY ||
					leak_is_parley());

	begin(point, PTHREAD_CANCEL_ENABLE);
	ask_before(point, is_ready);
	check(point, result == -100, "does not return");
	if (point->ready && !is_ready)
		point->ready();
	again(point);
}

static void asked_within(const struct point *point)
{
	pthread_t thread;

	if (point->kind == NEVER_WAITS)
		return;
	begin(point, PTHREAD_CANCEL_ENABLE);
	thread = create(call_point, (void *)point);
	while (!in_call)
		case_pause();
	for (int n = 0; n < 20; n++)
		case_pause();
	check(point, result == -100, "waits");
	expect(pthread_cancel(thread) == 0);
	check(point, (void *)join(thread) == PTHREAD_CANCELED, "cancelled");
	check(point, result == -100, "does not return");
	if (point->ready)
		point->ready();
	again(point);
}

static void asked_when_off(const struct point *point)
{
	if (!point->ready)
		return;
	begin(point, PTHREAD_CANCEL_DISABLE);
	ask_before(point, 1);
	check(point, result >= 0, "succeeds when switched off");
}

CASE(request_before_the_call_ends_the_thread)
{
	on_each(asked_before);
}

CASE(request_during_the_call_ends_the_thread)
{
	on_each(asked_within);
}

CASE(call_ignores_a_request_while_cancellation_is_off)
{
	on_each(asked_when_off);
}

static int has_no_child(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

CASE(cancelled_system_leaves_no_child_and_the_signals)
{
	struct point point = { "system", call_system, need_fifo, NULL, WAITS };
	struct sigaction action;

	asked_within(&point);
	expect(has_no_child());
	require(sigaction(SIGINT, NULL, &action) == 0);
	expect(action.sa_handler == SIG_DFL);
	unlink(NAME ".fifo");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
