/*
 * switch_waits.c - a forced switch at every chance of calls to a server, locks
 * in shared memory, notices of message queues, signalfd and cancelled threads.
 * See switch_story.h.
 *
 * linux: no
 */
#include <mailbox.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/signalfd.h>

#include "tests/user/switch_story.h"

static int in, out;			/* descriptors */

/* Beside struct shared: what the locks guard. */
static struct guarded {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t rwlock;
	sem_t items;
	int slot[MESSAGES + 2], value, is_full, before, after;
} *guarded;

static void map_guarded(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_rwlockattr_t rwlock;

	if (!guarded)
		guarded = mmap(NULL, sizeof(*guarded), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(guarded != MAP_FAILED);
	memset(guarded, 0, sizeof(*guarded));
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_rwlockattr_init(&rwlock);
	pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	require(pthread_mutex_init(&guarded->mutex, &mutex) == 0 &&
		pthread_cond_init(&guarded->changed, &cond) == 0 &&
		pthread_rwlock_init(&guarded->rwlock, &rwlock) == 0 &&
		sem_init(&guarded->items, 1, 0) == 0);
}

static void stop_nothing(void)
{
}

/* ---- Calls to a server --------------------------------------------------- */

static void make_box(void)
{
	struct mailbox_attr attr = { .capacity = 4, .message_bytes = 8 };

	in = mailbox_open("/switch", O_CREAT | O_RDONLY, 0600, &attr);
	out = mailbox_open("/switch", O_WRONLY);
	require(in >= 0 && out >= 0 && mailbox_unlink("/switch") == 0);
}

/* The parent keeps an end for the stop message. */
static void leave_box(void)
{
	close(in);
}

static void close_box(void)
{
	close(out);
}

static int call_server(void)
{
	struct message head;
	int reply;
	ssize_t bytes;

	close(in);
	for (int i = 0; i < MESSAGES; i++) {
		head = (struct message){ .type = 1, .bytes = sizeof(i),
					 .fd = -1 };
		bytes = mailbox_call(out, &head, &i, &reply, sizeof(reply),
				     NULL);
		if (bytes < 0 && errno == EINTR)
			return third == SIGNALS_SENDER ? 0 : 60;
		if (bytes < 0)
			return errno == EPIPE ? NO_PROCESS : 61;
		if (reply != i + 10)
			return 62;
	}
	return 0;
}

static int serve(void)
{
	struct message head = { .id = 0 };
	int value, reply = 0;
	ssize_t bytes;

	close(out);
	for (;;) {
		bytes = mailbox_reply_receive(in, &head, &reply, &value,
					      sizeof(value));
		if (bytes < 0 && errno == EINTR)
			continue;
		if (bytes < 0 && errno != EINTR && head.id != 0) {
			head.id = 0;		/* the caller is gone */
			continue;
		}
		if (bytes != sizeof(value))
			return 61;
		if (value == STOP)
			return 0;
		note(value);
		reply = value + 10;
		head.bytes = sizeof(reply);
		head.fd = -1;
		head.flags = 0;
	}
}

static void stop_server(void)
{
	const struct message head = { .type = 1, .bytes = sizeof(int),
				      .fd = -1 };
	int value = STOP;

	mailbox_send(out, &head, &value, 0, NULL);
}

/* A signal ends the call of the client, and the rest does not come. */
static int all_were_served(int sender_result, int receiver_result)
{
	for (int i = 0; i < shared->count; i++)
		if (shared->got[i] != i)
			return 0;
	return both_ended(sender_result, receiver_result) &&
	       (shared->count == MESSAGES || third == KILLS_RECEIVER ||
		third == KILLS_SENDER || third == SIGNALS_SENDER);
}

/* ---- A semaphore in shared memory ---------------------------------------- */

static int post_items(void)
{
	for (int i = 0; i < MESSAGES; i++) {
		guarded->slot[i] = i + 1;
		if (sem_post(&guarded->items) != 0)
			return 60;
	}
	return 0;
}

/* An empty slot: stop. */
static int wait_for_items(void)
{
	for (int i = 0; ; i++) {
		while (sem_wait(&guarded->items) != 0)
			if (errno != EINTR)
				return 61;
		if (guarded->slot[i] == 0)
			return 0;
		note(guarded->slot[i] - 1);
	}
}

/* A killed sender may have filled a slot without a post. */
static void post_stop(void)
{
	require(sem_post(&guarded->items) == 0 &&
		sem_post(&guarded->items) == 0);
}

/* ---- A mutex and a condition --------------------------------------------- */

static int put_values(void)
{
	for (int i = 0; i <= MESSAGES; i++) {
		pthread_mutex_lock(&guarded->mutex);
		while (guarded->is_full)
			pthread_cond_wait(&guarded->changed, &guarded->mutex);
		guarded->value = i < MESSAGES ? i : STOP;
		guarded->is_full = 1;
		pthread_cond_signal(&guarded->changed);
		pthread_mutex_unlock(&guarded->mutex);
	}
	return 0;
}

static int take_values(void)
{
	int value;

	for (;;) {
		pthread_mutex_lock(&guarded->mutex);
		while (!guarded->is_full)
			pthread_cond_wait(&guarded->changed, &guarded->mutex);
		value = guarded->value;
		guarded->is_full = 0;
		pthread_cond_signal(&guarded->changed);
		pthread_mutex_unlock(&guarded->mutex);
		if (value == STOP)
			return 0;
		note(value);
	}
}

/* ---- A lock of readers and a writer -------------------------------------- */

/* Both numbers are the same under the lock. */
static int change_both(void)
{
	for (int i = 0; i < MESSAGES; i++) {
		if (pthread_rwlock_wrlock(&guarded->rwlock) != 0)
			return 60;
		guarded->before++;
		sched_yield();
		guarded->after++;
		pthread_rwlock_unlock(&guarded->rwlock);
	}
	return 0;
}

static int compare_both(void)
{
	for (int i = 0; i < MESSAGES; i++) {
		if (pthread_rwlock_rdlock(&guarded->rwlock) != 0)
			return 60;
		if (guarded->before != guarded->after)
			return 61;
		sched_yield();
		if (guarded->before != guarded->after)
			return 62;
		pthread_rwlock_unlock(&guarded->rwlock);
	}
	return 0;
}

/* ---- The notice of a message queue --------------------------------------- */

static void make_queue(void)
{
	struct mq_attr attr = {
		.mq_maxmsg = MESSAGES + 1, .mq_msgsize = sizeof(int),
	};

	in = mq_open("/switch", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attr);
	require(in >= 0 && mq_unlink("/switch") == 0);
}

static void close_queue(void)
{
	close(in);
}

static int queue_value(int value)
{
	return mq_send(in, (char *)&value, sizeof(value), 0) == 0 ? 0 : 60;
}

static int queue_values(void)
{
	int result = 0;

	for (int i = 0; i < MESSAGES && result == 0; i++)
		result = queue_value(i);
	return result;
}

/* Register, take all that is there, and wait. A lost notice is a sleep for
 * ever. */
static int receive_by_notice(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN,
	};
	sigset_t set = set_of(SIGRTMIN);
	int value;

	for (;;) {
		if (mq_notify(in, &event) != 0)
			return 60;
		while (mq_receive(in, (char *)&value, sizeof(value), NULL) ==
		       sizeof(value)) {
			if (value == STOP)
				return 0;
			note(value);
		}
		if (errno != EAGAIN)
			return 61;
		while (sigwaitinfo(&set, NULL) < 0)
			if (errno != EINTR)
				return 62;
	}
}

