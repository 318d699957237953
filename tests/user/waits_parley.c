/*
 * waits_parley.c - /proc/waits: for each mechanism, the processes that could
 * end a wait. The list must name each such process, and no other process.
 */
#include <arpa/inet.h>
#include <mailbox.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>

#include "tests/user/thread_case.h"

/* The last column of the task's line, once it is asleep. */
static const char *enders_of(pid_t pid)
{
	static char text[16384];
	char key[32], *line = NULL, *end;

	while (!line) {
		read_text("/proc/waits", text, sizeof(text));
		snprintf(key, sizeof(key), "\n%d\t", (int)pid);
		line = strstr(text, key);
		if (!line)
			case_pause();
	}
	end = strchr(line + 1, '\n');
	*end = '\0';
	return strrchr(line, '\t') + 1;
}

static int are_enders(pid_t pid, const char *wanted)
{
	const char *found = enders_of(pid);
	int same = strcmp(found, wanted) == 0;

	if (!same)
		printf("# %s, not %s\n", found, wanted);
	return same;
}

static int is_ended_by(pid_t pid, pid_t ender)
{
	char wanted[16];

	snprintf(wanted, sizeof(wanted), "%d", (int)ender);
	return are_enders(pid, wanted);
}

static int fds[2], lock_fd, second_fd;

static int read_pipe(void)
{
	char byte;

	close(fds[1]);
	return read(fds[0], &byte, 1) != 0;
}

CASE(reader_of_a_pipe_waits_for_who_can_write)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = start(read_pipe);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

static int write_pipe(void)
{
	close(fds[0]);
	fill_pipe(fds[1]);
	return write(fds[1], "", 1) != 1;
}

CASE(writer_of_a_pipe_waits_for_who_can_read)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = start(write_pipe);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

static void open_lock(void)
{
	lock_fd = open("/tmp/waits", O_RDWR | O_CREAT, 0600);
	second_fd = open("/tmp/waits", O_RDWR);
	require(second_fd >= 0 && unlink("/tmp/waits") == 0);
}

static int lock_file(void)
{
	struct flock lock = { .l_type = F_WRLCK };

	return fcntl(lock_fd, F_SETLKW, &lock) != 0;
}

CASE(process_without_a_record_lock_waits_for_its_owner)
{
	pid_t child;

	open_lock();
	require(lock_file() == 0);
	child = start(lock_file);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

static int flock_shared_file(void)
{
	return flock(lock_fd, LOCK_EX) != 0;
}

static int flock_own_file(void)
{
	close(lock_fd);
	return flock(second_fd, LOCK_EX) != 0;
}

CASE(lock_of_an_open_file_is_held_by_who_has_it_open)
{
	pid_t child;

	open_lock();
	expect(run_in_child(flock_shared_file) == 0);
	child = start(flock_own_file);
	expect(is_ended_by(child, getpid()));
}

static int read_own_pipe(void)
{
	char byte;

	return read(fds[0], &byte, 1) != 0;
}

CASE(who_holds_both_ends_alone_waits_for_itself)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = start(read_own_pipe);
	close(fds[0]);
	close(fds[1]);
	expect(is_ended_by(child, child));
	kill_and_wait(child);
}

static int read_own_pipe_with_handler(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return read_own_pipe();
}

CASE(or_for_its_own_signal_handler)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = start(read_own_pipe_with_handler);
	close(fds[0]);
	close(fds[1]);
	expect(are_enders(child, "signals"));
	kill_and_wait(child);
}

static int open_fifo(void)
{
	return open("/tmp/waits-fifo", O_RDONLY) < 0;
}

CASE(opener_of_a_fifo_waits_for_anyone)
{
	pid_t child;

	require(mkfifo("/tmp/waits-fifo", 0600) == 0);
	child = start(open_fifo);
	expect(are_enders(child, "anyone"));
	kill_and_wait(child);
	unlink("/tmp/waits-fifo");
}

static int poll_pipe_and_clock(void)
{
	struct pollfd set[2] = {
		{ .fd = fds[0], .events = POLLIN },
		{ .fd = timerfd_create(CLOCK_MONOTONIC, 0), .events = POLLIN },
	};

	close(fds[1]);
	return poll(set, 2, -1) != 1;
}

CASE(poll_waits_for_all_at_its_descriptors)
{
	char wanted[32];
	pid_t child;

	require(pipe(fds) == 0);
	child = start(poll_pipe_and_clock);
	snprintf(wanted, sizeof(wanted), "clock,%d", (int)getpid());
	expect(are_enders(child, wanted));
	kill_and_wait(child);
}

static int suspend(void)
{
	return pause();
}

CASE(pause_waits_for_signals)
{
	pid_t child = start(suspend);

	expect(are_enders(child, "signals"));
	kill_and_wait(child);
}

