/*
 * points.h - the calls of thread_points.c: what each call needs, what lets the
 * call end, and the call itself, whose result is negative after a failure.
 *
 * A longer file: one function for each cancellation point of POSIX.
 */
#pragma once

#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>

#include "tests/user/thread_case.h"

#define NAME	"thread_points.file"	/* not the program */

static int fds[2];		/* what the calls use */
static int full;		/* fds[1] has no room */
static int at_once;		/* the wait of the call is over */
static pid_t child;
static sem_t semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_t other;
static int sysv = -1;
static mqd_t queue;
static struct aiocb request;
static char byte;
static char page[4096] __attribute__((aligned(4096)));

/* ---- What a call needs, and what lets it end ----------------------------- */

static void need_pipe(void)
{
	require(pipe(fds) == 0);
}

static void put_byte(void)
{
	require(write(fds[1], "x", 1) == 1);
}

static void need_full_pipe(void)
{
	need_pipe();
	fill_pipe(fds[1]);
	full = 1;
}

static void take_bytes(void)
{
	require(read(fds[0], page, sizeof(page)) > 0);
}

static void need_sockets(void)
{
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
}

static void need_full_socket(void)
{
	need_sockets();
	while (send(fds[1], page, sizeof(page), MSG_DONTWAIT) > 0)
		;
}

static void empty_socket(void)
{
	while (recv(fds[0], page, sizeof(page), MSG_DONTWAIT) > 0)
		;
}

static void need_file(void)
{
	fds[0] = fds[1] = open(NAME, O_RDWR | O_CREAT, 0600);
	require(fds[0] >= 0 && write(fds[0], page, sizeof(page)) > 0);
}

static struct sockaddr_un address = { AF_UNIX, "./" NAME ".socket" };

static void need_listener(void)
{
	fds[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(address.sun_path);
	require(bind(fds[0], (void *)&address, sizeof(address)) == 0);
	require(listen(fds[0], 5) == 0);
	fds[1] = socket(AF_UNIX, SOCK_STREAM, 0);
}

static void connect_other(void)
{
	require(connect(fds[1], (void *)&address, sizeof(address)) == 0);
}

static void need_fifo(void)
{
	unlink(NAME ".fifo");
	require(mkfifo(NAME ".fifo", 0600) == 0);
}

static void open_other_end(void)
{
	require(open(NAME ".fifo", O_RDWR) >= 0);
}

/* The child ends, or gives a lock back, when the pipe has a byte. */
static void need_child(void)
{
	int way[2];

	require(pipe(way) == 0);
	child = fork();
	require(child >= 0);
	if (child == 0)
		_exit(read(way[0], &byte, 1) != 1);
	fds[1] = way[1];
}

static void need_lock(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int locked[2], way[2];

	need_file();
	require(pipe(locked) == 0 && pipe(way) == 0);
	child = fork();
	require(child >= 0);
	if (child == 0) {
		require(fcntl(fds[0], F_SETLK, &lock) == 0);
		require(write(locked[1], "x", 1) == 1);
		_exit(read(way[0], &byte, 1) != 1);
	}
	require(read(locked[0], &byte, 1) == 1);
	fds[1] = way[1];
}

static void give_lock(void)
{
	put_byte();
	require(waitpid(child, NULL, 0) == child);
}

static void need_signal(void)
{
	block(SIGUSR1);
	set_handler(SIGUSR1, catch_it, 0);
}

static void send_signal(void)
{
	kill(getpid(), SIGUSR1);
}

static void need_semaphore(void)
{
	require(sem_init(&semaphore, 0, 0) == 0);
}

static void post(void)
{
	sem_post(&semaphore);
}

static void need_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };

	mq_unlink("/" NAME);
	queue = mq_open("/" NAME, O_RDWR | O_CREAT, 0600, &attr);
	require(queue != (mqd_t)-1);
	mq_unlink("/" NAME);
}

