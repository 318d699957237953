/*
 * pathfinder.c - the priority inversion of the Mars Pathfinder, and its cure.
 *
 * Four threads of a lander, by priority:
 *
 *	weather		1	takes the bus for a short time
 *	radio		2	computes for long, and does not need the bus
 *	distributor	3	needs the bus once in each cycle
 *	watchdog	4	looks at the end of the cycle: is the work done?
 *
 * The weather has the bus when the distributor wants the bus. So the
 * distributor waits for the weather, and the weather waits for the processor,
 * which the radio has. The watchdog finds the work undone, and resets the
 * lander. With inheritance the weather runs at the priority of the distributor
 * until the bus is free.
 *
 * The bus is a mutex. With -m the bus is the weather's own, and the distributor
 * asks for a turn: by two messages, or by a call. A call lends the priority of
 * the caller to the server, and a message does not.
 */
#include <err.h>
#include <errno.h>
#include <mailbox.h>
#include <program.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"pathfinder [-im]\n"
	"A lander whose watchdog finds that the urgent work was not done.\n"
	"  -i  the thread that has the bus inherits the priority of the "
	"waiting\n      thread: the cure\n"
	"  -m  ask for the bus by messages; with -i by a call\n";

enum { WEATHER = 1, RADIO, DISTRIBUTOR, WATCHDOG, MISSION };	/* priorities */
enum { CYCLE_NS = 100000000 };

static pthread_mutex_t bus;
static sem_t has_bus;			/* the weather has */
static int questions = -1, answers;	/* the boxes of -m */
static int shall_inherit;
static atomic_int is_done, is_over;

static void fail_on(int error, const char *what)
{
	errno = error;
	if (error)
		err(1, "%s", what);
}

static void say(const char *text)
{
	write_all(STDOUT_FILENO, text, strlen(text));
}

/* ---- The bus behind messages --------------------------------------------- */

static void serve(void)
{
	struct message head = { .type = 0 };	/* any */

	if (mailbox_receive(questions, &head, NULL, 0, 0, NULL) < 0)
		err(1, "receive");
	say("weather: gives a turn\n");
	if (shall_inherit ? mailbox_reply(questions, &head, NULL)
			  : mailbox_send(answers, &head, NULL, 0, NULL))
		err(1, "answer");
}

static void ask(void)
{
	struct message head = { .type = 1 };

	if (shall_inherit) {
		if (mailbox_call(questions, &head, NULL, NULL, 0, NULL) < 0)
			err(1, "call");
		return;
	}
	if (mailbox_send(questions, &head, NULL, 0, NULL) != 0 ||
	    mailbox_receive(answers, &head, NULL, 0, 0, NULL) < 0)
		err(1, "ask");
}

/* ---- The threads --------------------------------------------------------- */

static void *weather(void *unused)
{
	if (questions >= 0) {
		serve();		/* the mission, then the distributor */
		serve();
		return unused;
	}
	pthread_mutex_lock(&bus);
	say("weather: has the bus\n");
	sem_post(&has_bus);		/* the other threads begin now */
	say("weather: gives the bus back\n");
	pthread_mutex_unlock(&bus);
	return unused;
}

static void *distributor(void *unused)
{
	say("distributor: wants the bus\n");
	questions >= 0 ? ask() : (void)pthread_mutex_lock(&bus);
	say("distributor: has the bus\n");
	is_done = 1;
	if (questions < 0)
		pthread_mutex_unlock(&bus);
	return unused;
}

static void *radio(void *unused)
{
	say("radio: computes\n");
	while (!is_over)
		continue;
	return unused;
}

static void *watchdog(void *unused)
{
	struct timespec cycle = { .tv_nsec = CYCLE_NS };

	nanosleep(&cycle, NULL);
	say(is_done ? "watchdog: the work is done\n"
		    : "watchdog: the work is not done, reset\n");
	is_over = 1;
	return unused;
}

/* ---- The mission --------------------------------------------------------- */

static pthread_t start(void *(*function)(void *), int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	fail_on(pthread_create(&thread, &attr, function, NULL), "thread");
	return thread;
}

static void make_bus(void)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, shall_inherit
					     ? PTHREAD_PRIO_INHERIT
					     : PTHREAD_PRIO_NONE);
	fail_on(pthread_mutex_init(&bus, &attr), "mutex");
	fail_on(sem_init(&has_bus, 0, 0) ? errno : 0, "semaphore");
}

static void make_boxes(void)
{
	questions = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);
	answers = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);
	if (questions < 0 || answers < 0)
		err(1, "mailbox");
}

int main(int argc, char **argv)
{
	const struct sched_param param = { .sched_priority = MISSION };
	pthread_t threads[WATCHDOG];
	int option;

	while ((option = getopt(argc, argv, "him")) != -1)
		switch (option) {
		case 'i': shall_inherit = 1; break;
		case 'm': make_boxes(); break;
		default: usage(option, help);
		}
	if (argv[optind])
		usage('?', help);
	make_bus();
	fail_on(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param),
		"priority");
	threads[0] = start(weather, WEATHER);
	questions >= 0 ? ask() : (void)sem_wait(&has_bus);
	threads[1] = start(radio, RADIO);
	threads[2] = start(distributor, DISTRIBUTOR);
	threads[3] = start(watchdog, WATCHDOG);
	for (int i = 0; i < WATCHDOG; i++)
		pthread_join(threads[i], NULL);
	return finish(0);
}
