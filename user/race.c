/*
 * race.c - six classic races, each with its cure.
 *
 * Each race is rare: the program passes nearly always. explore(1) finds the
 * schedule in which it fails:
 *
 *	explore -m race update		two threads add 1, one is lost
 *	explore -m race update cured	a mutex around the sum
 */
#include <err.h>
#include <program.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>

static const char help[] =
	"race NAME [cured]\n"
	"Two threads with a race that shows in few schedules; cured: in none.\n"
	"  update  each adds 1 to a sum without a lock\n"
	"  abba    each takes two mutexes, in opposite orders\n"
	"  order   the same with two semaphores\n"
	"  wakeup  one waits for a signal that was sent before the wait\n"
	"  once    a value is marked as made before it is made\n"
	"  swap    a stack takes back a node that was popped meanwhile (ABA)\n"
	"The status is 1 if the race shows.\n";

static bool is_cured;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void run_both(void *(*one)(void *), void *(*other)(void *))
{
	pthread_t a, b;

	if (pthread_create(&a, NULL, one, NULL) != 0 ||
	    pthread_create(&b, NULL, other, NULL) != 0)
		errx(2, "no thread");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

/* ---- update: the second store hides the first --------------------------- */

static volatile int sum;

static void *add_one(void *unused)
{
	int old;

	if (is_cured)
		pthread_mutex_lock(&first);
	old = sum;
	sum = old + 1;
	if (is_cured)
		pthread_mutex_unlock(&first);
	return unused;
}

static int update(void)
{
	run_both(add_one, add_one);
	return sum != 2;
}

/* ---- abba: each holds what the other wants ------------------------------ */

static void *first_then_second(void *unused)
{
	pthread_mutex_lock(&first);
	pthread_mutex_lock(&second);
	pthread_mutex_unlock(&second);
	pthread_mutex_unlock(&first);
	return unused;
}

static void *second_then_first(void *unused)
{
	pthread_mutex_lock(&second);
	pthread_mutex_lock(&first);
	pthread_mutex_unlock(&first);
	pthread_mutex_unlock(&second);
	return unused;
}

static int abba(void)
{
	run_both(first_then_second,
		 is_cured ? first_then_second : second_then_first);
	return 0;
}

/* ---- order: a lock is taken before the place in the buffer -------------- */

static sem_t places, items, lock;

static void *produce(void *unused)
{
	for (int i = 0; i < 2; i++) {
		sem_wait(is_cured ? &places : &lock);
		sem_wait(is_cured ? &lock : &places);
		sem_post(&lock);
		sem_post(&items);
		sched_yield();		/* mostly the consumer takes it now */
	}
	return unused;
}

static void *consume(void *unused)
{
	for (int i = 0; i < 2; i++) {
		sem_wait(&items);
		sem_wait(&lock);
		sem_post(&lock);
		sem_post(&places);
	}
	return unused;
}

static int order(void)
{
	sem_init(&places, 0, 1);
	sem_init(&items, 0, 0);
	sem_init(&lock, 0, 1);
	run_both(produce, consume);
	return 0;
}

/* ---- wakeup: the signal comes between the look and the wait ------------- */

static volatile bool is_ready;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *await(void *unused)
{
	if (is_cured) {
		pthread_mutex_lock(&first);
		while (!is_ready)
			pthread_cond_wait(&changed, &first);
		pthread_mutex_unlock(&first);
	} else if (!is_ready) {
		pthread_mutex_lock(&first);
		pthread_cond_wait(&changed, &first);
		pthread_mutex_unlock(&first);
	}
	return unused;
}

static void *announce(void *unused)
{
	pthread_mutex_lock(&first);
	is_ready = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&first);
	return unused;
}

static int wakeup(void)
{
	run_both(await, announce);
	return 0;
}

/* ---- once: the flag is set before the value ----------------------------- */

static volatile bool is_made;
static volatile int value, seen = -1;

static void *make_it(void *unused)
{
	if (is_cured)
		value = 42;
	is_made = true;
	if (!is_cured)
		value = 42;
	return unused;
}

static void *use_it(void *unused)
{
	if (is_made)
		seen = value;
	return unused;
}

static int once(void)
{
	run_both(make_it, use_it);
	return seen != -1 && seen != 42;
}

/* ---- swap: the top is the same node again, but its next is not ---------- */

struct node {
	struct node *next;
};

static struct node nodes[3] = { { &nodes[1] }, { &nodes[2] }, { NULL } };
static struct node *volatile top = &nodes[0];

/* Without a lock: take the top if it is still the same. */
static struct node *pop(void)
{
	struct node *old, *next;

	do {
		old = top;
		if (!old)
			return NULL;
		next = old->next;
	} while (!__atomic_compare_exchange_n(&top, &old, next, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	return old;
}

static void push(struct node *node)
{
	do {
		node->next = top;
	} while (!__atomic_compare_exchange_n(&top, &node->next, node, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
}

static struct node *taken[2];

static void *pop_one(void *unused)
{
	if (is_cured)
		pthread_mutex_lock(&first);
	taken[0] = pop();
	if (is_cured)
		pthread_mutex_unlock(&first);
	return unused;
}

/* Pop two and give the first back: the top is as before, its next is not. */
static void *pop_two(void *unused)
{
	struct node *node;

	if (is_cured)
		pthread_mutex_lock(&first);
	node = pop();
	taken[1] = pop();
	if (node)
		push(node);
	if (is_cured)
		pthread_mutex_unlock(&first);
	return unused;
}

static int swap(void)
{
	const struct node *node;

	run_both(pop_one, pop_two);
	for (node = top; node; node = node->next)
		if (node == taken[0] || node == taken[1])
			return 1;
	return 0;
}

/* ------------------------------------------------------------------------ */

static const struct {
	const char *name;
	int (*race)(void);
} races[] = {
	{ "update", update }, { "abba", abba }, { "order", order },
	{ "wakeup", wakeup }, { "once", once }, { "swap", swap },
};

int main(int argc, char **argv)
{
	char **words = parse_no_options(argc, argv, help);

	if (!words[0] || (words[1] && strcmp(words[1], "cured") != 0))
		usage('?', help);
	is_cured = words[1] != NULL;
	for (size_t i = 0; i < sizeof(races) / sizeof(races[0]); i++)
		if (strcmp(races[i].name, words[0]) == 0)
			return races[i].race();
	usage('?', help);
}
