/*
 * shm_random.c - some programs map, share, grant, fork and truncate at random,
 * and some open and unlink FIFOs and kill their users. Most of these programs
 * die. The kernel must live, and all its memory must be free again. A failing
 * seed fails again: shm_random SEED runs only this seed. Parley only.
 */
#include <pages.h>
#include <sched.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define MANY	16

static struct {
	char *at;
	size_t bytes;
	int fd;
} maps[MANY];

static int below(int n)
{
	return rand() % n;
}

static void map_new(int i, void *hint, int flags, int fd)
{
	if (maps[i].at)
		munmap(maps[i].at, maps[i].bytes);
	maps[i].bytes = (1 + below(8)) * PAGE;
	maps[i].at = mmap(hint, maps[i].bytes, fd < 0 ? PROT_READ | PROT_WRITE
			  : below(4), flags, fd, fd < 0 ? 0 : below(3) * PAGE);
	if (maps[i].at == MAP_FAILED)
		maps[i].at = NULL;
}

static void map_descriptor(int fd)
{
	int flags = (below(2) ? MAP_SHARED : MAP_PRIVATE) |
		    (below(3) ? 0 : MAP_FIXED);

	if (fd >= 0)
		map_new(below(MANY), maps[below(MANY)].at, flags, fd);
}

static void use_mapping(int i)
{
	char *at = maps[i].at;

	switch (at ? below(5) : 5) {
	case 0: at[below(maps[i].bytes)]++; break;
	case 1:
		mprotect(at + below(4) * PAGE, (1 + below(4)) * PAGE,
			 below(8));
		break;
	case 2: munmap(at + below(4) * PAGE, PAGE); break;
	case 3: (void)!write(maps[i].fd, at, below(maps[i].bytes)); break;
	case 4:
		close(maps[i].fd);
		maps[i].fd = page_grant(at, (1 + below(4)) * PAGE, below(8));
		break;
	}
}

static void do_something(void)
{
	int i = below(MANY);

	switch (below(11)) {
	case 0: map_new(i, NULL, MAP_SHARED | MAP_ANONYMOUS, -1); break;
	case 1: map_new(i, NULL, MAP_PRIVATE | MAP_ANONYMOUS, -1); break;
	case 2: page_revoke(maps[i].fd); break;
	case 3: map_descriptor(maps[i].fd); break;
	case 4:
		close(maps[i].fd);
		maps[i].fd = shm_open("/random", O_RDWR | O_CREAT, 0600);
		break;
	case 5: (void)!ftruncate(maps[i].fd, below(40000)); break;
	case 6:
		if (below(8) == 0 && fork() == 0)
			srand(getpid());
		break;
	default: use_mapping(i);
	}
}

static void map_at_random(unsigned seed)
{
	srand(seed);
	for (int i = 0; i < MANY; i++)
		maps[i].fd = -1;
	for (int n = 0; n < 300; n++)
		do_something();
	_exit(0);
}

static void run_mappings(unsigned from, unsigned to)
{
	for (unsigned seed = from; seed < to; seed++) {
		pid_t pid = fork_or_fail();

		if (pid == 0) {
			setpgid(0, 0);
			map_at_random(seed);
		}
		result_of(pid);
		/* Its orphans could make the name anew. */
		kill(-pid, SIGKILL);
	}
	shm_unlink("/random");
}

CASE(random_mappings)
{
	run_mappings(1, 200);
}

/* ---- FIFOs --------------------------------------------------------------- */

static void nothing(int n)
{
	(void)n;
}

static void use_fifo(int *fd)
{
	static char bytes[9000];
	const char *name = below(2) ? "/tmp/random-0" : "/tmp/random-1";

	switch (below(8)) {
	case 0: mkfifo(name, 0600); break;
	case 1: below(4) ? 0 : unlink(name); break;
	case 2: (void)!read(*fd, bytes, below(sizeof(bytes))); break;
	case 3: (void)!write(*fd, bytes, below(sizeof(bytes))); break;
	case 4: close(*fd); break;
	case 5: sched_yield(); break;
	default:
		close(*fd);
		*fd = open(name, below(3) | (below(2) ? O_NONBLOCK : 0));
	}
}

static void talk_at_random(unsigned seed)
{
	int fds[4] = { -1, -1, -1, -1 };

	srand(seed);
	set_handler(SIGPIPE, SIG_IGN, 0);
	set_handler(SIGUSR1, nothing, 0);
	for (int n = 0; n < 40; n++)
		use_fifo(&fds[below(4)]);
	_exit(0);
}

CASE(random_fifos)
{
	pid_t pids[8];

	for (int round = 0; round < 60; round++) {
		for (int i = 0; i < 8; i++) {
			pids[i] = fork_or_fail();
			if (pids[i] == 0)
				talk_at_random(round * 8 + i);
		}
		for (int i = 0; i < 20; i++) {
			kill(pids[below(8)], SIGUSR1);
			sched_yield();
		}
		for (int i = 0; i < 8; i++)
			kill_and_wait(pids[i]);
	}
	unlink("/tmp/random-0");
	unlink("/tmp/random-1");
}

int main(int argc, char **argv)
{
	if (argc > 1 && atoi(argv[1]) > 0) {
		run_mappings(atoi(argv[1]), atoi(argv[1]) + 1);
		return 0;
	}
	return run_cases(argc, argv);
}
