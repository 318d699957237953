/*
 * readers.c - readers and writers: many may read at once, a writer is alone.
 *
 * Readers and writers queue up at `turn`, so neither kind starves. A writer
 * holds `room`, or the readers hold `room` together: the first reader takes the
 * unit, the last reader posts the unit. P. J. Courtois, F. Heymans, D. L.
 * Parnas, 1971.
 */
#include <err.h>
#include <program.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"readers\n"
	"Four readers and two writers share a number. Readers come together,\n"
	"a writer is alone; all of them see a whole number.\n";

static struct {
	sem_t turn, room, counting;
	int reading;			/* guarded by counting */
	int first, second;		/* the number, twice */
} *shared;

static void pause_ms(long ms)
{
	const struct timespec time = { 0, ms * 1000000 };

	nanosleep(&time, NULL);
}

static void read_it(int who)
{
	sem_wait(&shared->turn);
	sem_wait(&shared->counting);
	if (shared->reading++ == 0)
		sem_wait(&shared->room);
	dprintf(1, "reader %d: %d, with %d others\n", who, shared->first,
		shared->reading - 1);
	sem_post(&shared->counting);
	sem_post(&shared->turn);
	pause_ms(5);
	if (shared->first != shared->second)
		errx(1, "half a number");
	sem_wait(&shared->counting);
	if (--shared->reading == 0)
		sem_post(&shared->room);
	sem_post(&shared->counting);
}

static void write_it(int who)
{
	sem_wait(&shared->turn);
	sem_wait(&shared->room);
	shared->first++;
	pause_ms(5);
	shared->second++;
	dprintf(1, "writer %d: %d\n", who, shared->second);
	sem_post(&shared->room);
	sem_post(&shared->turn);
}

static void start(void (*act)(int), int who)
{
	if (fork() != 0)
		return;
	for (int i = 0; i < 5; i++)
		act(who);
	exit(0);
}

int main(int argc, char **argv)
{
	int option, status, result = 0;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, help);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "shared memory");
	sem_init(&shared->turn, 1, 1);
	sem_init(&shared->room, 1, 1);
	sem_init(&shared->counting, 1, 1);
	for (int i = 0; i < 4; i++)
		start(read_it, i);
	for (int i = 0; i < 2; i++)
		start(write_it, i);
	while (wait(&status) > 0)
		result |= status != 0;
	return result;
}
