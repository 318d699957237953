/*
 * mechanisms_parley.c - each mechanism of the kernel, used by two tasks, under
 * all schedules with few preemptions.
 *
 * Without words, each pair is explored with at most three preemptions, and gets
 * a row with the number of schedules: tools/exhibit makes a table of the rows.
 * With the name of a pair, the program is the pair: explore(1) runs the program
 * so. A pair ends with 0 if both tasks saw what they must.
 */
#include <fcntl.h>
#include <mailbox.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/msg.h>
#include <sys/pidfd.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/user/mechanisms_memory.h"
#include "tests/user/pair.h"

#define SAID "/tmp/mechanisms-said"

/* ---- Bytes -------------------------------------------------------------- */

static int ends[2];

static int write_two(int fd)
{
	return write(fd, "a", 1) != 1 || write(fd, "b", 1) != 1;
}

/* "ab", and then the end. */
static int read_two(int fd)
{
	char text[3] = "";
	int count = 0, more;

	while (count < 3 && (more = read(fd, text + count, 3 - count)) > 0)
		count += more;
	return count == 2 && memcmp(text, "ab", 2) == 0;
}

static int write_pipe(int unused)
{
	(void)unused;
	close(ends[0]);
	return write_two(ends[1]);
}

static int use_pipe(void)
{
	pipe(ends);
	beside(write_pipe, 0);
	close(ends[1]);
	return both(read_two(ends[0]));
}

static int write_fifo(int unused)
{
	(void)unused;
	return write_two(open("/tmp/mechanisms-fifo", O_WRONLY));
}

static int use_fifo(void)
{
	int is_right;

	mkfifo("/tmp/mechanisms-fifo", 0600);
	beside(write_fifo, 0);
	is_right = read_two(open("/tmp/mechanisms-fifo", O_RDONLY));
	unlink("/tmp/mechanisms-fifo");
	return both(is_right);
}

static int use_stream(void)
{
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	beside(write_pipe, 0);
	close(ends[1]);
	return both(read_two(ends[0]));
}

static int use_datagram(void)
{
	char text[4];
	int is_right;

	socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
	beside(write_two, ends[1]);
	is_right = recv(ends[0], text, 4, 0) == 1 && text[0] == 'a' &&
		   recv(ends[0], text, 4, 0) == 1 && text[0] == 'b';
	return both(is_right);
}

static const struct sockaddr_un address = {
	.sun_family = AF_UNIX, .sun_path = "/tmp/mechanisms-socket",
};

static int connect_and_write(int unused)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)unused;
	close(ends[0]);
	return connect(fd, (const void *)&address, sizeof(address)) != 0 ||
	       write_two(fd);
}

static int use_listener(void)
{
	int is_right;

	ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(ends[0], (const void *)&address, sizeof(address));
	listen(ends[0], 1);
	beside(connect_and_write, 0);
	is_right = read_two(accept(ends[0], NULL, NULL));
	unlink(address.sun_path);
	return both(is_right);
}

/* ---- Counts ------------------------------------------------------------- */

static int add_one(int fd)
{
	return eventfd_write(fd, 1);
}

static int use_eventfd(void)
{
	int fd = eventfd(0, 0);
	eventfd_t sum = 0, more;

	beside(add_one, fd);
	add_one(fd);
	while (sum < 2 && eventfd_read(fd, &more) == 0)
		sum += more;
	return both(sum == 2);
}

static int post_two(int unused)
{
	sem_t *semaphore = sem_open("/mechanisms", 0);

	(void)unused;
	return sem_post(semaphore) || sem_post(semaphore);
}

static int use_semaphore(void)
{
	sem_t *semaphore = sem_open("/mechanisms", O_CREAT, 0600, 0);
	int is_right;

	beside(post_two, 0);
	is_right = sem_wait(semaphore) == 0 && sem_wait(semaphore) == 0;
	sem_unlink("/mechanisms");
	return both(is_right);
}

