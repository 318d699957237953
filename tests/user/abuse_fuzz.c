/*
 * abuse_fuzz.c - calls at random, from the table of calls, by several users,
 * processes and threads at a time.
 *
 *	/tests/abuse_fuzz [CALLS [SEED [root]]]
 *
 * WORKERS processes make the calls, in a folder of their own: two of one user
 * and one of another, or all of root. Each has two threads. The arguments are
 * made for the parameter (fuzz_arguments.h): descriptors of every kind, names,
 * pids, structs that could be right, and now and then noise. Half of the calls
 * enter by SYSENTER, half by INT 0x80. On the test kernel a task also yields at
 * every fifth return, by chance. When a worker dies, the next one goes on.
 *
 * The seed and the number of calls so far choose the calls, so a boot under
 * ICOUNT repeats exactly: tools/fuzz does so. Left out are calls that end the
 * machine or the worker, and signals to processes that are not workers. At the
 * end the kernel must live, and all its resources must be free again.
 */
#include <dirent.h>
#include <limits.h>
#include <mailbox.h>
#include <mqueue.h>
#include <pages.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "tests/user/calls.h"
#include "tests/user/fuzz_arguments.h"
#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"
#include "tests/user/raw.h"

#define ROUND	20000		/* calls in one case */
#define USER	1234		/* an unused number, and the next */
#define YIELDS	5		/* one of so many returns */

static const char folder[] = "/tmp/abuse_fuzz";
static int is_root;

/* ---- Calls --------------------------------------------------------------- */

/* A thread's arguments of a call, and room below: SYSENTER comes back with the
 * stack there, and a handler may run. */
struct entry {
	char room[PAGE];
	struct raw_words words;
};

static struct entry entries[2];

static int is_left_out(uint32_t number)
{
	switch (number) {
	case RAW_exit:
	case RAW_thread_exit:
	case RAW_poweroff:
	case RAW_test:			/* it can panic, on purpose */
	case RAW_sigsuspend:
	case RAW_thread_create:
	case RAW_setsid:
	case RAW_strace_attach:
	case RAW_ktrace:
		return 1;
	case RAW_chdir:			/* root would write anywhere */
	case RAW_fchdir:
		return is_root;
	case RAW_execve:		/* ends a worker whenever it works */
	case RAW_sigreturn:		/* nearly always ends the worker */
	case RAW_thread_pointer:	/* libc does not work without */
		return random_below(20);
	}
	return !call_shapes[number].name;
}

static int is_worker(pid_t pid)
{
	for (int i = 0; i < WORKERS; i++)
		if (pid > 0 && pid == shared->pids[i])
			return 1;
	return 0;
}

/* Signals and messages are for workers, and waits are short. */
static void tame(uint32_t number, uint32_t *word)
{
	switch (number) {
	case RAW_kill:
	case RAW_sigqueue:
		if ((word[2] == SIGKILL || word[2] == SIGSTOP) &&
		    random_below(8))
			word[2] = SIGUSR1;
		/* fall through */
	case RAW_message_send:
		if (!is_worker(word[1]) && (is_root || word[1] != 1 ||
					    number == RAW_message_send))
			word[1] = getpid();
		break;
	case RAW_setpgid:
	case RAW_setpriority:
		word[1] = 0;
		word[2] = 0;
		break;
	case RAW_waitpid:
		word[3] |= WNOHANG;
		break;
	case RAW_waitid:
		word[4] |= WNOHANG;
		break;
	case RAW_poll:
		word[3] = random_below(3);
		break;
	case RAW_sigaction:
		if (word[1] == SIGURG)
			word[1] = SIGUSR1;
		break;
	}
}

static void choose_arguments(const struct call_shape *shape, uint32_t *word)
{
	for (int i = 0; i < shape->count; i++)
		word[i + 1] = shape->arguments[i].kind == CALL_SCALAR
			? random_scalar(shape->arguments[i].name)
			: random_pointer(shape->arguments[i].name);
}

static void one_call(struct entry *entry)
{
	struct raw_words *words = &entry->words;
	uint32_t number;

	do
		number = random_below(CALLS_MOST);
	while (is_left_out(number));
	memset(words, 0, sizeof(*words));
	choose_arguments(&call_shapes[number], words->word);
	tame(number, words->word);
	if (number == RAW_fork) {
		if (raw_call(RAW_fork, 0) == 0)
			raw_call(RAW_exit, 0);
	} else if (random_below(2)) {
		raw_int80(number, words);
	} else {
		raw_sysenter(number, words);
	}
}

/* ---- A worker ------------------------------------------------------------ */

/* A second process interrupts the calls that wait, and kills a worker that no
 * signal interrupts. */
static void start_pest(void)
{
	pid_t worker = getpid();
	long last = 0;
	int idle = 0;

	switch (fork()) {
	case 0:
		break;
	case -1:
		_exit(0);		/* nobody would end a long wait */
	default:
		return;
	}
	while (getppid() == worker && idle < 200) {
		kill(worker, SIGCONT);
		kill(worker, SIGURG);
		case_pause();
		idle = shared->calls == last ? idle + 1 : 0;
		last = shared->calls;
	}
	if (getppid() == worker)
		kill(worker, SIGKILL);
	_exit(0);
}

