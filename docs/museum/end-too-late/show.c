/* show.c - two processes compute; how often does the processor change hands? */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS	20000000

static volatile struct {
	int last, changes;
} *shared;

static void compute(int me)
{
	for (int i = 0; i < ROUNDS; i++)
		if (shared->last != me) {
			shared->last = me;
			shared->changes++;
		}
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fork() == 0) {
		compute(1);
		_exit(0);
	}
	compute(2);
	wait(NULL);
	puts(shared->changes > 4 ? "they take turns"
				 : "one after the other");
	return 0;
}
