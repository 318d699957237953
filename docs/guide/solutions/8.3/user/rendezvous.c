/* rendezvous.c - nobody goes on before all are there. */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GUESTS = 3 };

struct table {
	sem_t lock, all_here;
	int here, said;
};

static void arrive(struct table *table)
{
	sem_wait(&table->lock);
	if (++table->here == GUESTS)
		for (int i = 0; i < GUESTS; i++)
			sem_post(&table->all_here);
	sem_post(&table->lock);
	sem_wait(&table->all_here);
}

int main(void)
{
	struct table *table = mmap(NULL, sizeof(*table),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&table->lock, 1, 1);
	sem_init(&table->all_here, 1, 0);
	for (int i = 0; i < GUESTS; i++)
		if (fork() == 0) {
			arrive(table);
			_exit(table->here == GUESTS ? 0 : 1);
		}
	while (wait(NULL) > 0)
		continue;
	if (table->here == GUESTS)
		printf("all three are here\n");
	return 0;
}
