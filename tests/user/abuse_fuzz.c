/*
 * abuse_fuzz.c - calls at random, from the table of calls, by several users,
 * processes and threads at a time.
 *
 *	/tests/abuse_fuzz [CALLS [SEED [root]]]
 *
 * One to WORKERS processes make the calls, in a folder of their own: two of one
 * user and one of another, or all of root. Half of them have two threads. Half
 * of the calls enter by SYSENTER, half by INT 0x80. fuzz_calls.h chooses the
 * call, and fuzz_arguments.h makes the arguments. On the test kernel a task
 * also yields at every fifth return, by chance. A dead worker is replaced.
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
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "tests/user/calls.h"
#include "tests/user/fuzz_calls.h"
#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"
#include "tests/user/raw.h"

#define ROUND	20000		/* calls in one case */
#define USUAL_CALLS	(3 * ROUND)
#define ROOT_SEED	7033	/* root made a file with a name of noise in / */
#define USER	1234		/* an unused number, and the next */
#define YIELDS	5		/* one of so many returns */
#define RENEW	8		/* stretches */

static const char folder[] = "/tmp/abuse_fuzz";

/* ---- Calls --------------------------------------------------------------- */

/* A thread's arguments of a call, and room below: SYSENTER comes back with the
 * stack there, and a handler may run. */
struct entry {
	char room[PAGE];
	struct raw_words words;
};

static struct entry entries[2];
static volatile long stretch;

