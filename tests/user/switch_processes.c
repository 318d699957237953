/*
 * switch_processes.c - a forced switch at every chance of what processes do to
 * each other: signals, direct messages, grants, exec, exit. See switch_story.h.
 *
 * linux: no
 */
#include <mailbox.h>
#include <pages.h>
#include <poll.h>
#include <pthread.h>
#include <sys/pidfd.h>

#include "tests/user/switch_story.h"

#define REVOKED		40	/* exit status: the page was taken back */
#define PAGE		4096

/* ---- Messages ------------------------------------------------------------ */

static int send_signals(void)
{
	for (int i = 0; i < MESSAGES; i++)
		if (sigqueue(receiver, SIGRTMIN,
			     (union sigval){ .sival_int = i }) != 0)
			return errno == ESRCH ? NO_PROCESS : 60;
	return 0;
}

static int receive_signals(void)
{
	sigset_t set = set_of(SIGRTMIN);
	siginfo_t info;

	for (;;) {
		if (sigwaitinfo(&set, &info) < 0) {
			if (errno != EINTR)
				return 61;
			continue;
		}
		if (info.si_value.sival_int == STOP)
			return 0;
		if (info.si_pid != shared->sender)
			return 62;
		note(info.si_value.sival_int);
	}
}

static void stop_by_signal(void)
{
	require(sigqueue(receiver, SIGRTMIN,
			 (union sigval){ .sival_int = STOP }) == 0);
}

static int send_message(int value, int fd, int flags)
{
	struct message head = {
		.type = 1, .bytes = sizeof(value), .fd = fd,
		.flags = fd >= 0 ? MESSAGE_HAS_FD : 0,
	};

	while (message_send(receiver, &head, &value, flags, NULL) != 0)
		if (errno != EINTR)
			return errno == ESRCH ? NO_PROCESS : 60;
	return 0;
}

static int send_messages(void)
{
	int result = 0;

	for (int i = 0; i < MESSAGES && result == 0; i++)
		result = send_message(i, -1, 0);
	return result;
}

static int receive_message(int *value, int *fd)
{
	struct message head = { .fd = -1 };
	ssize_t bytes;

	while ((bytes = message_receive(0, &head, value, sizeof(*value), 0,
					NULL)) < 0 && errno == EINTR)
		continue;
	*fd = head.flags & MESSAGE_HAS_FD ? head.fd : -1;
	return bytes == sizeof(*value);
}

static int receive_messages(void)
{
	int value, fd;

	while (receive_message(&value, &fd)) {
		if (value == STOP)
			return 0;
		note(value);
	}
	return 61;
}

static void stop_by_message(void)
{
	send_message(STOP, -1, 0);
}

/* ---- A grant, revoked while the receiver reads --------------------------- */

static void leave_revoked(int signal)
{
	(void)signal;
	_exit(REVOKED);
}

static int grant_and_revoke(void)
{
	char *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd, result;

	if (memory == MAP_FAILED)
		return 60;
	memset(memory, 'g', 2 * PAGE);
	fd = page_grant(memory, 2 * PAGE, PROT_READ | PROT_WRITE);
	if (fd < 0)
		return 61;
	result = send_message(0, fd, 0);
	if (page_revoke(fd) != 0)
		return 62;
	memory[PAGE] = 'n';		/* the owner's alone again */
	return memory[0] == 'g' ? result : 63;
}

static int borrow(void)
{
	volatile char *view;
	int value, fd;

	set_handler(SIGBUS, leave_revoked, 0);
	if (!receive_message(&value, &fd))
		return 60;
	if (value == STOP)
		return 0;
	view = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (view == MAP_FAILED)
		return errno == ENXIO ? REVOKED : 61;
	close(fd);
	return view[0] == 'g' && view[PAGE] == 'g' ? 0 : 62;
}

static int was_borrowed(int sender_result, int receiver_result)
{
	return keeps_sender(sender_result) &&
	       (keeps_receiver(receiver_result) || receiver_result == 0 ||
		receiver_result == REVOKED);
}

/* ---- A file is cut while its mappings come and go ------------------------ */

static volatile char *view;

