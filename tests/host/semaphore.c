/*
 * semaphore.c - semaphores in user memory under random schedules: the shipped
 * futex.c, futex_semaphore.c and wait.c.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 * link: tests/host/stub/memory.c kernel/task/wait.c kernel/task/timer.c
 * link: kernel/obj/object.c kernel/lib/hash.c
 * link: kernel/task/crowd.c
 *
 * Tasks post and take units of two semaphores that lie side by side, as libc
 * does: they look at the word, a different task may run, and only if the word
 * is still the same, they change the word. Otherwise, or when the bit says that
 * a task waits, they call the kernel. Some steps kill, signal, change
 * priorities, let deadlines pass and allocations fail (stub/actors.h). These
 * rules must hold:
 *
 * - no unit comes or goes: first units + posted units = taken units + units
 *   that woken tasks have + value of the word;
 * - a unit goes to the first sleeper, and to no newcomer;
 * - while a task sleeps, the word is the bit alone; without a sleeper, the bit
 *   is clear;
 * - when no task can run, no task sleeps beside a unit;
 * - a wait that ends by time, by a signal or for want of memory has taken
 *   nothing;
 * - a futex exists only while a task is inside.
 */
#include "tests/host/stub/actors.h"

#include "kernel/mm/region.h"

/* The test checks that the first sleeper gets the unit. */
static void give_unit(struct wait_queue *queue);
#include "kernel/ipc/futex.c"
#define give_unit(queue)	shipped_give_unit(queue)
#include "kernel/ipc/futex_semaphore.c"
#undef give_unit

#define SCHEDULES	100000
#define SEMAPHORES	2

static const char *const program_name = "semaphore";

static struct {
	uint32_t begun, posted, taken;
} counts[SEMAPHORES];
static struct region memory = {
	.flags = REGION_SHARED,
	.prot = PROT_READ | PROT_WRITE,
};
static uint32_t source_refs = 1;

/* The only page is not within the reach of the kernel. */
static frame_t only_page(struct page_source *of, uint32_t index,
			 enum page_use use)
{
	(void)of, (void)use;
	return index == 0 ? DIRECT_FRAMES : 0;
}

void *arch_window_open(frame_t frame)
{
	(void)frame;
	return host_user_bytes(host_user);
}

void arch_window_close(void)
{
}

static const struct page_source_ops source_ops = { .page = only_page };
static struct page_source source = { .ops = &source_ops, .refs = &source_refs };
static struct space spaces[ACTORS_MOST];

/* ---- Names, which are tried in tests/user/names_parley.c ----------- */

bool futex_describe(const struct object *object, char *to, size_t size)
{
	(void)object, (void)to, (void)size;
	return false;
}

void futex_report(const struct object *object, char *to, size_t size)
{
	(void)object, (void)size;
	*to = '\0';
}

pid_t futex_owner(const struct task *waiter)
{
	(void)waiter;
	return 0;
}

/* ---- Reports, which the simulation does not make ------------------------ */

struct process *process_find(pid_t id)
{
	(void)id;
	return NULL;
}

struct task *id_task(pid_t id)
{
	(void)id;
	return NULL;
}

void enders_add_task(struct enders *set, pid_t id)
{
	(void)set, (void)id;
}

void enders_add_process(struct enders *set, const struct process *process)
{
	(void)set, (void)process;
}

/* ---- Memory of the simulated machine ------------------------------------- */

struct region *region_search(struct space *space, uaddr_t address)
{
	(void)space;
	(void)address;
	return &memory;
}

bool space_peek(struct space *space, uaddr_t from, void *to, size_t bytes)
{
	(void)space;
	return copy_from_user(to, from, bytes) == 0;
}

static uaddr_t word_at(int n)
{
	return host_user + n * sizeof(uint32_t);
}

static uint32_t *word_of(int n)
{
	return (uint32_t *)host_user_bytes(word_at(n));
}

static uint32_t units_of(int n)
{
	return *word_of(n) & ~FUTEX_WAITED;
}

static struct futex *futex_at(int n)
{
	struct futex_search search;

	if (futex_find(word_at(n), &search) != 0)
		fail("word_is_nowhere");
	return search.futex;
}

/* ---- The part of libc ---------------------------------------------------- */

/* Another task may run between the look and the change; a killed task never
 * returns to its program. */
static bool change(int n, uint32_t from, uint32_t to)
{
	if (choose(4) == 0)
		give_way();
	if (self()->is_killed || *word_of(n) != from)
		return false;
	*word_of(n) = to;
	return true;
}

static void post(int n)
{
	uint32_t value = *word_of(n);
	long error = 0;

	while (value < SEM_VALUE_MAX && !change(n, value, value + 1)) {
		if (self()->is_killed)
			return;
		value = *word_of(n);
	}
	if (value >= SEM_VALUE_MAX)
		error = futex_post(word_at(n));
	if (error)
		fail("post_fails_with_%ld", error);
	counts[n].posted++;
	tell("posts %d: %x", n, *word_of(n));
}

