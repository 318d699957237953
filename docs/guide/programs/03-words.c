/* 03-words.c - wait for the workers: hold the signal back, look, sleep. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { UNKNOWN = -1 };

static int count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ', words = 0;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
	}
	fclose(file);
	return words;
}

/* The signal only ends the sleep. */
static void wake(int number)
{
	(void)number;
}

static void wait_for_result(volatile int *result, const char *path)
{
	sigset_t wakes, before;

	sigemptyset(&wakes);
	sigaddset(&wakes, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wakes, &before);
	while (*result == UNKNOWN) {
		dprintf(1, "waiting for %s\n", path);
		sigsuspend(&before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(int argc, char **argv)
{
	volatile int *results = mmap(NULL, argc * sizeof(*results),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int sum = 0;

	signal(SIGUSR1, wake);
	for (int i = 1; i < argc; i++) {
		results[i] = UNKNOWN;
		if (fork() == 0) {
			results[i] = count_words(argv[i]);
			kill(getppid(), SIGUSR1);
			_exit(0);
		}
	}
	for (int i = 1; i < argc; i++) {
		wait_for_result(&results[i], argv[i]);
		printf("%d %s\n", results[i], argv[i]);
		sum += results[i];
	}
	printf("%d words\n", sum);
	return 0;
}