static int cut_file(void)
{
	int fd = open("/tmp/switch-cut", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int result;

	if (fd < 0 || ftruncate(fd, 8 * PAGE) != 0)
		return 60;
	unlink("/tmp/switch-cut");
	result = send_message(0, fd, 0);
	return ftruncate(fd, PAGE) == 0 ? result : 61;
}

static int read_view(void)
{
	return view[5 * PAGE] == 1 ? 0 : 63;
}

/* A split region, and a copy of the region, lose the page like the rest. */
static int view_file(void)
{
	int value, fd, ends[2], result;
	pid_t child;
	char byte;

	set_handler(SIGBUS, leave_revoked, 0);
	if (!receive_message(&value, &fd))
		return 60;
	if (value == STOP)
		return 0;
	view = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (view == MAP_FAILED || pipe(ends) != 0)
		return 61;
	close(fd);
	view[5 * PAGE] = 1;
	if (munmap((char *)view + 2 * PAGE, PAGE) != 0)
		return 62;
	child = fork_or_fail();
	if (child == 0) {
		close(ends[1]);
		while (read(ends[0], &byte, 1) < 0)
			;
		_exit(read_view());
	}
	munmap((char *)view, PAGE);
	while (receive_message(&value, &fd) && value != STOP)
		;
	close(ends[1]);
	result = result_of(child);
	return result == result_of(start(read_view)) ? result : 64;
}

static int was_cut(int sender_result, int receiver_result)
{
	return keeps_sender(sender_result) &&
	       (keeps_receiver(receiver_result) || receiver_result == REVOKED ||
		(receiver_result == 0 && third == KILLS_SENDER));
}

/* ---- exec and exit, with a second thread --------------------------------- */

static int start_thread(void *(*function)(void *))
{
	pthread_t thread;

	return pthread_create(&thread, NULL, function, NULL);
}

static void *receive_in_thread(void *unused)
{
	int value, fd;

	while (receive_message(&value, &fd))
		continue;
	return unused;
}

static int exec_true(void)
{
	if (start_thread(receive_in_thread) != 0)
		return 60;
	execl("/bin/true", "true", NULL);
	return 61;
}

/* Signals and messages, before and after the program changes. */
static int disturb(void)
{
	for (int i = 0; i < MESSAGES; i++) {
		if (kill(receiver, SIGURG) != 0)
			return 60;
		if (send_message(i, -1, MAILBOX_NONBLOCK) == 60 &&
		    errno != EAGAIN)
			return 61;
	}
	return 0;
}

static void *exit_in_thread(void *unused)
{
	(void)unused;
	_exit(7);
}

/* Both threads end the process, and a child is left. */
static int exit_twice(void)
{
	if (start_thread(exit_in_thread) != 0)
		return 60;
	if (fork() == 0)
		_exit(0);
	_exit(8);
}

/* The end is told once, and the process can be found until the parent has
 * waited. */
static int watch_the_end(void)
{
	struct pollfd end = { .fd = pidfd_open(receiver, 0), .events = POLLIN };

	if (end.fd < 0)
		return 60;
	while (poll(&end, 1, -1) != 1)
		if (errno != EINTR)
			return 61;
	return kill(receiver, 0) == 0 ? 0 : 62;
}

static void stop_nothing(void)
{
}

static int has_exited(int sender_result, int receiver_result)
{
	return keeps_sender(sender_result) &&
	       (keeps_receiver(receiver_result) || receiver_result == 7 ||
		receiver_result == 8);
}

/* ---- The stories --------------------------------------------------------- */

CASE(switch_breaks_queued_signals)
{
	sweep(&(struct story){
		.name = "signals",
		.sender = send_signals, .receiver = receive_signals,
		.stop = stop_by_signal, .is_right = all_came,
	});
}

CASE(switch_breaks_direct_messages)
{
	sweep(&(struct story){
		.name = "messages",
		.sender = send_messages, .receiver = receive_messages,
		.stop = stop_by_message, .is_right = all_came,
	});
}

CASE(switch_breaks_a_grant)
{
	sweep(&(struct story){
		.name = "grant",
		.sender = grant_and_revoke, .receiver = borrow,
		.stop = stop_by_message, .is_right = was_borrowed,
	});
}

CASE(switch_breaks_the_cut_of_a_mapped_file)
{
	sweep(&(struct story){
		.name = "cut",
		.sender = cut_file, .receiver = view_file,
		.stop = stop_by_message, .is_right = was_cut,
	});
}

CASE(switch_breaks_exec)
{
	sweep(&(struct story){
		.name = "exec",
		.sender = disturb, .receiver = exec_true,
		.stop = stop_nothing, .is_right = both_ended,
	});
}

CASE(switch_breaks_exit)
{
	sweep(&(struct story){
		.name = "exit",
		.sender = watch_the_end, .receiver = exit_twice,
		.stop = stop_nothing, .is_right = has_exited,
	});
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
