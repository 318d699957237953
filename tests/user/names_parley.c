/*
 * names_parley.c - an object has the same name in /proc/waits, /proc/why,
 * /proc/tasks and /proc/ipc, which waits, why, ps and ipcs print.
 */
#include <fcntl.h>
#include <mailbox.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/user/thread_case.h"

static char text[32768];

/* The OBJECT of the task's line in /proc/waits, as soon as the task sleeps. */
static const char *name_of(pid_t pid)
{
	static char name[160];
	char key[32], *line = NULL;

	snprintf(key, sizeof(key), "\n%d\t", (int)pid);
	while (!line) {
		read_text("/proc/waits", text, sizeof(text));
		line = strstr(text, key);
		if (!line)
			case_pause();
	}
	for (int tabs = 0; tabs < 3; tabs++)
		line = strchr(line, '\t') + 1;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, "\t"), line);
	return name;
}

static int says(const char *path, const char *before, const char *name,
	const char *after)
{
	char words[200];

	snprintf(words, sizeof(words), "%s%s%s", before, name, after);
	read_text(path, text, sizeof(text));
	if (strstr(text, words))
		return 1;
	printf("# %s does not say %s\n", path, words);
	return 0;
}

/* "%d" in `wanted` stands for a number that the kernel has chosen. */
static int is_called(pid_t pid, const char *wanted)
{
	const char *name = name_of(pid);
	size_t length = strcspn(wanted, "%");
	int same = wanted[length] ? strncmp(name, wanted, length) == 0
				  : strcmp(name, wanted) == 0;

	if (!same)
		printf("# %s, not %s\n", name, wanted);
	return same && says("/proc/why", " ", name, " since") &&
		says("/proc/tasks", "\t", name, "\tnames_parley") &&
		says("/proc/ipc", "\t", name, "\t");
}

static int fds[2];

static int read_it(void)
{
	char byte[64];

	return read(fds[0], byte, 1) != 1;
}

CASE(pipe_has_its_kind_and_number)
{
	pid_t child;

	require(pipe(fds) == 0);
	child = start(read_it);
	expect(is_called(child, "pipe %d"));
	kill_and_wait(child);
}

CASE(fifo_has_its_path)
{
	pid_t child;

	require(mkfifo("/tmp/names", 0600) == 0);
	fds[0] = open("/tmp/names", O_RDWR);
	child = start(read_it);
	expect(is_called(child, "fifo /tmp/names"));
	kill_and_wait(child);
	close(fds[0]);
	unlink("/tmp/names");
}

/* A newline, an escape sequence, a tab and a byte above ASCII. */
CASE(hostile_name_is_printed_without_its_control_characters)
{
	static const char path[] = "/tmp/a\n\033[1m\t\377~";
	pid_t child;

	require(mkfifo(path, 0600) == 0);
	fds[0] = open(path, O_RDWR);
	child = start(read_it);
	expect(is_called(child, "fifo /tmp/a??[1m??~"));
	kill_and_wait(child);
	close(fds[0]);
	unlink(path);
}

/* A client that is connected by its name; the server is this process. */
CASE(connected_socket_has_the_name_of_its_peer)
{
	struct sockaddr_un address = { AF_UNIX, "/tmp/names" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), server;
	pid_t child;

	require(bind(listener, (struct sockaddr *)&address,
		     sizeof(address)) == 0);
	require(listen(listener, 1) == 0);
	fds[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	require(connect(fds[0], (struct sockaddr *)&address,
			sizeof(address)) == 0);
	child = start(read_it);
	expect(is_called(child, "socket %d"));
	expect(strstr(name_of(child), " to /tmp/names"));
	kill_and_wait(child);
	server = accept(listener, NULL, NULL);
	close(fds[0]);
	close(server);
	close(listener);
	unlink("/tmp/names");
}

static int receive_message(void)
{
	struct message head = { 0 };
	char body[16];

	return mailbox_receive(fds[0], &head, body, 16, 0, NULL) != 0;
}

CASE(mailbox_has_the_name_that_was_opened)
{
	struct mailbox_attr attr = { .capacity = 4, .message_bytes = 16 };
	pid_t child;

	fds[0] = mailbox_open("/names", O_RDWR | O_CREAT, 0600, &attr);
	require(fds[0] >= 0);
	child = start(receive_message);
	expect(is_called(child, "mailbox /names"));
	kill_and_wait(child);
	mailbox_unlink("/names");
	child = start(receive_message);
	expect(is_called(child, "mailbox %d"));
	kill_and_wait(child);
}

static mqd_t queue;

static int receive_queued(void)
{
	char body[16];

	return mq_receive(queue, body, 16, NULL) < 0;
}

CASE(queue_has_the_name_that_was_opened)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 16 };
	pid_t child;

	queue = mq_open("/names", O_RDWR | O_CREAT, 0600, &attr);
	require(queue >= 0);
	child = start(receive_queued);
	expect(is_called(child, "queue /names"));
	kill_and_wait(child);
	mq_unlink("/names");
}

