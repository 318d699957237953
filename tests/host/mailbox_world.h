/*
 * mailbox_world.h - the machine under tests/host/mailbox.c: processes whose
 * tasks are coroutines, a clock, and a scheduler that lets any ready task run
 * next.
 *
 * What the real scheduler can do is a part of that. The kernel's waiting code
 * and the mailboxes are included here as they are shipped.
 */
#pragma once

#define arch_cycles	unused_arch_cycles
#include "tests/host/stub/host.h"
#undef arch_cycles

#include "kernel/lib/string.h"
#include "tests/host/stub/coroutine.h"

unsigned long long strtoull(const char *text, char **end, int base);

static uint64_t now;

/* No two readings are the same, as on the machine. */
static uint64_t arch_cycles(void)
{
	static uint64_t readings;

	return ++readings;
}

#include "kernel/lib/trace.h"
#include "kernel/task/timer.c"
#include "kernel/task/wait.c"

/* The trace points of the mailboxes tell the model what happens. */
struct mail;
struct mailbox;
static void model_send(const struct object *box, struct mail *mail);
static void model_receive(struct mail *mail);
struct mail_call;
static void model_hand(const struct object *box, struct mail_call *call);
static void model_take(struct mail_call *call);

#undef trace
#define trace(id, object, a, b)		at_##id(object, b)
#define at_TRACE_SEND(box, it)	_Generic((it), \
	struct mail *: model_send, struct mail_call *: model_hand)(box, it)
#define at_TRACE_RECEIVE(box, it) _Generic((it), \
	struct mail *: model_receive, struct mail_call *: model_take)(it)
#define at_TRACE_REPLY(box, caller)	((void)(caller))
#define at_TRACE_GIFT(box, mail)		((void)(mail))

#include "kernel/ipc/mail.c"
#include "kernel/ipc/mail_match.c"
#include "kernel/ipc/mailbox.c"
#include "kernel/ipc/mail_desk.c"
#include "kernel/ipc/mail_hand.c"
#include "kernel/ipc/mail_line.c"

#define HOMES_MOST	5
#define ACTORS_MOST	8
#define BOXES		2
#define FIRST_PID	10
#define ACTOR_BYTES	32768		/* of a program's memory, for each */
#define BODY_MOST	6000

struct cpu cpu;

/* A process. Descriptor b is its own of box b, until it closes that. */
struct home {
	struct process process;
	unsigned alive;			/* tasks */
	bool has_ended;
	bool has_closed[BOXES];
};

struct actor {
	struct task task;
	struct home *home;
	struct coroutine *stack;
	int number;
	bool is_ready;
	bool has_ended;
	bool is_killed;
	bool is_signalled;
	uaddr_t memory;
	uint32_t sending;		/* serial of send or call, or 0 */
	const struct mail_receive *receiving;
};

static struct home homes[HOMES_MOST];
static unsigned home_count;
static struct actor actors[ACTORS_MOST];
static unsigned actor_count;
static bool is_verbose;
static bool is_over;			/* the actors are only to end */
static uint64_t seed, random_state;

static void check_always(void);
static void check_when_nobody_can_run(void);

/* ---- Random numbers, and telling ---------------------------------------- */

static uint32_t choose(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u +
		       1442695040888963407u;
	return (uint32_t)(random_state >> 33) % limit;
}

__attribute__((format(printf, 1, 2)))
static void tell(const char *format, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, format);
	printf("# %6llu ", (unsigned long long)now);
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

__attribute__((format(printf, 1, 2), noreturn))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("not ok 1 - ");
	vprintf(format, args);
	printf("\n# again: build/host/mailbox %llu\n1..1\n",
	       (unsigned long long)seed);
	fflush(stdout);
	exit(1);
}

/* ---- What the kernel's files ask for ------------------------------------- */

static struct actor *actor_of(struct task *task)
{
	return CONTAINER_OF(task, struct actor, task);
}

static struct actor *self(void)
{
	return actor_of(cpu.current);
}

uint64_t arch_now_ns(void)
{
	return now;
}

void arch_timer_arm(uint64_t deadline_ns)
{
	(void)deadline_ns;
}

bool signal_is_fatal(const struct task *task)
{
	return actor_of((struct task *)task)->is_killed;
}

bool signal_is_pending(const struct task *task)
{
	return task->signal_pending != 0;
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	(void)process, (void)n, (void)info;
	abort();		/* SIGPIPE is not for mailboxes */
}

void unlock_stuff_slow(void)
{
}

void cpu_run_pending(void)
{
}

struct process *process_find(pid_t id)
{
	unsigned which = id - FIRST_PID;

