/* 02-words.c - count words in turns; a worker without a turn yields. */
#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_IN_A_TURN = 100 };

/* Only the worker with the turn writes here. */
static volatile struct shared {
	int turn, left, sum;
	unsigned looks;
} *shared;

/* Count up to a hundred words more. Returns the file, or NULL at its end. */
static FILE *take_turn(FILE *file, int *words, const char *path)
{
	int c, before = ' ', end = *words + WORDS_IN_A_TURN;

	while (*words < end && (c = getc(file)) != EOF) {
		*words += !isspace(before) && isspace(c);
		before = c;
	}
	dprintf(1, "%d %s%s\n", *words, path, *words < end ? "" : " ...");
	if (*words == end)
		return file;
	shared->sum += *words;
	shared->left--;
	fclose(file);
	return NULL;
}

static void wait_for_turn(int me)
{
	unsigned looks = 0;

	for (; shared->turn != me; looks++)
		sched_yield();
	shared->looks += looks;
}

static void work(int me, int workers, const char *path)
{
	FILE *file = fopen(path, "r");
	int words = 0, is_over = 0;

	while (!is_over) {
		wait_for_turn(me);
		if (file)
			file = take_turn(file, &words, path);
		is_over = shared->left == 0;
		shared->turn = (me + 1) % workers;
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->left = argc - 1;
	for (int i = 1; i < argc; i++)
		if (fork() == 0)
			work(i - 1, argc - 1, argv[i]);
	while (wait(NULL) > 0)
		continue;
	printf("%d words, %u looks in vain\n", shared->sum, shared->looks);
	return 0;
}
