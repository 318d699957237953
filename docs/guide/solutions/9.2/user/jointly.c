/* jointly.c - four processes count together. */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct jointly {
	sem_t lock;
	int count;
};

int main(void)
{
	struct jointly *jointly = mmap(NULL, sizeof(*jointly),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&jointly->lock, 1, 1);
	for (int i = 0; i < 4; i++) {
		if (fork() > 0)
			continue;
		for (int j = 0; j < 1000; j++) {
			sem_wait(&jointly->lock);
			jointly->count++;
			sem_post(&jointly->lock);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	printf("%d\n", jointly->count);
	return 0;
}
