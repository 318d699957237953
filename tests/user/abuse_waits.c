/*
 * abuse_waits.c - storms of signals on every call that waits, buffers unmapped
 * while their owner sleeps, several processes that unlink the same name, a
 * program that unmaps its own code or stack, bytes of the kernel that no
 * process may see.
 */
#include <mailbox.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/user/thread_case.h"

#define MESSAGE_BYTES	64

static int fds[2], box;
static mqd_t queue;
static char buffer[65536];

static void make_queue(long messages)
{
	struct mq_attr attr = {
		.mq_maxmsg = messages, .mq_msgsize = MESSAGE_BYTES,
	};

	mq_unlink("/abuse");
	queue = mq_open("/abuse", O_RDWR | O_CREAT, 0600, &attr);
	require(queue >= 0 && mq_unlink("/abuse") == 0);
}

static void make_box(long capacity)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = MESSAGE_BYTES,
	};

	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	require(box >= 0);
}

/* ---- A storm on every waiting call ------------------------------------- */

static sem_t semaphore;
static struct message head = { .type = 1, .bytes = 1, .fd = -1 };

/* None of these can succeed: each ends with EINTR, or goes on. */
static long wait_in(int call)
{
	struct pollfd polled = { fds[0], POLLIN, 0 };
	struct timespec long_time = { 1000, 0 };
	sigset_t set = set_of(SIGUSR2);
	fd_set readers;
	char byte;

	FD_ZERO(&readers);
	FD_SET(fds[0], &readers);
	switch (call) {
	case 0: return read(fds[0], &byte, 1);
	case 1: return write(fds[1], buffer, 4096);
	case 2: return mq_receive(queue, buffer, MESSAGE_BYTES, NULL);
	case 3: return mq_send(queue, buffer, 1, 0);
	case 4: return mailbox_receive(box, NULL, buffer, 64, 0, NULL);
	case 5: return mailbox_send(box, &head, buffer, 0, NULL);
	case 6: return mailbox_call(box, &head, buffer, buffer, 64, NULL);
	case 7: return message_receive(0, NULL, buffer, 64, 0, NULL);
	case 8: return sem_wait(&semaphore);
	case 9: return poll(&polled, 1, -1);
	case 10: return select(fds[0] + 1, &readers, NULL, NULL, NULL);
	case 11: return sigwaitinfo(&set, NULL);
	case 12: return nanosleep(&long_time, NULL);
	case 13: return open("/tmp/abuse-fifo", O_RDONLY);
	case 14: return pause();
	}
	errno = EINTR;
	return -1;
}

/* Must the object be full for this call to wait? */
static int wants_it_full(int call)
{
	return call == 1 || call == 3 || call == 5 || call == 6;
}

#define CALLS	15
#define SIGNALS	40

static volatile sig_atomic_t enough;

static void count_signal(int n)
{
	(void)n;
	enough++;
}

static int endure(int call)
{
	while (enough < SIGNALS)
		if (wait_in(call) != -1 || errno != EINTR)
			return 1;
	return 0;
}

static void storm(int call, int flags)
{
	pid_t pid;

	require(pipe(fds) == 0 && sem_init(&semaphore, 0, 0) == 0);
	make_queue(1);
	make_box(1);
	if (wants_it_full(call)) {
		fill_pipe(fds[1]);
		require(mq_send(queue, "m", 1, 3) == 0);
		require(mailbox_send(box, &head, "m", 0, NULL) == 0);
	}
	set_handler(SIGUSR1, count_signal, flags);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(endure(call));
	/* Until the child has got all signals; a restarted call never returns
	   to the child. */
	for (int i = 0; !is_in_state(pid, "zombie", "Z"); i++) {
		kill(pid, SIGUSR1);
		sched_yield();
		if (flags && i > SIGNALS)
			break;
	}
	if (flags)
		kill(pid, SIGKILL);
	expect(result_of(pid) == 0 || flags);
	/* Nothing was taken or put. */
	if (wants_it_full(call)) {
		expect(drain(fds[0], PIPE_BYTES));
		expect(mq_receive(queue, buffer, MESSAGE_BYTES, NULL) == 1);
		expect(mailbox_receive(box, NULL, buffer, 64,
				       MAILBOX_NONBLOCK, NULL) == 1);
	}
	set_nonblocking(fds[0], 1);
	expect_error(read(fds[0], buffer, 1), EAGAIN);
	expect_error(mailbox_receive(box, NULL, buffer, 64, MAILBOX_NONBLOCK,
				     NULL), EAGAIN);
	close(fds[0]);
	close(fds[1]);
	close(box);
	mq_close(queue);
}