static void one_call(struct entry *entry)
{
	struct raw_words *words = &entry->words;
	uint32_t number = next_call();

	memset(words, 0, sizeof(*words));
	choose_arguments(number, words->word);
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

static void add_pair(enum pool pool, const int *fds)
{
	pool_add(pool, fds[0]);
	pool_add(pool, fds[1]);
}

/* A socket with the name; one worker alone gets the name. */
static int named_socket(int family, int type, int port, const char *path)
{
	struct sockaddr_in inet = {
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	int fd = socket(family, type | SOCK_NONBLOCK, 0);

	strcpy(local.sun_path, path);
	if (family == AF_INET)
		bind(fd, (struct sockaddr *)&inet, sizeof(inet));
	else
		bind(fd, (struct sockaddr *)&local, sizeof(local));
	if (type != SOCK_DGRAM)
		listen(fd, 2);
	return fd;
}

static void open_sockets(void)
{
	static const int types[] = {
		SOCK_STREAM, SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM,
	};
	int port = PORT + 2 * (seed % WORKERS), fds[2];

	for (int i = 0; i < 4; i++)
		if (socketpair(AF_UNIX, types[i], 0, fds) == 0)
			add_pair(types[i] == SOCK_DGRAM ? POOL_DATAGRAM
							: POOL_STREAM, fds);
	pool_add(POOL_LISTENER, named_socket(AF_UNIX, SOCK_STREAM, 0, "s"));
	pool_add(POOL_DATAGRAM, named_socket(AF_UNIX, SOCK_DGRAM, 0, "g"));
	pool_add(POOL_LISTENER, named_socket(AF_INET, SOCK_STREAM, port, ""));
	pool_add(POOL_DATAGRAM, named_socket(AF_INET, SOCK_DGRAM, port, ""));
	pool_add(POOL_DATAGRAM, named_socket(AF_INET, SOCK_DGRAM, port + 1,
					     ""));
	pool_add(POOL_STREAM, socket(AF_INET, SOCK_STREAM, 0));
	pool_add(POOL_STREAM, socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
}

static void open_sysv(void)
{
	for (int i = 0; i < 2; i++) {
		sysv_ids[i] = msgget(SYSV_KEY + i, IPC_CREAT | 0666);
		sysv_ids[2 + i] = semget(SYSV_KEY + i, 4, IPC_CREAT | 0666);
		sysv_ids[4 + i] = shmget(SYSV_KEY + i, 2 * PAGE,
					 IPC_CREAT | 0666);
	}
}

/* One or more of each kind, so that most numbers mean something. All workers
 * open the same objects in the same order. */
static void open_some(void)
{
	struct mailbox_attr meeting = { .capacity = 0, .message_bytes = 64 };
	struct mq_attr small = { .mq_maxmsg = 2, .mq_msgsize = 64 };
	sigset_t set = set_of(SIGUSR2);
	int fds[2];

	pool_clear();
	for (int i = 0; i < 2; i++)
		if (pipe2(fds, i ? O_NONBLOCK : 0) == 0)
			add_pair(POOL_ANY, fds);
	for (int i = 0; i < 2; i++)
		pool_add(POOL_ANY, open(names[1 + i], O_RDWR | O_CREAT, 0666));
	mkdir("d", 0777);
	mkfifo("f", 0666);
	pool_add(POOL_ANY, open("f", O_RDWR));
	pool_add(POOL_ANY, open("/proc/waits", O_RDONLY));
	open_sockets();
	open_sysv();
	pool_add(POOL_ANY, eventfd(0, EFD_SEMAPHORE));
	pool_add(POOL_SETS, epoll_create1(0));
	pool_add(POOL_SETS, epoll_create1(0));
	pool_add(POOL_TIMER, timerfd_create(CLOCK_MONOTONIC, 0));
	pool_add(POOL_SIGNALS, signalfd(-1, &set, 0));
	pool_add(POOL_ANY, pidfd_open(getpid(), 0));
	pool_add(POOL_QUEUE, mq_open("/fuzz", O_CREAT | O_RDWR, 0666, &small));
	pool_add(POOL_BOX, mailbox_open("/fuzz", O_CREAT | O_RDWR, 0666, NULL));
	pool_add(POOL_BOX, mailbox_open("/fuzz2", O_CREAT | O_RDWR, 0666,
					&meeting));
	pool_add(POOL_BOX, mailbox_open(NULL, O_RDWR));
	pool_add(POOL_ANY, shm_open("/fuzz", O_CREAT | O_RDWR, 0666));
	pool_add(POOL_PAGES, page_grant(area, 2 * PAGE,
					PROT_READ | PROT_WRITE));
}

/* Open again what the calls have closed, and map what they have unmapped. */
static void renew(void)
{
	for (int fd = 3; fd < 200; fd++)
		close(fd);
	area = mmap(area, AREA_PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | (area ? MAP_FIXED : 0), -1,
		    0);
	open_some();
	fill_pages();
}

/* The seed of the case and the number of the stretch decide about the calls,
 * the same for all workers. */
static void begin_stretch(long number)
{
	uint32_t own_seed = seed;

	seed = shared->seed * 31 + number;
	choose_calls();
	seed = own_seed;
	if (number % RENEW == 0)
		renew();
}

static void *make_calls(void *entry)
{
	while (shared->calls < ROUND) {
		if (shared->calls / STRETCH != stretch) {
			stretch = shared->calls / STRETCH;
			begin_stretch(stretch);
		}
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
	for (int signal = 1; signal <= SIGRTMAX; signal++)
		if (signal != SIGKILL && signal != SIGSTOP &&
		    signal != SIGSEGV && signal != SIGBUS)
			set_handler(signal, fuzz_handler, SA_RESTART);
	set_handler(SIGURG, fuzz_handler, 0);
	start_pest();
	shared->pids[index] = getpid();	/* a target from now on */
	renew();
	begin_stretch(stretch = shared->calls / STRETCH);
	if (random_below(2))
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

/* Root's files with noise as their name can lie in the root directory. */
static char known[64][NAME_MAX + 1];
static int known_count;

static int is_known(const char *name)
{
	for (int i = 0; i < known_count; i++)
		if (strcmp(known[i], name) == 0)
			return 1;
	return 0;
}

/* `visit` each name in the root directory. */
static void walk_root(void (*visit)(const char *name))
{
	struct dirent *entry;
	DIR *directory = opendir("/");

	require(directory);
	while ((entry = readdir(directory)))
		visit(entry->d_name);
	closedir(directory);
}

static void remember(const char *name)
{
	require(known_count < 64);
	strcpy(known[known_count++], name);
}

static void remove_unknown(const char *name)
{
	char path[NAME_MAX + 2];

	if (is_known(name))
		return;
	snprintf(path, sizeof(path), "/%s", name);
	remove_tree(path);
}

static int index_of(pid_t pid)
{
	for (int i = 0; i < WORKERS; i++)
		if (workers[i] == pid)
			return i;
	return -1;
}

/* No end of a process removes these. */
static void remove_sysv(void)
{
	static char text[1 << 20];
	char *line = text, *id;

	read_text("/proc/ipc", text, sizeof(text));
	while ((line = strstr(line, "\tsysv ")) != NULL) {
		id = strstr(line, "\tid ");
		line += strcspn(line, "\n");
		if (!id || id > line)
			continue;
		msgctl(atoi(id + 4), IPC_RMID, NULL);
		semctl(atoi(id + 4), 0, IPC_RMID);
		shmctl(atoi(id + 4), IPC_RMID, NULL);
	}
}

static void clean_up(void)
{
	remove_sysv();
	walk_root(remove_unknown);
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
	find_makers();
	walk_root(remember);
	mkdir(folder, 0777);
	require(chmod(folder, 0777) == 0);
	set_handler(SIGALRM, catch_it, 0);
	alarm(CASE_SECONDS - 10);
	test_preempt_random(seed, YIELDS);
	shared->seed = seed;
	for (uint32_t i = 0; i < 1 + seed % WORKERS; i++)
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

static void make_rounds(long calls, uint32_t first)
{
	struct test_case c = *case_list;
	char name[64];

	c.name = name;
	for (long round = 0; round * ROUND < calls; round++) {
		seed = first + round;
		snprintf(name, sizeof(name), "kernel_survives_%s%u",
			 is_root ? "root_with_seed_" : "seed_", seed);
		case_run(&c);
	}
}

int main(int argc, char **argv)
{
	case_program = argv[0];
	case_warm_up();
	close(socket(AF_INET, SOCK_DGRAM, 0));	/* the network stays begun */
	is_root = argc > 3 && strcmp(argv[3], "root") == 0;
	make_rounds(argc > 1 ? atol(argv[1]) : USUAL_CALLS,
		    argc > 2 ? atol(argv[2]) : 1);
	if (argc == 1) {
		is_root = 1;
		make_rounds(ROUND, ROOT_SEED);
	}
	return tap_done();
}