static void put_message(void)
{
	require(mq_send(queue, "x", 1, 0) == 0);
}

static void need_full_queue(void)
{
	need_queue();
	put_message();
}

static void take_message(void)
{
	require(mq_receive(queue, &byte, 1, NULL) == 1);
}

static struct {
	long type;
	char text[1024];
} message = { .type = 1 };

static void need_sysv(void)
{
	sysv = msgget(IPC_PRIVATE, 0600);
	require(sysv >= 0);
}

static void put_sysv(void)
{
	require(msgsnd(sysv, &message, sizeof(message.text), 0) == 0);
}

static void need_full_sysv(void)
{
	need_sysv();
	while (msgsnd(sysv, &message, sizeof(message.text), IPC_NOWAIT) == 0)
		;
}

static void take_sysv(void)
{
	require(msgrcv(sysv, &message, sizeof(message.text), 0, 0) > 0);
}

static void need_request(void)
{
	need_pipe();
	memset(&request, 0, sizeof(request));
	request.aio_fildes = fds[0];
	request.aio_buf = page;
	request.aio_nbytes = 1;
	require(aio_read(&request) == 0);
}

static void end_request(void)
{
	put_byte();
	while (aio_error(&request) == EINPROGRESS)
		case_pause();
}

static void need_terminal(void)
{
	fds[0] = posix_openpt(O_RDWR | O_NOCTTY);
	require(fds[0] >= 0 && grantpt(fds[0]) == 0 && unlockpt(fds[0]) == 0);
	fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY);
	require(fds[1] >= 0);
}

static void *wait_for_byte(void *unused)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	(void)!read(fds[0], &byte, 1);
	return unused;
}

static void need_thread(void)
{
	need_pipe();
	other = create(wait_for_byte, NULL);
}

static void need_condition(void)
{
	pthread_mutex_init(&mutex, NULL);
	pthread_cond_init(&cond, NULL);
}

static void end_wait(void)
{
	at_once = 1;
}

static void need_nothing(void)
{
}

/* ---- The calls: not negative after success ------------------------------- */

#define CALL(name, ...)							\
	static int call_##name(void)					\
	{								\
		return (int)(__VA_ARGS__);				\
	}

static struct timespec length(void)
{
	return (struct timespec){ at_once ? 0 : 1000, 0 };
}

static struct timespec deadline(void)
{
	return in_ms(CLOCK_REALTIME, 1000000);
}

static struct iovec piece = { &byte, 1 };
static struct msghdr header = { .msg_iov = &piece, .msg_iovlen = 1 };
static struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

CALL(accept, accept(fds[0], NULL, NULL))
CALL(close, close(fds[0]))
CALL(connect, connect(fds[1], (void *)&address, sizeof(address)))
CALL(creat, creat(NAME, 0600))
CALL(open, open(NAME ".fifo", O_RDONLY))
CALL(openat, openat(AT_FDCWD, NAME ".fifo", O_RDONLY))
CALL(fcntl, fcntl(fds[0], F_SETLKW, &lock))
CALL(lockf, lockf(fds[0], F_LOCK, 0))
CALL(fsync, fsync(fds[0]))
CALL(fdatasync, fdatasync(fds[0]))
CALL(msync, msync(page, 1, MS_SYNC))
CALL(pread, pread(fds[0], &byte, 1, 0) - 1)
CALL(pwrite, pwrite(fds[0], &byte, 1, 0) - 1)
CALL(read, read(fds[0], &byte, 1) - 1)
CALL(readv, readv(fds[0], &piece, 1) - 1)
CALL(write, write(fds[1], &byte, 1) - 1)
CALL(writev, writev(fds[1], &piece, 1) - 1)
CALL(recv, recv(fds[0], &byte, 1, 0) - 1)
CALL(recvfrom, recvfrom(fds[0], &byte, 1, 0, NULL, NULL) - 1)
CALL(recvmsg, recvmsg(fds[0], &header, 0) - 1)
CALL(send, send(fds[1], &byte, 1, 0) - 1)
CALL(sendto, sendto(fds[1], &byte, 1, 0, NULL, 0) - 1)
CALL(sendmsg, sendmsg(fds[1], &header, 0) - 1)
CALL(mq_receive, mq_receive(queue, &byte, 1, NULL) - 1)
CALL(mq_send, mq_send(queue, &byte, 1, 0))
CALL(msgrcv, msgrcv(sysv, &message, sizeof(message.text), 0, 0) - 1)
CALL(msgsnd, msgsnd(sysv, &message, sizeof(message.text), 0))
CALL(sem_wait, sem_wait(&semaphore))
CALL(wait, wait(NULL) == child ? 0 : -1)
CALL(waitpid, waitpid(child, NULL, 0) == child ? 0 : -1)
CALL(sleep, sleep(at_once ? 0 : 1000) ? -1 : 0)
CALL(pthread_join, -pthread_join(other, NULL))
CALL(pthread_testcancel, (pthread_testcancel(), 0))
CALL(tcdrain, tcdrain(fds[1]))
CALL(system, system("read line < " NAME ".fifo"))