/* libc may take a unit by atomic instructions only when no task waits. */
static bool take_alone(int n)
{
	uint32_t value = *word_of(n);
	struct futex *futex;

	while (value > 0 && !(value & FUTEX_WAITED)) {
		if (change(n, value, value - 1)) {
			futex = futex_at(n);
			if (futex && !list_is_empty(
				    &futex_queue(futex)->sleepers))
				fail("newcomer_takes_without_the_kernel");
			counts[n].taken++;
			return true;
		}
		if (self()->is_killed)
			return true;
		value = *word_of(n);
	}
	return false;
}

static void give_unit(struct wait_queue *queue)
{
	const struct task *first = LIST_ENTRY(queue->sleepers.head.next,
					      struct task, wait.node);

	for (unsigned i = 0; i < actor_count; i++) {
		const struct task *task = &actors[i].task;

		if (task != first && task->wait.queue == queue &&
		    list_is_linked(&task->wait.node) &&
		    wait_goes_before(task, first))
			fail("task_at_the_head_is_overtaken");
	}
	shipped_give_unit(queue);
}

static uint64_t choose_deadline(void)
{
	switch (choose(5)) {
	case 0:
		return now + choose(60);
	case 1:
		return 0;		/* sem_trywait() */
	}
	return FOREVER;
}

static void take(int n)
{
	uint64_t deadline_ns = choose_deadline();
	long result;

	tell("wants %d: %x", n, *word_of(n));
	if (take_alone(n))
		return;
	result = futex_take(word_at(n), deadline_ns);
	tell("has %d: %ld", n, result);
	if (result == 0 && self()->is_killed)
		fail("dead_task_gets_a_unit");
	if (result == 0)
		counts[n].taken++;
	else if (result == -EINTR)
		check_interrupted(0);
	else if (result == -ENOMEM)
		check_no_memory();
	else if (result != -ETIMEDOUT || now < deadline_ns)
		fail("wait_ends_with_%ld", result);
}

/* ---- The rules between the steps ----------------------------------------- */

static void check_semaphore(int n)
{
	const struct futex *futex = futex_at(n);
	const struct wait_queue *queue;
	uint32_t inside = 0, given = 0;

	queue = futex ? &futex->object.queue[END_READ] : NULL;
	for (unsigned i = 0; queue && i < actor_count; i++) {
		const struct wait *wait = &actors[i].task.wait;

		if (wait->queue != queue)
			continue;
		inside++;
		if (list_is_linked(&wait->node))
			continue;
		given += sleeper_of(&actors[i].task)->has_unit;
	}
	if (counts[n].begun + counts[n].posted !=
	    counts[n].taken + given + units_of(n))
		fail("units_come_or_go: %u+%u, %u+%u+%u", counts[n].begun,
		     counts[n].posted, counts[n].taken, given, units_of(n));
	if (*word_of(n) & FUTEX_WAITED && inside == 0)
		fail("bit_is_left_over");
	if (!futex)
		return;
	if (inside == 0)
		fail("futex_stays_without_a_task");
	if (!list_is_empty(&queue->sleepers) && *word_of(n) != FUTEX_WAITED)
		fail("bit_is_missing_or_beside_units");
	if (given != queue->owed)
		fail("%u_turns_are_owed_not_%u", queue->owed, given);
}

static void check_state(void)
{
	for (int n = 0; n < SEMAPHORES; n++)
		check_semaphore(n);
}

static void check_sleeper(struct actor *actor)
{
	const struct task *task = &actor->task;

	if (task->wait.queue && task->wait.request->object &&
	    units_of((sleeper_of(task)->word - host_user) /
		     sizeof(uint32_t)) > 0)
		fail("wake_up_is_lost: task %d", actor->number);
}

static void actor_step(struct actor *actor)
{
	int n = choose(SEMAPHORES);

	(void)actor;
	maybe_fail_alloc();
	switch (choose(8)) {
	case 0: case 1: case 2:
		post(n);
		break;
	case 3: case 4: case 5: case 6:
		take(n);
		break;
	default:
		common_step();
	}
	alloc_fail_countdown = failures_to_tell = 0;
}

static void actor_leave(struct actor *actor)
{
	(void)actor;
}

static void schedule_begin(void)
{
	memset(counts, 0, sizeof(counts));
	memset(spaces, 0, sizeof(spaces));
	for (unsigned i = 0; i < actor_count; i++) {
		actors[i].process.space = &spaces[i];
		actors[i].task.space = &spaces[i].arch;
	}
	for (int n = 0; n < SEMAPHORES; n++)
		*word_of(n) = counts[n].begun = choose(3);
}

static void schedule_end(void)
{
	check_state();
	if (host_pool_objects() || object_count)
		fail("leak: %u objects", host_pool_objects());
	if (source_refs != 1)
		fail("%u references of the pages", source_refs);
}

int main(int argc, char **argv)
{
	host_init(8);
	memory.start = host_user;
	memory.end = host_user + PAGE_SIZE;
	memory.source = &source;
	list_init(&source.regions);
	return run_schedules(argc, argv, SCHEDULES);
}
