/* tally.c - four processes count together. */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct tally {
	sem_t lock;
	int count;
};

int main(void)
{
	struct tally *tally = mmap(NULL, sizeof(*tally),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&tally->lock, 1, 1);
	for (int i = 0; i < 4; i++) {
		if (fork() > 0)
			continue;
		for (int j = 0; j < 1000; j++) {
			sem_wait(&tally->lock);
			tally->count++;
			sem_post(&tally->lock);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	printf("%d\n", tally->count);
	return 0;
}