static int change_set(int set, int by)
{
	struct sembuf change = { .sem_num = 0, .sem_op = by };

	return semop(set, &change, 1);
}

static int raise_set(int set)
{
	return change_set(set, 1) || change_set(set, 1);
}

static int use_set(void)
{
	int set = semget(IPC_PRIVATE, 1, 0600), is_right;

	beside(raise_set, set);
	is_right = change_set(set, -2) == 0;
	semctl(set, 0, IPC_RMID);
	return both(is_right);
}

/* ---- Messages ----------------------------------------------------------- */

static int send_two(int unused)
{
	mqd_t queue = mq_open("/mechanisms", O_WRONLY);

	(void)unused;
	return mq_send(queue, "a", 1, 1) || mq_send(queue, "b", 1, 1);
}

static int use_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	mqd_t queue = mq_open("/mechanisms", O_CREAT | O_RDONLY, 0600, &attr);
	char text[2];
	int is_right;

	beside(send_two, 0);
	is_right = mq_receive(queue, text, 1, NULL) == 1 && text[0] == 'a' &&
		   mq_receive(queue, text, 1, NULL) == 1 && text[0] == 'b';
	mq_unlink("/mechanisms");
	return both(is_right);
}

struct letter {
	long type;
	char text;
};

static int send_letters(int queue)
{
	const struct letter one = { 1, 'a' }, two = { 2, 'b' };

	return msgsnd(queue, &one, 1, 0) || msgsnd(queue, &two, 1, 0);
}

/* The second type first. */
static int use_letters(void)
{
	int queue = msgget(IPC_PRIVATE, 0600), is_right;
	struct letter letter;

	beside(send_letters, queue);
	is_right = msgrcv(queue, &letter, 1, 2, 0) == 1 &&
		   letter.text == 'b' &&
		   msgrcv(queue, &letter, 1, 0, 0) == 1 && letter.text == 'a';
	msgctl(queue, IPC_RMID, NULL);
	return both(is_right);
}

static int call_box(int box)
{
	struct message head = { .type = 1, .bytes = sizeof(int), .fd = -1 };
	int number = 21, twice = 0;

	return mailbox_call(box, &head, &number, &twice, sizeof(twice),
			    NULL) < 0 || twice != 42;
}

static int use_call(void)
{
	int box = mailbox_open(NULL, O_RDWR), number = 0;
	struct message head = { .type = 0 };

	beside(call_box, box);
	mailbox_receive(box, &head, &number, sizeof(number), 0, NULL);
	number *= 2;
	return both(mailbox_reply(box, &head, &number) == 0);
}

static int send_box(int box)
{
	struct message head = { .type = 1, .bytes = 1, .fd = -1 };

	return mailbox_send(box, &head, "a", 0, NULL) ||
	       mailbox_send(box, &head, "b", 0, NULL);
}

static int use_mailbox(void)
{
	int box = mailbox_open(NULL, O_RDWR);
	struct message head = { .type = 0 };
	char text[2];

	beside(send_box, box);
	mailbox_receive(box, &head, text, 1, 0, NULL);
	head = (struct message){ .type = 0 };
	mailbox_receive(box, &head, text + 1, 1, 0, NULL);
	return both(memcmp(text, "ab", 2) == 0);
}

static int write_to_parent(int unused)
{
	struct message head = { .type = 1, .bytes = 1, .fd = -1 };

	(void)unused;
	return message_send(getppid(), &head, "a", 0, NULL);
}

static int use_inbox(void)
{
	struct message head = { .type = 0 };
	char text;

	beside(write_to_parent, 0);
	return both(message_receive(0, &head, &text, 1, 0, NULL) == 1 &&
		    text == 'a');
}

/* ---- Signals, ends, files ----------------------------------------------- */

static sigset_t users;

static void block_users(void)
{
	sigemptyset(&users);
	sigaddset(&users, SIGUSR1);
	sigaddset(&users, SIGUSR2);
	sigprocmask(SIG_BLOCK, &users, NULL);
}