	if (which >= home_count || homes[which].has_ended)
		return NULL;
	return &homes[which].process;
}

bool names_describe(const char *kind, const struct object *object, char *to,
		    size_t size)
{
	(void)kind, (void)object, (void)to, (void)size;
	return false;
}

/* No memory of these processes can move: bodies are copied. */
bool space_may_take(struct space *space, uaddr_t start, uaddr_t end)
{
	(void)space, (void)start, (void)end;
	return false;
}

bool space_may_place(struct space *space, uaddr_t start, uaddr_t end)
{
	return space_may_take(space, start, end);
}

int space_take(struct space *space, uaddr_t start, uaddr_t end,
	       void (*collect)(paddr_t pa))
{
	(void)space, (void)start, (void)end, (void)collect;
	abort();
}

int space_place(struct space *space, uaddr_t start, uaddr_t end, paddr_t pa)
{
	(void)space, (void)start, (void)end, (void)pa;
	abort();
}

/* ---- The scheduler ------------------------------------------------------- */

void unblock_task(struct task *task)
{
	if (task->state != TASK_BLOCKED)
		return;
	task->state = TASK_READY;
	actor_of(task)->is_ready = true;
}

static struct actor *choose_ready(void)
{
	unsigned ready = 0, i;

	for (i = 0; i < actor_count; i++)
		ready += actors[i].is_ready;
	if (ready == 0)
		return NULL;
	ready = choose(ready);
	for (i = 0; !actors[i].is_ready || ready-- > 0; i++)
		;
	return &actors[i];
}

/* The next to run. When nobody can, time goes on; when nobody waits for that
 * either, the schedule is over and the main program takes it from there. */
static void switch_away(void)
{
	struct actor *next;

	check_always();
	if (choose(4) == 0) {
		now += choose(20);
		timer_run();
	}
	while ((next = choose_ready()) == NULL && timer_next_ns() != FOREVER) {
		check_when_nobody_can_run();
		now = timer_next_ns();
		timer_run();
	}
	if (!next) {
		coroutine_switch(&coroutine_main);
		return;
	}
	next->is_ready = false;
	next->task.state = TASK_RUNNING;
	cpu.current = &next->task;
	coroutine_switch(next->stack);
}

void block_task(enum task_state reason)
{
	cpu.current->state = reason;
	switch_away();
}

static void yield(void)
{
	cpu.current->state = TASK_READY;
	self()->is_ready = true;
	switch_away();
}

static void wait_expired(struct timer *timer)
{
	wait_interrupt(CONTAINER_OF(timer, struct task, wait.timer),
		       -ETIMEDOUT);
}

static void send_signal(struct actor *to, bool deadly)
{
	if (to->has_ended)
		return;
	tell("%d %s %d", self()->number, deadly ? "kills" : "signals",
	     to->number);
	to->is_killed |= deadly;
	to->is_signalled = true;
	to->task.signal_pending = 1;
	wait_interrupt(&to->task, -EINTR);	/* as signal_alert() does */
}

/* ---- Processes ----------------------------------------------------------- */

static void create_homes(void)
{
	home_count = 2 + choose(HOMES_MOST - 1);
	for (unsigned i = 0; i < home_count; i++) {
		memset(&homes[i], 0, sizeof(homes[i]));
		homes[i].process.id = FIRST_PID + i;
		list_init(&homes[i].process.tasks);
		homes[i].process.descriptors = descriptors_create();
		homes[i].process.limits[RLIMIT_NOFILE].rlim_cur = OPEN_MAX;
	}
}

static void create_actors(void (*live)(void *))
{
	actor_count = home_count + choose(ACTORS_MOST - home_count + 1);
	for (unsigned i = 0; i < actor_count; i++) {
		struct actor *actor = &actors[i];
		struct coroutine *stack = actor->stack;

		memset(actor, 0, sizeof(*actor));
		actor->stack = stack ? stack : coroutine_create();
		actor->number = i;
		actor->home = &homes[i < home_count ? i : choose(home_count)];
		actor->home->alive++;
		actor->memory = host_user + i * ACTOR_BYTES;
		actor->task.process = &actor->home->process;
		actor->task.priority = choose(3);
		actor->task.state = TASK_READY;
		list_append(&actor->home->process.tasks,
			    &actor->task.sibling);
		wait_init(&actor->task.wait, wait_expired);
		actor->is_ready = true;
		coroutine_prepare(actor->stack, live, actor);
	}
}

/* As process_release() does. */
static void end_home(struct home *home)
{
	home->has_ended = true;
	descriptors_destroy(home->process.descriptors);
	home->process.descriptors = NULL;
	if (home->process.desk)
		mail_desk_close(&home->process);
}