static sem_t *semaphore;

static int take_unit(void)
{
	return sem_wait(semaphore);
}

CASE(named_semaphore_has_the_name_that_was_opened)
{
	pid_t child;

	semaphore = sem_open("/names", O_CREAT, 0600, 0);
	require(semaphore != SEM_FAILED);
	child = start(take_unit);
	expect(is_called(child, "semaphore /names"));
	kill_and_wait(child);
	sem_unlink("/names");
}

static sem_t slots;

CASE(semaphore_in_a_variable_has_its_name)
{
	pid_t child;

	sem_init(&slots, 0, 0);
	semaphore = &slots;
	child = start(take_unit);
	expect(is_called(child, "semaphore slots of names_parley"));
	kill_and_wait(child);
}

static struct {
	int count;
	pthread_mutex_t lock;
} table[3];
static pthread_mutex_t fork_of[5] = { PTHREAD_MUTEX_INITIALIZER };
static void *wanted;		/* a mutex; without a type, so no name */

static int lock_it(void)
{
	pthread_mutex_lock(wanted);	/* for ever: the caller locked it */
	pthread_mutex_lock(wanted);
	return 0;
}

CASE(mutex_of_an_array_has_its_index)
{
	pid_t child;

	wanted = &fork_of[2];
	child = start(lock_it);
	expect(is_called(child, "mutex fork_of[2] of names_parley"));
	kill_and_wait(child);
}

CASE(mutex_in_a_struct_has_its_field)
{
	pid_t child;

	wanted = &table[1].lock;
	child = start(lock_it);
	expect(is_called(child, "mutex table[1].lock of names_parley"));
	kill_and_wait(child);
}

static pthread_cond_t ready;

static int await_ready(void)
{
	static pthread_mutex_t guard;

	pthread_mutex_lock(&guard);
	return pthread_cond_wait(&ready, &guard);
}

CASE(condition_has_the_name_of_its_variable)
{
	pid_t child = start(await_ready);

	expect(is_called(child, "condition ready of names_parley"));
	kill_and_wait(child);
}

static pthread_mutex_t *seats;

CASE(locks_behind_a_pointer_to_shared_memory_have_its_name)
{
	pid_t child;

	seats = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(seats != MAP_FAILED);
	wanted = &seats[3];
	child = start(lock_it);
	expect(is_called(child, "mutex seats[3] of names_parley"));
	kill_and_wait(child);
}

static int lock_elsewhere(void)
{
	char *other = mmap((void *)0x50000000, 4096, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, fds[0], 0);

	wanted = other + 0x40;
	return lock_it();
}

static int lock_here(void)
{
	return pthread_mutex_lock(wanted);
}

CASE(lock_in_named_memory_is_the_same_at_different_addresses)
{
	pid_t first, second;
	char *memory;

	fds[0] = shm_open("/names", O_RDWR | O_CREAT, 0600);
	require(ftruncate(fds[0], 4096) == 0);
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fds[0],
		      0);
	require(memory != MAP_FAILED);
	wanted = memory + 0x40;
	first = start(lock_elsewhere);
	expect(is_called(first, "mutex at 0x40 of shared memory /names"));
	second = start(lock_here);
	expect(is_called(second, "mutex at 0x40 of shared memory /names"));
	kill_and_wait(first);
	kill_and_wait(second);
	shm_unlink("/names");
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