static int call_mq_timedreceive(void)
{
	struct timespec end = deadline();

	return mq_timedreceive(queue, &byte, 1, NULL, &end) - 1;
}

static int call_mq_timedsend(void)
{
	struct timespec end = deadline();

	return mq_timedsend(queue, &byte, 1, 0, &end);
}

static int call_sem_timedwait(void)
{
	struct timespec end = deadline();

	return sem_timedwait(&semaphore, &end);
}

static int call_poll(void)
{
	struct pollfd poller = { full ? fds[1] : fds[0],
				 full ? POLLOUT : POLLIN, 0 };

	return poll(&poller, 1, -1) - 1;
}

static int call_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	return select(fds[0] + 1, &set, NULL, NULL, NULL) - 1;
}

static int call_pselect(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	return pselect(fds[0] + 1, &set, NULL, NULL, NULL, NULL) - 1;
}

static int call_waitid(void)
{
	siginfo_t info;

	return waitid(P_PID, child, &info, WEXITED);
}

static int call_nanosleep(void)
{
	struct timespec time = length();

	return nanosleep(&time, NULL);
}

static int call_clock_nanosleep(void)
{
	struct timespec time = length();

	return -clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static int call_pause(void)
{
	return pause() < 0 && errno == EINTR ? 0 : -1;
}

static int call_sigsuspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	return sigsuspend(&none) < 0 && errno == EINTR ? 0 : -1;
}

static int call_sigwait(void)
{
	sigset_t set = set_of(SIGUSR1);
	int number;

	return -sigwait(&set, &number);
}

static int call_sigwaitinfo(void)
{
	sigset_t set = set_of(SIGUSR1);

	return sigwaitinfo(&set, NULL) == SIGUSR1 ? 0 : -1;
}

static int call_sigtimedwait(void)
{
	sigset_t set = set_of(SIGUSR1);
	struct timespec time = { 1000, 0 };

	return sigtimedwait(&set, NULL, &time) == SIGUSR1 ? 0 : -1;
}

static int call_aio_suspend(void)
{
	const struct aiocb *requests[] = { &request };

	return aio_suspend(requests, 1, NULL);
}

static void unlock(void *unused)
{
	(void)unused;
	expect(pthread_mutex_trylock(&mutex) == EBUSY);
	pthread_mutex_unlock(&mutex);
}

static int call_pthread_cond_wait(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
	return 0;
}

static int call_pthread_cond_timedwait(void)
{
	struct timespec time = at_once ? in_ms(CLOCK_REALTIME, 0) : deadline();
	int error;

	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	error = pthread_cond_timedwait(&cond, &mutex, &time);
	pthread_cleanup_pop(1);
	return at_once ? error - ETIMEDOUT : -error;
}
