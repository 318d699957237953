/*
 * abuse_fuzz.c - random calls with random arguments, from the table of calls.
 *
 *	/tests/abuse_fuzz [CALLS [SEED]]
 *
 * A child makes the calls, as a user without rights, in a private folder. When
 * the child dies, a new child goes on with the next seed. The same seed makes
 * the same calls, but the results may differ. The test leaves out calls for
 * ending the machine or the child, calls without an end of their wait, and
 * signals to foreign processes. At the end the kernel must live, and all its
 * resources must be free again.
 */
#include <dirent.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/calls.h"
#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE	4096
#define ROUND	20000		/* calls in one case */
#define USER	1234		/* an unused number */

static uint32_t seed;
static const char folder[] = "/tmp/abuse_fuzz";
static long *progress;			/* shared with the child: calls made */

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

static uint32_t random_word(void)
{
	uint32_t high = random_below(65536);

	return high << 16 | random_below(65536);
}

/* ---- Arguments ----------------------------------------------------------- */

static char pages[16 * PAGE];

static const char *const names[] = {
	"", "a", "b", "d", "d/a", "./a", "../abuse_fuzz/b", "/", ".", "..",
	"none/x", "a/b", "f", "/dev/null", "/dev/zero", "/proc/tasks",
	"/proc/meminfo", "/dev/full", "/fuzz", "d/e", "/fuzz2",
};

static uint32_t edge_value(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 100, 127, 128, 255, 256, 511,
		512, 1023, 1024, 4095, 4096, 4097, 8192, 65535, 65536, 65537,
		0x100000, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001,
		0xfffff000, 0xfffffffe, 0xffffffff,
	};

	return edges[random_below(sizeof(edges) / 4)];
}

static uint32_t random_scalar(const char *name)
{
	if (strcmp(name, "fd") == 0)
		return random_below(20) ? random_below(40) + 3 : edge_value();
	switch (random_below(8)) {
	case 0:
		return random_word();
	case 1:
	case 2:
		return edge_value();
	case 3:
		return 1u << random_below(32);
	case 4:
		return random_below(PAGE);
	default:
		return random_below(16);
	}
}

static uint32_t random_pointer(void)
{
	switch (random_below(12)) {
	case 0:
		return edge_value();
	case 1:
		return random_word();
	case 2:
		return 0xc0000000 + random_below(1 << 24);
	case 3:
		return 0xc0000000 - random_below(64);
	case 4:
		return 0x50000000 + random_below(16) * PAGE - random_below(16);
	case 5:
		return 0;
	case 6:
	case 7:
	case 8:
		return (uintptr_t)names[random_below(sizeof(names) /
						     sizeof(names[0]))];
	default:
		return (uintptr_t)pages + random_below(sizeof(pages));
	}
}

/* The contents of structs: small numbers, pointers and noise in turn. */
static void fill_pages(void)
{
	uint32_t *word = (uint32_t *)pages;

	for (size_t i = 0; i < sizeof(pages) / 4; i++)
		switch (random_below(4)) {
		case 0:
			word[i] = 0;
			break;
		case 1:
			word[i] = random_below(64);
			break;
		case 2:
			word[i] = (uintptr_t)pages + random_below(PAGE);
			break;
		default:
			word[i] = random_word();
		}
}

/* ---- Calls --------------------------------------------------------------- */

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
	case RAW_sigreturn:		/* nearly always ends the child */
		return random_below(20);
	}
	return !call_shapes[number].name;
}

/* Signals and messages are for the child itself, waits are short. */
static void tame(uint32_t number, struct raw_words *words)
{
	switch (number) {
	case RAW_kill:
	case RAW_sigqueue:
	case RAW_message_send:
		words->word[1] = getpid();
		break;
	case RAW_message_receive:
	case RAW_setpgid:
	case RAW_setpriority:
		words->word[1] = 0;
		words->word[2] = 0;
		break;
	case RAW_waitpid:
		words->word[3] |= WNOHANG;
		break;
	case RAW_poll:
		words->word[3] = random_below(3);
		break;
	case RAW_sigaction:
		if (words->word[1] == SIGURG)
			words->word[1] = SIGUSR1;
		break;
	}
}

static void one_call(void)
{
	struct raw_words words = { { 0 } };
	const struct call_shape *shape;
	uint32_t number;

	do
		number = random_below(CALLS_MOST);
	while (is_left_out(number));
	shape = &call_shapes[number];
	for (int i = 0; i < shape->count; i++)
		words.word[i + 1] = shape->arguments[i].kind == CALL_SCALAR
			? random_scalar(shape->arguments[i].name)
			: random_pointer();
	tame(number, &words);
	if (number == RAW_fork) {
		if (fork() == 0)
			_exit(0);
		return;
	}
	if (random_below(2))
		raw_int80(number, &words);
	else
		raw_sysenter(number, &words);
}

/* ---- The child ----------------------------------------------------------- */

/* A second process interrupts the calls that wait, and kills a child that no
   signal interrupts. */
static void start_pest(void)
{
	pid_t child = getpid();
	long last = 0;
	int idle = 0;

	if (fork() != 0)
		return;
	while (getppid() == child && idle < 300) {
		kill(child, SIGCONT);
		kill(child, SIGURG);
		case_pause();
		idle = *progress == last ? idle + 1 : 0;
		last = *progress;
	}
	kill(child, SIGKILL);
	_exit(0);
}

static void open_some(void)
{
	int fds[2];

	for (int i = 0; i < 4; i++)
		pipe2(fds, i % 2 ? O_NONBLOCK : 0);
	for (int i = 0; i < 4; i++)
		open(names[1 + i], O_RDWR | O_CREAT, 0600);
	mkdir("d", 0700);
	open("/dev/zero", O_RDWR);
	open("/dev/null", O_RDWR);
}

static void child(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	chdir(folder);
	raw_call(RAW_setgid, USER);
	raw_call(RAW_setuid, USER);
	set_handler(SIGURG, catch_it, 0);
	set_handler(SIGPIPE, SIG_IGN, 0);
	start_pest();
	open_some();
	while (*progress < ROUND) {
		if (*progress % 64 == 0)
			fill_pages();
		++*progress;
		one_call();
	}
	_exit(0);
}

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

CASE(kernel_survives_random_calls)
{
	int deaths = 0;

	progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(progress != MAP_FAILED);
	mkdir(folder, 0700);
	raw_call(RAW_chown, (uintptr_t)folder, USER, USER);
	while (*progress < ROUND) {
		pid_t pid = fork_or_fail();
		long before = *progress;

		if (pid == 0)
			child();
		result_of(pid);
		deaths++;
		seed += *progress - before + 1;
	}
	printf("# %ld calls, %d children\n", *progress, deaths);
	fflush(stdout);
	empty_folder("/tmp");
	empty_folder("/ipc/mailbox");
	empty_folder("/ipc/mqueue");
	empty_folder("/ipc/sem");
	empty_folder("/ipc/shm");
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : ROUND;
	uint32_t first = argc > 2 ? atol(argv[2]) : 1;

	case_program = argv[0];
	case_warm_up();
	for (long round = 0; round * ROUND < calls; round++) {
		seed = first + round * 7919;
		case_run(case_list);
	}
	return tap_done();
}