static void stop_by_queue(void)
{
	queue_value(STOP);
}

/* ---- Signals by a descriptor --------------------------------------------- */

static int send_signals(void)
{
	for (int i = 0; i < MESSAGES; i++)
		if (sigqueue(receiver, SIGRTMIN,
			     (union sigval){ .sival_int = i }) != 0)
			return errno == ESRCH ? NO_PROCESS : 60;
	return 0;
}

static int receive_by_signalfd(void)
{
	sigset_t set = set_of(SIGRTMIN);
	struct signalfd_siginfo info;
	struct pollfd ready = { signalfd(-1, &set, SFD_NONBLOCK), POLLIN, 0 };

	for (;;) {
		if (poll(&ready, 1, -1) < 0 && errno != EINTR)
			return 60;
		while (read(ready.fd, &info, sizeof(info)) == sizeof(info)) {
			if (info.ssi_int == STOP)
				return 0;
			note(info.ssi_int);
		}
		if (errno != EAGAIN)
			return 61;
	}
}

static void stop_by_signal(void)
{
	sigqueue(receiver, SIGRTMIN, (union sigval){ .sival_int = STOP });
}

/* ---- A cancelled thread: a call that has a result keeps it --------------- */

static int send_values(void)
{
	struct message head = { .type = 1, .bytes = sizeof(int), .fd = -1 };

	for (int i = 0; i < MESSAGES; i++)
		if (message_send(receiver, &head, &i, 0, NULL) != 0)
			return errno == ESRCH ? NO_PROCESS : 60;
	return 0;
}

