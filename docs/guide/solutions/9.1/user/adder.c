/* adder.c - four processes count together. */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct adder {
	sem_t lock;
	int count;
};

int main(void)
{
	struct adder *adder = mmap(NULL, sizeof(*adder),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&adder->lock, 1, 1);
	for (int i = 0; i < 4; i++) {
		if (fork() > 0)
			continue;
		for (int j = 0; j < 1000; j++) {
			sem_wait(&adder->lock);
			adder->count++;
			sem_post(&adder->lock);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	printf("%d\n", adder->count);
	return 0;
}
