/*
 * hostile_robust.c - lists of robust mutexes that no libc would make: in a
 * circle, endless, at addresses of the kernel, in no memory, in a file. The end
 * of the thread goes on, and the system with it. And what Parley promises of
 * robust mutexes beyond POSIX.
 *
 * linux: no
 */
#include <pthread.h>

#include "tests/user/hostile.h"

#define FUTEX_LOCK	4
#define FUTEX_LIST	6
#define OWNER_DIED	0x20000000u
#define LIST_MOST	4096

#pragma weak futex
long futex(int *word, int operation, int value,
	   const struct timespec *deadline);
#pragma weak gettid
pid_t gettid(void);

struct node {
	struct node *next;
	unsigned word;
};

struct list {
	struct node *first, *pending;
	int to_word;
};

static struct list *list;
static struct node *nodes;

static void begin(int count)
{
	size_t bytes = sizeof(*list) + count * sizeof(*nodes);

	list = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(list != MAP_FAILED);
	nodes = (struct node *)(list + 1);
	list->to_word = offsetof(struct node, word);
	list->first = nodes;
}

/* The calling process owns all nodes and ends as the function says. */
static void run_list(int count, void (*prepare)(void))
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		become_attacker();
		for (int i = 0; i < count; i++) {
			nodes[i].next = i < count - 1 ? &nodes[i + 1] : NULL;
			nodes[i].word = gettid();
		}
		prepare();
		futex((int *)list, FUTEX_LIST, 0, NULL);
		_exit(0);
	}
	expect(result_of(pid) == 0);
}

/* How many of the first nodes the kernel has released. */
static int released(int count)
{
	int i = 0;

	while (i < count && nodes[i].word == OWNER_DIED)
		i++;
	return i;
}

static void nothing(void)
{
}

static void to_kernel(void)
{
	nodes[1].next = (void *)0xc0100000;
}

static void to_nowhere(void)
{
	nodes[1].next = (void *)0x10;
}

static void to_middle(void)
{
	nodes[1].next = (void *)((char *)&nodes[2] + 1);
}

static void to_itself(void)
{
	nodes[1].next = &nodes[1];
}

static void to_first(void)
{
	nodes[2].next = &nodes[0];
}

static void words_in_kernel(void)
{
	list->to_word = 0xc0100000 - (unsigned)(uintptr_t)nodes;
}

static void of_others(void)
{
	nodes[1].word = 1;
}

static void as_list(void)
{
	list = (struct list *)0xc0100000;
}

static void pending_only(void)
{
	list->first = NULL;
	list->pending = &nodes[2];
}

static void unmapped(void)
{
	munmap(list, 4096);
}

CASE(list_of_a_thread_is_not_released)
{
	begin(5);
	run_list(5, nothing);
	expect(released(5) == 5);
}

CASE(list_in_kernel_addresses_is_read)
{
	begin(3);
	run_list(3, to_kernel);
	expect(released(3) == 2);
	begin(3);
	run_list(3, words_in_kernel);
	expect(released(3) == 0);
	begin(3);
	run_list(3, as_list);
}

CASE(list_without_memory_stops_the_end)
{
	begin(3);
	run_list(3, to_nowhere);
	expect(released(3) == 2);
	begin(3);
	run_list(3, to_middle);
	expect(released(3) == 2);
	begin(3);
	run_list(3, unmapped);
}

CASE(circular_list_never_ends)
{
	begin(4);
	run_list(4, to_itself);
	expect(released(4) == 2);
	begin(4);
	run_list(4, to_first);
	expect(released(4) == 3);
}

CASE(long_list_is_walked_to_its_end)
{
	begin(LIST_MOST + 10);
	run_list(LIST_MOST + 10, nothing);
	expect(released(LIST_MOST + 10) == LIST_MOST);
}

CASE(lock_of_another_task_is_released)
{
	begin(3);
	run_list(3, of_others);
	expect(nodes[0].word == OWNER_DIED && nodes[1].word == 1 &&
	       nodes[2].word == OWNER_DIED);
}

CASE(lock_that_is_half_taken_stays_locked)
{
	begin(3);
	run_list(3, pending_only);
	expect(nodes[2].word == OWNER_DIED && nodes[1].word != OWNER_DIED);
}

/* The list lies in a file; the pages are read-only, or beyond the end. */
static void in_file(int prot, int at)
{
	static const char path[] = "/tmp/hostile.robust";
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	char *pages;
	pid_t pid;

	require(fd >= 0 && ftruncate(fd, 4096) == 0);
	pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	require(pages != MAP_FAILED);
	pid = fork_or_fail();
	if (pid == 0) {
		list = (struct list *)pages;
		list->first = (struct node *)(pages + at);
		list->to_word = offsetof(struct node, word);
		if (at < 4096)
			list->first->word = gettid();
		mprotect(pages, 4096, prot);
		futex((int *)list, FUTEX_LIST, 0, NULL);
		_exit(0);
	}
	expect(result_of(pid) == 0);
	if (at < 4096)
		expect((((struct node *)(pages + at))->word == OWNER_DIED) ==
		       ((prot & PROT_WRITE) != 0));
	munmap(pages, 8192);
	close(fd);
	unlink(path);
}

CASE(list_in_a_file_stops_the_end)
{
	in_file(PROT_READ | PROT_WRITE, 64);
	in_file(PROT_READ, 64);
	in_file(PROT_NONE, 64);
	in_file(PROT_READ | PROT_WRITE, 4096);
}

/* The work of root goes on beside a hundred ends of circular lists. */
static int end_in_circles(void)
{
	for (int i = 0; i < 100; i++) {
		begin(4);
		run_list(4, to_first);
		munmap(list, 4096);
	}
	return case_failed;
}

CASE(circular_lists_keep_root_from_work)
{
	attack_beside_root(end_in_circles);
}

/* ---- Beyond POSIX -------------------------------------------------------- */

static pthread_mutex_t *mutex;

static int lock_and_unlock(void)
{
	int error = pthread_mutex_lock(mutex);

	if (error == 0 || error == EOWNERDEAD)
		pthread_mutex_unlock(mutex);
	return error;
}

static int lock_and_sleep(void)
{
	pthread_mutex_lock(mutex);
	pause();
	return 0;
}

CASE(sleeping_waiters_get_a_useless_mutex)
{
	pthread_mutexattr_t attr;
	int useless = 0, told = 0;
	pid_t owner, pids[3];

	mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	require(pthread_mutex_init(mutex, &attr) == 0);
	owner = start(lock_and_sleep);
	until_asleep(owner);
	for (int i = 0; i < 3; i++) {
		pids[i] = start(lock_and_unlock);
		until_asleep(pids[i]);
	}
	expect(pthread_mutex_destroy(mutex) == EBUSY);
	kill_and_wait(owner);
	for (int i = 0; i < 3; i++) {
		int result = result_of(pids[i]);

		told += result == EOWNERDEAD;
		useless += result == ENOTRECOVERABLE;
	}
	expect(told == 1 && useless == 2);
	expect(pthread_mutex_trylock(mutex) == ENOTRECOVERABLE);
	expect(pthread_mutex_lock(mutex) == ENOTRECOVERABLE);
	expect(pthread_mutex_destroy(mutex) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
