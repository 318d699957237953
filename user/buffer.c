/*
 * buffer.c - threads: a bounded buffer, and why it needs a mutex.
 *
 * First a race. Two threads add to one number: each thread reads the number,
 * yields, and writes the number plus 1. An addition of the second thread
 * between read and write is lost, unless a mutex lets only one thread at a time
 * do this.
 *
 * Then producers and consumers share a buffer of four places. A thread that
 * finds the buffer full or empty waits at a condition variable. The wait
 * unlocks the mutex and sleeps in one step, so no signal is lost in between. A
 * woken thread looks at the buffer again, since a faster thread may have come
 * first. C. A. R. Hoare, "Monitors", 1974.
 */
#include <err.h>
#include <program.h>
#include <pthread.h>
#include <sched.h>

static const char help[] =
	"buffer\n"
	"Two threads count to 2000, without a mutex and with one. Then three\n"
	"hand 100 numbers each to two others through a buffer of four.\n";

#define PLACES	4

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_room = PTHREAD_COND_INITIALIZER;
static pthread_cond_t has_items = PTHREAD_COND_INITIALIZER;
static int places[PLACES], first, held;	/* guarded by the mutex */
static volatile int number;

static void *count(void *with_mutex)
{
	for (int i = 0; i < 1000; i++) {
		if (with_mutex)
			pthread_mutex_lock(&mutex);
		int seen = number;

		if (i % 10 == 0)
			sched_yield();
		number = seen + 1;
		if (with_mutex)
			pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void put(int item)
{
	pthread_mutex_lock(&mutex);
	while (held == PLACES)
		pthread_cond_wait(&has_room, &mutex);
	places[(first + held++) % PLACES] = item;
	pthread_cond_signal(&has_items);
	pthread_mutex_unlock(&mutex);
}

static int take(void)
{
	int item;

	pthread_mutex_lock(&mutex);
	while (held == 0)
		pthread_cond_wait(&has_items, &mutex);
	item = places[first];
	first = (first + 1) % PLACES;
	held--;
	pthread_cond_signal(&has_room);
	pthread_mutex_unlock(&mutex);
	return item;
}

static void *produce(void *unused)
{
	for (int i = 1; i <= 100; i++)
		put(i);
	return unused;
}

static void *consume(void *sum)
{
	for (int i = 0; i < 150; i++)
		*(long *)sum += take();
	return NULL;
}

static pthread_t start(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, argument))
		errx(1, "no thread");
	return thread;
}

static int race(void *with_mutex)
{
	pthread_t a = start(count, with_mutex), b = start(count, with_mutex);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return number;
}

int main(int argc, char **argv)
{
	pthread_t threads[5];
	long sums[2] = { 0 };

	parse_no_options(argc, argv, help);
	printf("without a mutex: %s\n",
	       race(NULL) < 2000 ? "some are lost" : "none was lost");
	number = 0;
	printf("with a mutex: %d\n", race(&mutex));
	for (int i = 0; i < 5; i++)
		threads[i] = i < 2 ? start(consume, &sums[i]) :
			start(produce, NULL);
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	printf("300 numbers through 4 places, sum %ld\n", sums[0] + sums[1]);
	return finish(0);
}
