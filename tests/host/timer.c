/*
 * timer.c - timers expire in order, once, and the hardware is never late.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c
 *
 * The shipped timer.c beside a model that keeps all deadlines in an array.
 */
#include "tests/host/stub/host.h"

#include "kernel/task/timer.c"

#define TIMERS	50

static struct timer timers[TIMERS];
static uint64_t model[TIMERS];		/* FOREVER: not started */
static uint64_t armed = FOREVER;	/* the time in the hardware */
static unsigned expirations;
static bool is_wrong;

void arch_timer_arm(uint64_t deadline_ns)
{
	armed = deadline_ns;
}

static uint64_t model_next(void)
{
	uint64_t next = FOREVER;

	for (unsigned i = 0; i < TIMERS; i++)
		next = MIN(next, model[i]);
	return next;
}

static void note_wrong(bool wrong, const char *what)
{
	if (wrong && !is_wrong)
		printf("# %s\n", what);
	is_wrong |= wrong;
}

static void start(unsigned i, uint64_t deadline_ns)
{
	model[i] = deadline_ns;
	timer_start(&timers[i], deadline_ns);
}

static void stop(unsigned i)
{
	model[i] = FOREVER;
	timer_stop(&timers[i]);
}

/* An expired timer may start any timer again, and stop any timer. */
static void expired(struct timer *timer)
{
	unsigned i = timer - timers;

	expirations++;
	note_wrong(timer_is_started(timer), "an expired timer is started");
	note_wrong(model[i] != timer->deadline_ns, "the wrong deadline");
	note_wrong(model[i] > host_now_ns, "a timer expires early");
	note_wrong(model[i] != model_next(), "another one was due before");
	model[i] = FOREVER;
	if (host_random(4) == 0)
		start(i, host_now_ns + host_random(30));
	if (host_random(4) == 0)
		stop(host_random(TIMERS));
	if (host_random(8) == 0)
		start(host_random(TIMERS), host_now_ns + 1 + host_random(9));
}

static void check(void)
{
	note_wrong(timer_next_ns() != model_next(), "timer_next_ns() is wrong");
	note_wrong(armed > model_next(), "the hardware fires late");
	for (unsigned i = 0; i < TIMERS; i++)
		note_wrong(timer_is_started(&timers[i]) !=
			   (model[i] != FOREVER), "started or not?");
}

/* A run calls only a part of the due timers, and asks for the next run. */
static void run_all(void)
{
	unsigned before;

	do {
		before = expirations;
		timer_run();
		note_wrong(expirations - before > EXPIRIES_AT_ONCE,
			   "too many timers at once");
		note_wrong(model_next() <= host_now_ns &&
			   armed != host_now_ns, "one is left over");
	} while (armed <= host_now_ns);
}

static void random_step(void)
{
	unsigned i = host_random(TIMERS);

	switch (host_random(4)) {
	case 0:
	case 1:
		start(i, host_now_ns + host_random(100));
		break;
	case 2:
		stop(i);
		break;
	case 3:
		host_now_ns += host_random(20);
		run_all();
		break;
	}
	check();
}

/* Ten thousand with one deadline, or in falling order, must not cost the stack
 * or the square. */
static unsigned count;

static void count_one(struct timer *timer)
{
	(void)timer;
	count++;
}

static bool many(int direction)
{
	enum { MANY = 10000 };
	struct timer *all = calloc(MANY, sizeof(*all));
	uint64_t base = host_now_ns + MANY;

	count = 0;
	for (int i = 0; i < MANY; i++) {
		timer_init(&all[i], count_one);
		timer_start(&all[i], base + direction * i);
	}
	host_now_ns = base + MANY;
	do
		timer_run();
	while (armed <= host_now_ns);
	free(all);
	return count == MANY && timer_next_ns() == FOREVER;
}

int main(void)
{
	for (unsigned i = 0; i < TIMERS; i++) {
		model[i] = FOREVER;
		timer_init(&timers[i], expired);
	}
	for (unsigned i = 0; i < 200000; i++)
		random_step();
	ok(!is_wrong && expirations > 10000,
	   "random_starts_and_stops_expire_in_order");
	for (unsigned i = 0; i < TIMERS; i++)
		stop(i);
	timer_run();
	ok(armed == FOREVER, "hardware_ticks_on_without_timers");
	ok(many(0), "timers_of_one_deadline_get_lost");
	ok(many(1), "timers_in_rising_order_get_lost");
	ok(many(-1), "timers_in_falling_order_get_lost");
	return tap_done();
}