CASE(storm_of_signals_loses_or_doubles_something)
{
	unlink("/tmp/abuse-fifo");
	require(mkfifo("/tmp/abuse-fifo", 0600) == 0);
	for (int call = 0; call < CALLS; call++)
		storm(call, 0);
	unlink("/tmp/abuse-fifo");
}

CASE(storm_of_restarted_signals_loses_or_doubles_something)
{
	unlink("/tmp/abuse-fifo");
	require(mkfifo("/tmp/abuse-fifo", 0600) == 0);
	for (int call = 0; call < CALLS; call++)
		storm(call, SA_RESTART);
	unlink("/tmp/abuse-fifo");
}

/* ---- The buffer of a sleeper goes -------------------------------------- */

static char *page;

static void *receive_into_page(void *what)
{
	ssize_t n = what ? mq_receive(queue, page, MESSAGE_BYTES,
				      (unsigned *)(page + 4096))
			 : mailbox_receive(box, NULL, page, MESSAGE_BYTES, 0,
					   NULL);

	return (void *)(long)(n < 0 ? errno : 0);
}

/* The sleeper gets EFAULT, and the message is still there. from: the first byte
 * of the two pages to take away. */
static void take_page_away(int is_queue, int from, int protect)
{
	pthread_t thread;

	make_queue(1);
	make_box(1);
	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(page != MAP_FAILED);
	thread = create(receive_into_page, is_queue ? page : NULL);
	for (int i = 0; i < 5; i++)
		case_pause();
	if (protect)
		require(mprotect(page + from, 4096, PROT_READ) == 0);
	else
		require(munmap(page + from, 4096) == 0);
	if (is_queue)
		require(mq_send(queue, "kept", 5, 3) == 0);
	else
		require(mailbox_send(box, &(struct message){ .type = 1,
				     .bytes = 5, .fd = -1 }, "kept", 0, NULL)
			== 0);
	expect(join(thread) == EFAULT);
	munmap(page, 8192);
	if (is_queue)
		expect(mq_receive(queue, buffer, MESSAGE_BYTES, NULL) == 5);
	else
		expect(mailbox_receive(box, NULL, buffer, MESSAGE_BYTES,
				       MAILBOX_NONBLOCK, NULL) == 5);
	expect(strcmp(buffer, "kept") == 0);
	close(box);
	mq_close(queue);
}

CASE(message_goes_with_the_buffer_of_a_sleeping_receiver)
{
	for (int protect = 0; protect < 2; protect++) {
		take_page_away(0, 0, protect);
		take_page_away(1, 0, protect);
		take_page_away(1, 4096, protect);	/* the priority's */
	}
}

/* ---- Several take the same away ---------------------------------------- */

static int unlink_it(int kind)
{
	switch (kind) {
	case 0: return mq_unlink("/abuse");
	case 1: return mailbox_unlink("/abuse");
	case 2: return shm_unlink("/abuse");
	case 3: return sem_unlink("/abuse");
	default: return unlink("/tmp/abuse-fifo");
	}
}

static void make_it(int kind)
{
	sem_t *made;
	int fd = 0;

	unlink_it(kind);
	switch (kind) {
	case 0:
		fd = mq_open("/abuse", O_RDWR | O_CREAT, 0600, NULL);
		break;
	case 1:
		fd = mailbox_open("/abuse", O_RDWR | O_CREAT, 0600, NULL);
		break;
	case 2:
		fd = shm_open("/abuse", O_RDWR | O_CREAT, 0600);
		break;
	case 3:
		made = sem_open("/abuse", O_CREAT, 0600, 1);
		require(made != SEM_FAILED && sem_close(made) == 0);
		return;
	default:
		require(mkfifo("/tmp/abuse-fifo", 0600) == 0);
		return;
	}
	require(fd >= 0);
	close(fd);
}

CASE(several_unlink_the_same_name)
{
	pid_t pids[8];
	int done;

	for (int kind = 0; kind < 5; kind++) {
		make_it(kind);
		for (int i = 0; i < 8; i++) {
			pids[i] = fork_or_fail();
			if (pids[i] > 0)
				continue;
			sched_yield();
			_exit(unlink_it(kind) == 0 ? 1
			      : errno == ENOENT ? 0 : 50);
		}
		done = 0;
		for (int i = 0; i < 8; i++)
			done += result_of(pids[i]);
		expect(done == 1);
	}
}