static volatile pid_t *ids;

static void share_ids(void)
{
	ids = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(ids != MAP_FAILED);
}

static int wait_for_one_of_two(void)
{
	ids[0] = start(suspend);
	ids[1] = start(suspend);
	return waitpid(ids[1], NULL, 0) < 0;
}

CASE(parent_waits_for_the_child_it_named)
{
	pid_t child;

	share_ids();
	child = start(wait_for_one_of_two);
	until_asleep(child);
	expect(is_ended_by(child, ids[1]));
	kill(ids[0], SIGKILL);
	kill(ids[1], SIGKILL);
	expect(result_of(child) == 0);
}

/* ---- Words of memory ---------------------------------------------------- */

static struct {
	pthread_mutex_t mutex;
	sem_t sem;
} *words;

static void share_words(void)
{
	words = mmap(NULL, sizeof(*words), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(words != MAP_FAILED);
	require(sem_init(&words->sem, 1, 0) == 0);
	init_mutex(&words->mutex, PTHREAD_MUTEX_NORMAL,
		   PTHREAD_PROCESS_SHARED);
}

static int lock_for_ever(void)
{
	pthread_mutex_lock(&words->mutex);
	return pause();
}

CASE(mutex_names_its_holder_also_the_next_one)
{
	pid_t first, second;

	share_words();
	pthread_mutex_lock(&words->mutex);
	first = start(lock_for_ever);
	until_asleep(first);
	second = start(lock_for_ever);
	expect(is_ended_by(first, getpid()));
	expect(is_ended_by(second, getpid()));
	pthread_mutex_unlock(&words->mutex);
	while (strcmp(enders_of(first), "signals") != 0)
		case_pause();
	expect(is_ended_by(second, first));
	kill_and_wait(first);
	kill_and_wait(second);
}

static int wait_for_unit(void)
{
	return sem_wait(&words->sem);
}

static int unmap_and_pause(void)
{
	munmap(words, sizeof(*words));
	return pause();
}

CASE(unit_may_come_from_all_who_have_the_memory)
{
	pid_t stranger, child;

	share_words();
	stranger = start(unmap_and_pause);
	expect(are_enders(stranger, "signals"));
	child = start(wait_for_unit);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
	kill_and_wait(stranger);
}

static int wait_for_own_unit(void)
{
	static sem_t own;

	return sem_wait(&own);
}

CASE(unit_in_private_memory_comes_from_nobody_else)
{
	pid_t child = start(wait_for_own_unit);

	expect(is_ended_by(child, child));
	kill_and_wait(child);
}

static void *pause_in_thread(void *unused)
{
	pause();
	return unused;
}

static int join_a_thread(void)
{
	pthread_t thread = create(pause_in_thread, NULL);

	pthread_join(thread, NULL);
	return 0;
}

CASE(join_waits_for_that_thread)
{
	pid_t child, thread;

	child = start(join_a_thread);
	until_asleep(child);
	thread = atoi(enders_of(child));
	expect(thread > 0 && thread != child && is_ended_by(child, thread));
	expect(are_enders(thread, "signals"));
	kill_and_wait(child);
}

/* ---- Descriptors --------------------------------------------------------- */

static int receive(void)
{
	char body[64];

	return mq_receive(fds[0], body, sizeof(body), NULL) < 0;
}

CASE(receiver_of_a_queue_waits_for_who_can_send)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 64 };
	pid_t child;
	int writer;

	fds[0] = mq_open("/waits", O_CREAT | O_RDONLY, 0600, &attr);
	require(fds[0] >= 0);
	child = start(receive);
	until_asleep(child);
	writer = mq_open("/waits", O_WRONLY);
	expect(writer >= 0 && is_ended_by(child, getpid()));
	expect(mq_unlink("/waits") == 0);
	expect(mq_send(writer, "", 0, 0) == 0 && result_of(child) == 0);
}

static int connect_to_server(void)
{
	const struct sockaddr_un name = { AF_UNIX, "/tmp/waits-socket" };

	close(fds[0]);
	return connect(socket(AF_UNIX, SOCK_STREAM, 0),
		       (const struct sockaddr *)&name, sizeof(name)) != 0;
}