/* One or more of each kind, so that most numbers mean something. */
static void open_some(void)
{
	struct mailbox_attr meeting = { .capacity = 0, .message_bytes = 64 };
	sigset_t set = set_of(SIGUSR2);
	int fds[2];

	for (int i = 0; i < 4; i++)
		pipe2(fds, i % 2 ? O_NONBLOCK : 0);
	for (int i = 0; i < 4; i++)
		open(names[1 + i], O_RDWR | O_CREAT, 0666);
	mkdir("d", 0777);
	mkfifo("f", 0666);
	open("f", O_RDWR);
	open("/dev/zero", O_RDWR);
	open("/proc/waits", O_RDONLY);
	socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
	socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
	eventfd(1, 0);
	eventfd(0, EFD_SEMAPHORE);
	timerfd_create(CLOCK_MONOTONIC, 0);
	signalfd(-1, &set, 0);
	pidfd_open(getpid(), 0);
	mq_open("/fuzz", O_CREAT | O_RDWR, 0666, NULL);
	mailbox_open("/fuzz", O_CREAT | O_RDWR, 0666, NULL);
	mailbox_open("/fuzz2", O_CREAT | O_RDWR, 0666, &meeting);
	mailbox_open(NULL, O_RDWR);
	shm_open("/fuzz", O_CREAT | O_RDWR, 0666);
	page_grant(pages + PAGE - (uintptr_t)pages % PAGE, 2 * PAGE,
		   PROT_READ | PROT_WRITE);
}

static void *make_calls(void *entry)
{
	while (shared->calls < ROUND) {
		if (shared->calls % 64 == 0)
			fill_pages();
		__sync_fetch_and_add(&shared->calls, 1);
		one_call(entry);
	}
	return NULL;
}

static void work(int index)
{
	int null = open("/dev/null", O_RDWR);
	pthread_t second;

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	chdir(folder);
	if (!is_root) {
		raw_call(RAW_setgid, USER + index / 2);
		raw_call(RAW_setuid, USER + index / 2);
	}
	set_handler(SIGURG, catch_it, 0);
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	set_handler(SIGPIPE, SIG_IGN, 0);
	start_pest();
	shared->pids[index] = getpid();	/* a target from now on */
	open_some();
	fill_pages();
	pthread_create(&second, NULL, make_calls, &entries[1]);
	make_calls(&entries[0]);
	_exit(0);
}

static pid_t workers[WORKERS];

static void start_worker(int index)
{
	pid_t pid;

	seed += 7919 * (index + 1) + shared->calls;
	shared->pids[index] = 0;
	pid = fork_or_fail();
	if (pid == 0)
		work(index);
	workers[index] = pid;
}

/* ---- The driver ---------------------------------------------------------- */

static void remove_tree(const char *path);

/* Whatever names they have: some are noise. */
static void empty_folder(const char *path)
{
	char inside[PATH_MAX];
	struct dirent *entry;
	DIR *directory = opendir(path);

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(inside, sizeof(inside), "%s/%s", path,
			 entry->d_name);
		remove_tree(inside);
	}
	closedir(directory);
}

static void remove_tree(const char *path)
{
	if (unlink(path) == 0)
		return;
	empty_folder(path);
	rmdir(path);
}

static int index_of(pid_t pid)
{
	for (int i = 0; i < WORKERS; i++)
		if (workers[i] == pid)
			return i;
	return -1;
}

static void clean_up(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(names[i], "/fuzz", 5) == 0)
			remove_tree(names[i]);	/* of root */
	empty_folder("/tmp");
	empty_folder("/ipc/mailbox");
	empty_folder("/ipc/mqueue");
	empty_folder("/ipc/sem");
	empty_folder("/ipc/shm");
}

/* A worker that does not end: say what every task waits for. */
static void explain(void)
{
	static char text[16384];

	read_text("/proc/tasks", text, sizeof(text));
	printf("%s", text);
	read_text("/proc/waits", text, sizeof(text));
	printf("%s", text);
	fflush(stdout);
}

/* The end of a worker, or -1 when there is none any more. */
static pid_t next_end(void)
{
	pid_t pid;

	while ((pid = wait(NULL)) < 0 && errno == EINTR)
		explain();
	return pid;
}

CASE(kernel_survives_random_calls)
{
	int deaths = 0, index;
	pid_t pid;

	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	mkdir(folder, 0777);
	require(chmod(folder, 0777) == 0);
	set_handler(SIGALRM, catch_it, 0);
	alarm(CASE_SECONDS - 10);
	test_preempt_random(seed, YIELDS);
	for (int i = 0; i < WORKERS; i++)
		start_worker(i);
	while ((pid = next_end()) > 0) {
		index = index_of(pid);
		deaths++;
		if (index >= 0 && shared->calls < ROUND)
			start_worker(index);
	}
	test_preempt_random(0, 0);
	printf("# %ld calls, %d workers\n", shared->calls, deaths);
	fflush(stdout);
	clean_up();
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 10 * ROUND;
	uint32_t first = argc > 2 ? atol(argv[2]) : 1;
	char name[64];
	struct test_case c = *case_list;

	is_root = argc > 3 && strcmp(argv[3], "root") == 0;
	case_program = argv[0];
	case_warm_up();
	c.name = name;
	for (long round = 0; round * ROUND < calls; round++) {
		seed = first + round;
		snprintf(name, sizeof(name), "kernel_survives_seed_%u", seed);
		case_run(&c);
	}
	return tap_done();
}
