/* 04-words.c - a limit of time for slow files: a deadline, computed once. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { UNKNOWN = -1, LIMIT_MS = 170, LINE_MS = 10 };

/* The disk of the archive is slow: each line takes 10 ms. */
static int count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ', words = 0;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
		if (c == '\n')
			usleep(LINE_MS * 1000);
	}
	fclose(file);
	return words;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void ignore(int number)
{
	(void)number;
}

/* Wait for a signal until the deadline. False: the time is over. */
static int wait_until(const sigset_t *signals, long deadline_ms)
{
	long rest_ms = deadline_ms - now_ms();
	const struct timespec rest = { rest_ms / 1000,
				       rest_ms % 1000 * 1000000 };

	return rest_ms > 0 && sigtimedwait(signals, NULL, &rest) > 0;
}

/* Wait until all children have ended, or until the deadline. */
static void wait_for_children(const sigset_t *ends, int children,
			      long deadline_ms)
{
	while (children > 0 && wait_until(ends, deadline_ms))
		while (waitpid(-1, NULL, WNOHANG) > 0)
			children--;
}

int main(int argc, char **argv)
{
	volatile int *results = mmap(NULL, argc * sizeof(*results),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[argc];
	long begin = now_ms();
	sigset_t ends;

	signal(SIGCHLD, ignore);
	sigemptyset(&ends);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	for (int i = 1; i < argc; i++) {
		results[i] = UNKNOWN;
		children[i] = fork();
		if (children[i] == 0) {
			results[i] = count_words(argv[i]);
			_exit(0);
		}
	}
	wait_for_children(&ends, argc - 1, begin + LIMIT_MS);
	printf("after %ld ms:\n", now_ms() - begin);
	for (int i = 1; i < argc; i++) {
		if (results[i] == UNKNOWN) {
			kill(children[i], SIGKILL);
			printf("- %s\n", argv[i]);
		} else {
			printf("%d %s\n", results[i], argv[i]);
		}
	}
	return 0;
}