CASE(connect_waits_for_who_can_accept)
{
	const struct sockaddr_un name = { AF_UNIX, "/tmp/waits-socket" };
	pid_t first, waiting;

	fds[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	require(bind(fds[0], (const struct sockaddr *)&name,
		     sizeof(name)) == 0 && listen(fds[0], 1) == 0);
	first = start(connect_to_server);
	expect(result_of(first) == 0);
	waiting = start(connect_to_server);
	until_asleep(waiting);
	expect(is_ended_by(waiting, getpid()));
	expect(accept(fds[0], NULL, NULL) >= 0 && result_of(waiting) == 0);
	expect(unlink(name.sun_path) == 0);
}

static int send_for_ever(void)
{
	static char bytes[4096];

	while (write(fds[0], bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

static int read_far_end(void)
{
	char byte;

	close(fds[1]);
	return read(fds[0], &byte, 1) != 0;
}

static int internet_socket(int type, struct sockaddr_in *name)
{
	socklen_t bytes = sizeof(*name);
	int fd = socket(AF_INET, type, 0);

	*name = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr = { htonl(INADDR_LOOPBACK) } };
	require(bind(fd, (struct sockaddr *)name, bytes) == 0);
	require(getsockname(fd, (struct sockaddr *)name, &bytes) == 0);
	return fd;
}

static int has_internet(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd >= 0 && close(fd) == 0;
}

CASE(client_of_the_internet_waits_for_who_could_accept)
{
	struct sockaddr_in name;
	int server;
	pid_t child;

	if (!has_internet())
		return;				/* a kernel without lwIP */
	fds[1] = server = internet_socket(SOCK_STREAM, &name);
	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	require(listen(server, 1) == 0);
	require(connect(fds[0], (struct sockaddr *)&name, sizeof(name)) == 0);
	child = start(read_far_end);
	until_asleep(child);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

CASE(stream_of_the_internet_waits_for_its_peer)
{
	struct sockaddr_in name;
	int server;
	pid_t child;

	if (!has_internet())
		return;
	server = internet_socket(SOCK_STREAM, &name);
	fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	require(listen(server, 1) == 0);
	require(connect(fds[0], (struct sockaddr *)&name, sizeof(name)) == 0);
	fds[1] = accept(server, NULL, NULL);
	close(server);
	child = start(read_far_end);
	until_asleep(child);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
	child = start(send_for_ever);
	close(fds[0]);
	until_asleep(child);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

CASE(connected_datagram_socket_waits_for_its_peer)
{
	struct sockaddr_in name;
	pid_t child;

	if (!has_internet())
		return;
	fds[1] = internet_socket(SOCK_DGRAM, &name);
	fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
	require(connect(fds[0], (struct sockaddr *)&name, sizeof(name)) == 0);
	child = start(read_far_end);
	until_asleep(child);
	expect(is_ended_by(child, getpid()));
	kill_and_wait(child);
}

CASE(unconnected_datagram_socket_waits_for_the_network)
{
	struct sockaddr_in name;
	pid_t child;

	if (!has_internet())
		return;
	fds[0] = internet_socket(SOCK_DGRAM, &name);
	fds[1] = dup(fds[0]);
	child = start(read_far_end);
	until_asleep(child);
	expect(are_enders(child, "network"));
	kill_and_wait(child);
}

static int read_count(void)
{
	uint64_t count;

	return read(fds[0], &count, 8) != 8;
}

CASE(reader_of_a_counter_waits_for_the_others)
{
	uint64_t one = 1;
	pid_t child;

	fds[0] = eventfd(0, 0);
	child = start(read_count);
	expect(is_ended_by(child, getpid()));
	expect(write(fds[0], &one, 8) == 8 && result_of(child) == 0);
}

CASE(reader_of_a_timer_waits_for_the_clock)
{
	pid_t child;

	fds[0] = timerfd_create(CLOCK_MONOTONIC, 0);
	child = start(read_count);
	expect(are_enders(child, "clock"));
	kill_and_wait(child);
}

static int poll_process(void)
{
	struct pollfd set = { .fd = fds[0], .events = POLLIN };

	return poll(&set, 1, -1) != 1;
}

CASE(poll_of_a_process_waits_for_its_end)
{
	pid_t child, watched = start(suspend);

	fds[0] = pidfd_open(watched, 0);
	child = start(poll_process);
	expect(is_ended_by(child, watched));
	expect(kill_and_wait(watched) == -SIGKILL && result_of(child) == 0);
}

static int call(void)
{
	struct message head = { .type = 1, .fd = -1 };

	return mailbox_call(fds[0], &head, "", NULL, 0, NULL) < 0;
}

CASE(caller_waits_for_the_server_that_has_its_request)
{
	struct mailbox_attr attr = { .capacity = 4, .message_bytes = 64 };
	struct message head = { .fd = -1 };
	pid_t child;
	char body[64];

	fds[0] = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	require(fds[0] >= 0);
	child = start(call);
	expect(mailbox_receive(fds[0], &head, body, 64, 0, NULL) == 0);
	expect(is_ended_by(child, getpid()));
	head.bytes = 0;
	expect(mailbox_reply(fds[0], &head, NULL) == 0);
	expect(result_of(child) == 0);
}

int main(int argc, char **argv)
{
	/* The first socket starts the network for good. */
	close(socket(AF_INET, SOCK_STREAM, 0));
	return run_cases(argc, argv);
}
