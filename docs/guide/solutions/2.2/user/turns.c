/* turns.c - two processes in turn, by yielding the processor. */
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 3 };

static void speak(volatile int *turn, int me, const char *word)
{
	for (int i = 1; i <= ROUNDS; i++) {
		while (*turn != me)
			sched_yield();
		dprintf(1, "%s %d\n", word, i);
		*turn = !me;
	}
}

int main(void)
{
	int *turn = mmap(NULL, sizeof(*turn), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (fork() == 0) {
		speak(turn, 1, "pong");
		_exit(0);
	}
	speak(turn, 0, "ping");
	wait(NULL);
	return 0;
}