/* ---- Code and stack of the running program ----------------------------- */

CASE_DIES(code_that_runs_is_unmapped, SIGSEGV)
{
	uintptr_t code = (uintptr_t)munmap & ~4095u;

	for (uintptr_t at = code - 4096; at <= code + 4096; at += 4096)
		munmap((void *)at, 4096);
	expect(!"still runs");
}

CASE_DIES(stack_in_use_is_unmapped, SIGSEGV)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0) & ~4095u;

	munmap((void *)(here - 65536), 131072);
	expect(!"still runs");
}

CASE(another_process_descriptor_number_is_ebadf)
{
	int number;
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		make_queue(1);
		make_box(1);
		pause();
	}
	until_asleep(pid);
	for (number = 3; number < 20; number++) {
		expect_error(mq_send(number, "x", 1, 0), EBADF);
		expect_error(mailbox_send(number, &head, "x",
					  MAILBOX_NONBLOCK, NULL), EBADF);
	}
	kill_and_wait(pid);
}

/* ---- Bytes that no process may see ------------------------------------- */

#define MARK	0xa5

static int is_all(const char *bytes, size_t count, char value)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] != value)
			return 0;
	return 1;
}

/* No byte is written behind the received bytes. */
CASE(receiver_sees_more_than_the_message)
{
	make_queue(1);
	make_box(1);
	require(pipe(fds) == 0);
	memset(buffer, MARK, sizeof(buffer));
	require(mq_send(queue, "abc", 3, 0) == 0);
	expect(mq_receive(queue, buffer, sizeof(buffer), NULL) == 3);
	expect(is_all(buffer + 3, sizeof(buffer) - 3, (char)MARK));
	memset(buffer, MARK, sizeof(buffer));
	require(mailbox_send(box, &(struct message){ .type = 1, .bytes = 3,
			     .fd = -1 }, "abc", 0, NULL) == 0);
	expect(mailbox_receive(box, NULL, buffer, sizeof(buffer), 0, NULL)
	       == 3);
	expect(is_all(buffer + 3, sizeof(buffer) - 3, (char)MARK));
	memset(buffer, MARK, sizeof(buffer));
	require(write(fds[1], "abc", 3) == 3);
	expect(read(fds[0], buffer, sizeof(buffer)) == 3);
	expect(is_all(buffer + 3, sizeof(buffer) - 3, (char)MARK));
}

/* The holes of structs are zero, not old bytes of the kernel's stack: the same
 * call twice, over different bytes, gives the same result. */
CASE(structs_show_bytes_of_the_kernel)
{
	static char a[512], b[512];

	require(pipe(fds) == 0);
	make_queue(1);
	for (int i = 0; i < 3; i++) {
		memset(a, 0x11, sizeof(a));
		memset(b, 0xee, sizeof(b));
		for (int j = 0; j < 2; j++) {
			void *to = j ? (void *)b : (void *)a;

			if (i == 0)
				expect(fstat(fds[0], to) == 0);
			else if (i == 1)
				expect(mq_getattr(queue, to) == 0);
			else
				expect(sigaction(SIGUSR1, NULL, to) == 0);
			raise(SIGURG);	/* spoils the stack in between */
		}
		if (i == 0)
			expect(memcmp(a, b, sizeof(struct stat)) == 0);
		else if (i == 1)
			expect(memcmp(a, b, sizeof(struct mq_attr)) == 0);
		else
			expect(memcmp(a, b, sizeof(struct sigaction)) == 0);
	}
}

/* ---- Semaphores and timers out of bounds ------------------------------- */

/* Any bytes in a semaphore are the program's own affair: calls may fail or
 * wait, the kernel trusts none of them. */
CASE(garbage_in_a_semaphore_harms_the_kernel)
{
	sem_t *garbage = (sem_t *)buffer;
	struct timespec past = { 1, 0 };

	for (unsigned seed = 1; seed < 300; seed++) {
		for (size_t i = 0; i < sizeof(*garbage); i++)
			buffer[i] = seed * 2654435761u >> (i % 4 * 8);
		sem_trywait(garbage);
		sem_post(garbage);
		sem_timedwait(garbage, &past);
		sem_destroy(garbage);
	}
}

CASE(timers_without_number)
{
	timer_t timer;
	int count = 0;

	while (count < 10000 &&
	       timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
		count++;
	expect(count < 10000 && errno == EAGAIN);
	expect(count >= 16);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