static int signal_parent(int unused)
{
	(void)unused;
	return kill(getppid(), SIGUSR1) || kill(getppid(), SIGUSR2);
}

static int use_signal(void)
{
	int sum;

	block_users();
	beside(signal_parent, 0);
	sum = sigwaitinfo(&users, NULL);
	sum += sigwaitinfo(&users, NULL);
	return both(sum == SIGUSR1 + SIGUSR2);
}

static int use_signalfd(void)
{
	struct signalfd_siginfo info;
	unsigned sum = 0;
	int fd;

	block_users();
	fd = signalfd(-1, &users, 0);
	beside(signal_parent, 0);
	for (int i = 0; i < 2 && read(fd, &info, sizeof(info)) > 0; i++)
		sum += info.ssi_signo;
	return both(sum == SIGUSR1 + SIGUSR2);
}

static int end_at_once(int unused)
{
	return unused;
}

static int use_pidfd(void)
{
	struct pollfd entry = { .events = POLLIN };

	beside(end_at_once, 0);
	entry.fd = pidfd_open(peer, 0);
	return both(poll(&entry, 1, -1) == 1 && entry.revents == POLLIN);
}

static int use_wait(void)
{
	pid_t first;
	int status = 0;

	beside(end_at_once, 0);
	first = peer;
	beside(end_at_once, 7);
	while (first != 0 || peer != 0) {
		pid_t ended = wait(&status);

		if (WEXITSTATUS(status) != (ended == peer ? 7 : 0))
			return 1;
		if (ended == first)
			first = 0;
		else if (ended == peer)
			peer = 0;
	}
	return 0;
}

static int use_poll(void)
{
	struct pollfd entry;
	char byte;

	pipe(ends);
	entry = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	beside(write_pipe, 0);
	close(ends[1]);
	for (int i = 0; i < 2; i++)
		if (poll(&entry, 1, -1) != 1 || read(ends[0], &byte, 1) != 1)
			return 1;
	return both(poll(&entry, 1, -1) == 1 && entry.revents == POLLHUP);
}

static int use_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(0);
	char byte;

	pipe(ends);
	epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event);
	beside(write_pipe, 0);
	close(ends[1]);
	for (int i = 0; i < 2; i++)
		if (epoll_wait(set, &event, 1, -1) != 1 ||
		    read(ends[0], &byte, 1) != 1)
			return 1;
	return both(epoll_wait(set, &event, 1, -1) == 1 &&
		    event.events == EPOLLHUP);
}

static pthread_t sleeper;

static void pass_on(int signal)
{
	if (!pthread_equal(pthread_self(), sleeper))
		pthread_kill(sleeper, signal);
}

static void *suspend_and_write(void *unused)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
	write(ends[1], "a", 1);
	return unused;
}

static int signal_once(int unused)
{
	(void)unused;
	return kill(getppid(), SIGUSR1);
}

/* The first thread may be chosen for the signal, and then wait with a mask that
 * blocks the signal: the second thread has to take the signal. */
static int use_mask(void)
{
	struct pollfd entry;

	signal(SIGUSR1, pass_on);
	block_users();
	pipe(ends);
	entry = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	pthread_create(&sleeper, NULL, suspend_and_write, NULL);
	beside(signal_once, 0);
	sigprocmask(SIG_UNBLOCK, &users, NULL);
	while (ppoll(&entry, 1, NULL, &users) < 0)
		;
	pthread_join(sleeper, NULL);
	return both(1);
}

static int create_file(int unused)
{
	(void)unused;
	return close(open("/tmp/mechanisms-file", O_CREAT | O_WRONLY, 0600));
}

static int use_inotify(void)
{
	int fd = inotify_init(), is_right;
	char text[64];

	inotify_add_watch(fd, "/tmp", IN_CREATE);
	beside(create_file, 0);
	is_right = read(fd, text, sizeof(text)) > 0;
	unlink("/tmp/mechanisms-file");
	return both(is_right);
}