static int receive_value(void)
{
	int value;

	while (message_receive(0, NULL, &value, sizeof(value), 0, NULL) < 0)
		if (errno != EINTR)
			return -1;
	return value;
}

static void *receive_until_cancelled(void *value)
{
	int *last = value;

	do {
		*last = receive_value();
		if (*last != STOP)
			note(*last);
	} while (*last != STOP);
	return NULL;
}

/* A thread begins, and the first thread cancels it and receives the rest. */
static int receive_after_cancel(void)
{
	pthread_t thread;
	int last = -1;

	if (pthread_create(&thread, NULL, receive_until_cancelled, &last) != 0)
		return 60;
	sched_yield();
	if (pthread_cancel(thread) != 0 || pthread_join(thread, NULL) != 0)
		return 61;
	if (last != STOP)
		receive_until_cancelled(&last);
	return 0;
}

static void send_stop(void)
{
	struct message head = { .type = 1, .bytes = sizeof(int), .fd = -1 };
	int value = STOP;

	message_send(receiver, &head, &value, 0, NULL);
}

/* ---- The stories --------------------------------------------------------- */

CASE(switch_breaks_calls_to_a_server)
{
	sweep(&(struct story){
		.name = "calls", .prepare = make_box, .leave = leave_box,
		.sender = call_server, .receiver = serve, .stop = stop_server,
		.clean = close_box, .is_right = all_were_served,
	});
}

CASE(switch_breaks_a_semaphore_in_shared_memory)
{
	sweep(&(struct story){
		.name = "semaphore", .prepare = map_guarded,
		.sender = post_items, .receiver = wait_for_items,
		.stop = post_stop, .is_right = all_came,
	});
}

CASE(switch_breaks_a_mutex_with_a_condition)
{
	sweep(&(struct story){
		.name = "condition", .prepare = map_guarded,
		.sender = put_values, .receiver = take_values,
		.stop = stop_nothing, .is_right = all_came, .has_no_kill = 1,
	});
}

CASE(switch_breaks_a_lock_of_readers_and_a_writer)
{
	sweep(&(struct story){
		.name = "rwlock", .prepare = map_guarded,
		.sender = change_both, .receiver = compare_both,
		.stop = stop_nothing, .is_right = both_ended, .has_no_kill = 1,
	});
}

CASE(switch_breaks_the_notice_of_a_message_queue)
{
	sweep(&(struct story){
		.name = "notice", .prepare = make_queue,
		.sender = queue_values, .receiver = receive_by_notice,
		.stop = stop_by_queue, .clean = close_queue,
		.is_right = all_came,
	});
}

CASE(switch_breaks_signals_by_a_descriptor)
{
	sweep(&(struct story){
		.name = "signalfd", .sender = send_signals,
		.receiver = receive_by_signalfd, .stop = stop_by_signal,
		.is_right = all_came,
	});
}

CASE(switch_breaks_the_cancelling_of_a_thread)
{
	sweep(&(struct story){
		.name = "cancel", .sender = send_values,
		.receiver = receive_after_cancel, .stop = send_stop,
		.is_right = all_came,
	});
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