/* Read a number under the lock, and write the number plus 1. */
static int count_locked(int use_flock)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open("/tmp/mechanisms-count", O_RDWR), error;
	char number = 0;

	error = use_flock ? flock(fd, LOCK_EX) : fcntl(fd, F_SETLKW, &whole);
	pread(fd, &number, 1, 0);
	number++;
	pwrite(fd, &number, 1, 0);
	close(fd);
	return error != 0;
}

static int count_both(int use_flock)
{
	int fd = open("/tmp/mechanisms-count", O_CREAT | O_RDWR, 0600);
	int is_wrong;
	char number = 0;

	beside(count_locked, use_flock);
	is_wrong = count_locked(use_flock) || both(1);
	pread(fd, &number, 1, 0);
	unlink("/tmp/mechanisms-count");
	return is_wrong || number != 2;
}

static int use_record_lock(void)
{
	return count_both(0);
}

static int use_flock(void)
{
	return count_both(1);
}

/* ------------------------------------------------------------------------ */

static const struct {
	const char *name;
	int (*use)(void);
	const char *flags;
} pairs[] = {
	{ "pipe", use_pipe, "-l" }, { "fifo", use_fifo, "-l" },
	{ "stream-socket", use_stream, "-l" },
	{ "datagram-socket", use_datagram, "-l" },
	{ "listening-socket", use_listener, "-l" },
	{ "eventfd", use_eventfd, "-l" },
	{ "named-semaphore", use_semaphore, "-l" },
	{ "semaphore-set", use_set, "-l" }, { "mqueue", use_queue, "-l" },
	{ "letter-queue", use_letters, "-l" }, { "mailbox", use_mailbox, "-l" },
	{ "mailbox-call", use_call, "-l" }, { "inbox", use_inbox, "-l" },
	{ "signal", use_signal, "-l" }, { "signalfd", use_signalfd, "-l" },
	{ "mask", use_mask, "-l" }, { "wait", use_wait, "-l" },
	{ "pidfd", use_pidfd, "-l" }, { "poll", use_poll, "-l" },
	{ "epoll", use_epoll, "-l" }, { "inotify", use_inotify, "-l" },
	{ "record-lock", use_record_lock, "-l" }, { "flock", use_flock, "-l" },
	{ "shared-mapping", use_mapping, "-lm" },
	{ "shared-segment", use_segment, "-lm" },
	{ "grant", use_grant, "-lm" },
	{ "mutex", use_mutex, "-lm" }, { "condition", use_condition, "-lm" },
	{ "rwlock", use_rwlock, "-lm" }, { "barrier", use_barrier, "-lm" },
	{ "once", use_once, "-lm" },
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

/* explore's words about the pair, in SAID; its status. */
static int explore(const char *program, const char *flags, const char *name)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(open(SAID, O_CREAT | O_WRONLY | O_TRUNC, 0600), 1);
		execlp("explore", "explore", flags, "-b", "3", "-t", "50",
		       program, name, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Print the words of explore, if the test has failed, or a row. */
static void show_said(int is_good, const char *name)
{
	FILE *file = fopen(SAID, "r");
	int is_complete = 0;
	char line[160];
	unsigned count = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (!count)
			count = strtoul(line, NULL, 10);
		is_complete |= strstr(line, "all with at most 3") ||
			       strstr(line, "all that there are");
		if (!is_good)
			printf("# %s", line);
	}
	if (file)
		fclose(file);
	ok(is_good, "%s_fails_under_a_schedule", name);
	ok(is_complete, "%s_is_not_completed", name);
	printf("# row %s %u\n", name, count);
}

int main(int argc, char **argv)
{
	if (argc == 2)
		for (unsigned i = 0; i < PAIRS; i++)
			if (strcmp(pairs[i].name, argv[1]) == 0)
				return pairs[i].use();
	for (unsigned i = 0; i < PAIRS; i++)
		show_said(explore(argv[0], pairs[i].flags, pairs[i].name) == 0,
			  pairs[i].name);
	unlink(SAID);
	return tap_done();
}
