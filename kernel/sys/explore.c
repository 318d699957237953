/*
 * explore.c - a program decides which of several tasks runs.
 *
 * A race shows in few of the possible schedules. To find the schedule, a
 * program such as explore(1) runs its subject again and again, each time with a
 * different plan. The explored tasks have the same real-time priority, and no
 * time slice ends. So a task runs until it waits, and the next ready task is
 * always the same. Only a decision changes the order: before a system call, or
 * before an access to a shared word, the plan may take a different ready task.
 * A plan names only the decisions that differ from this order, each by a task
 * and its position. The same plan gives the same run, as long as the subject
 * does not look at the clock.
 *
 * The explorer itself has no real-time priority. So whenever the explorer runs,
 * all explored tasks wait. Then the explorer lets time pass: the earliest sleep
 * ends at once, and nothing really sleeps.
 *
 * Shared words. Two tasks share a word when both use the word, and at least one
 * of them writes. Each instruction of a stepped task traps, and the table of
 * words tells which tasks used the word so far. The table lives as long as the
 * descriptor: words found in one run are decisions in all later runs. A word is
 * known by its address in the program, or by its offset in shared memory. Two
 * objects may have words at the same offset: then there are needless decisions.
 */
#include "kernel/abi/explore.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/proc.h"
#include "kernel/machine.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/region.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/tracer.h"

#define STEPS_OF_PAGE	(PAGE_SIZE / sizeof(struct explore_step))
#define STEP_PAGES	(EXPLORE_STEPS_MOST / STEPS_OF_PAGE + 1)
#define WORDS_OF_PAGE	(PAGE_SIZE / sizeof(struct word))
#define WORD_PAGES	64
#define WORDS		(WORD_PAGES * WORDS_OF_PAGE)
#define PROBES		16	/* of the table of words */
#define STREAK_MOST	64	/* decisions in a row for the same task */
#define SPIN_NS		(2 * NSEC_PER_SEC)	/* a run is shorter */

/* A word of memory that an explored task has used. */
struct word {
	uint32_t key;			/* [P] 0: a free entry */
	uint8_t task;			/* [P] the first task */
	bool has_more;			/* [P] further tasks */
	bool is_written;		/* [P] */
};

struct explore {
	struct object object;		/* [P] */
	bool has_memory;		/* [const] decide before shared words */
	bool is_spinning;		/* [P] the run was too long */
	const struct task *running;	/* [P] made the last decision */
	uint32_t streak;		/* [P] decisions since it runs */
	uint32_t step_count;		/* [P] of this run */
	uint32_t read_count;		/* [P] steps that were read */
	uint32_t choice_count;		/* [P] of the plan */
	uint32_t choice_next;		/* [P] not used yet */
	struct explore_choice choices[EXPLORE_CHOICES_MOST];	/* [P] */
	pid_t tasks[EXPLORE_TASKS_MOST];	/* [P] by number */
	uint32_t positions[EXPLORE_TASKS_MOST];	/* [P] by number */
	uint32_t task_count;		/* [P] */
	uint32_t word_count;		/* [P] shared words found so far */
	struct explore_step *steps[STEP_PAGES];	/* [P] NULL: unused */
	struct word *words[WORD_PAGES];	/* [P] NULL: unused */
	struct timer spin;		/* [P] ends a run without an end */
};

_Static_assert(sizeof(struct explore) <= POOL_LARGEST, "it is one pool object");
_Static_assert(sizeof(struct explore_step) == 20, "known to programs");

static struct pool explore_pool = POOL("explore", sizeof(struct explore));

static struct explore *explore_of(const struct object *object)
{
	return CONTAINER_OF(object, struct explore, object);
}

/* ---- The processes of a run --------------------------------------------- */

static bool is_explored(const struct process *process,
			const struct explore *explore)
{
	return process && process->tracer == &explore->object;
}

static bool is_empty(const struct explore *explore)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore))
			return false;
	return true;
}

static void end_all(const struct explore *explore)
{
	struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore))
			signal_send(process, SIGKILL, NULL);
}

/* The run makes no progress: the plan has no say any more. */
static void end_spinning(struct explore *explore)
{
	explore->is_spinning = true;
	end_all(explore);
}

static void spin_is_over(struct timer *timer)
{
	end_spinning(CONTAINER_OF(timer, struct explore, spin));
}

/* ---- Decisions ---------------------------------------------------------- */

/* The number of the task, by first system call. */
static unsigned number_of(struct explore *explore, const struct task *task)
{
	unsigned i;

	for (i = 0; i < explore->task_count; i++)
		if (explore->tasks[i] == task->id)
			return i;
	if (i == EXPLORE_TASKS_MOST)
		return i - 1;
	explore->tasks[i] = task->id;
	explore->positions[i] = 0;
	return explore->task_count++;
}

/* The running task comes to its next position. */
static void advance(struct explore *explore, struct explore_step *step)
{
	step->task = number_of(explore, task_current());
	step->position = ++explore->positions[step->task];
}

/* The ready task number n (1: the first), or NULL. *count_out: how many. */
static struct task *ready_task(const struct explore *explore, unsigned n,
			       unsigned *count_out)
{
	struct list *ready = &arch_cpu()->ready[task_current()->priority];
	struct task *task, *found = NULL;
	unsigned count = 0;

	LIST_FOR_EACH(task, ready, ready)
		if (is_explored(task->process, explore) && ++count == n)
			found = task;
	*count_out = count;
	return found;
}

/* Does the plan have a choice for this position? */
static bool is_planned(const struct explore *explore,
		       const struct explore_step *step)
{
	const struct explore_choice *next =
		&explore->choices[explore->choice_next];

	return explore->choice_next < explore->choice_count &&
	       next->task == step->task && next->position == step->position;
}

/* By the plan; else the running task goes on, but not for ever. */
static unsigned choose(struct explore *explore, const struct explore_step *step)
{
	unsigned choice;

	if (is_planned(explore, step)) {
		choice = explore->choices[explore->choice_next++].choice;
		return MIN(choice, step->others);
	}
	return explore->streak >= STREAK_MOST ? 1 : 0;
}

/* The function that has called libc's stub of the system call. */
static uint32_t place_of(const struct task *task)
{
	struct user_frame frame;

	if (!arch_user_frame(task, &frame))
		return 0;
	if (task->frame)
		arch_user_caller(task, &frame, FRAME_BY_CODE);
	return frame.code;
}

static bool record(struct explore *explore, const struct explore_step *step)
{
	struct explore_step **page;

	if (explore->step_count == EXPLORE_STEPS_MOST)
		return false;
	page = &explore->steps[explore->step_count / STEPS_OF_PAGE];
	if (!*page)
		*page = page_alloc(FRAME_BUFFER);
	if (!*page)
		return false;
	(*page)[explore->step_count++ % STEPS_OF_PAGE] = *step;
	return true;
}

/* Let the plan decide which task runs now: the running task or a ready one. */
static void decide(struct explore *explore, struct explore_step *step)
{
	struct task *task = task_current(), *next;
	unsigned others;

	ready_task(explore, 0, &others);
	if (others == 0 || explore->is_spinning)
		return;
	step->others = MIN(others, UINT8_MAX);
	step->choice = choose(explore, step);
	step->place = place_of(task);
	next = ready_task(explore, step->choice, &others);
	if (!record(explore, step)) {
		end_spinning(explore);
		return;
	}
	explore->streak++;
	if (!next)
		return;
	explore->streak = 0;
	yield_to(next);
	explore->running = task;
}

/* ---- System calls of the explored tasks --------------------------------- */

/* Calls that change only the calling task, or only ask: no other task can
 * notice whether it runs before or after them. */
static bool is_local(uint32_t number)
{
	switch (number) {
	case CALL_getpid: case CALL_getppid: case CALL_gettid:
	case CALL_getuid: case CALL_geteuid: case CALL_getgid:
	case CALL_getegid: case CALL_brk: case CALL_clock_gettime:
	case CALL_uname: case CALL_umask: case CALL_sysconf:
	case CALL_thread_pointer: case CALL_sigprocmask:
	case CALL_sigreturn: case CALL_getcwd:
		return true;
	}
	return false;
}

/* From the first fork or thread on, two tasks may share memory. */
static void may_share(struct explore *explore, uint32_t number)
{
	if (explore->has_memory &&
	    (number == CALL_fork || number == CALL_thread_create))
		task_current()->is_stepped = true;
}

static void call_begins(struct explore *explore, uint32_t number)
{
	struct explore_step step = { .call = number };

	may_share(explore, number);
	if (explore->running != task_current())
		explore->streak = 0;
	explore->running = task_current();
	advance(explore, &step);
	if (!is_local(number))
		decide(explore, &step);
}

/* After a wait, the plan may prefer a task that became ready meanwhile. */
static void call_ends(struct explore *explore, uint32_t number)
{
	struct explore_step step = { .call = number, .is_free = true };

	advance(explore, &step);
	if (explore->running != task_current()) {
		explore->streak = 0;
		explore->running = task_current();
		decide(explore, &step);
	}
	if (task_current()->is_stepped)
		arch_step(task_current()->frame);
}

static void explore_call(struct object *tracer, uint32_t number,
			 const uint32_t *arguments, const int32_t *result)
{
	(void)arguments;
	if (result)
		call_ends(explore_of(tracer), number);
	else
		call_begins(explore_of(tracer), number);
}

/* ---- Memory ------------------------------------------------------------- */

/* A number for the word at this address, the same in each run; 0: no further
 * task can use the word. */
static uint32_t key_of(uaddr_t address)
{
	struct process *process = process_current();
	const struct region *region = region_find(process->space, address);

	if (!region)
		return 0;
	if (region->flags & REGION_SHARED)
		return 0x80000000u | (region->source_page * PAGE_SIZE +
				      address - region->start) >> 2;
	return process->task_count > 1 ? address >> 2 : 0;
}

/* The entry of the key, perhaps a free one; NULL: the table is full here. */
static struct word *word_of(struct explore *explore, uint32_t key)
{
	uint32_t at = key * 0x9e3779b1 >> 7, probe;
	struct word **page, *word;

	for (probe = 0; probe < PROBES; probe++, at++) {
		page = &explore->words[at / WORDS_OF_PAGE % WORD_PAGES];
		if (!*page)
			*page = page_alloc_zeroed(FRAME_BUFFER);
		if (!*page)
			return NULL;
		word = &(*page)[at % WORDS_OF_PAGE];
		if (!word->key || word->key == key)
			return word;
	}
	return NULL;
}

/* The task is about to use the word. Do several tasks use the word, and does
 * one of them write? */
static bool is_shared(struct explore *explore, unsigned number, uint32_t key,
		      bool is_write)
{
	struct word *word = word_of(explore, key);
	bool was_shared;

	if (!word)
		return false;
	was_shared = word->has_more && word->is_written;
	if (!word->key) {
		word->key = key;
		word->task = number;
	}
	word->has_more |= word->task != number;
	word->is_written |= is_write;
	if (!was_shared && word->has_more && word->is_written)
		explore->word_count++;
	return word->has_more && word->is_written;
}

static bool is_decision(struct explore *explore, struct explore_step *step,
			const struct registers *regs)
{
	struct memory_access access;
	uint32_t key;

	if (!arch_next_access(regs, &access))
		return false;
	step->object = access.address;
	key = key_of(access.address);
	return key && is_shared(explore, step->task, key, access.is_write);
}

void machine_step(const struct registers *regs)
{
	struct object *tracer = process_current()->tracer;
	struct explore_step step = { .call = EXPLORE_ACCESS };
	struct explore *explore;

	if (!tracer)
		return;
	explore = explore_of(tracer);
	advance(explore, &step);
	if (is_decision(explore, &step, regs) || is_planned(explore, &step))
		decide(explore, &step);
}

/* ---- The descriptor ----------------------------------------------------- */

/* A new plan begins a new run. */
static ssize_t explore_write(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	struct explore *explore = explore_of(file->object);

	if (bytes % sizeof(struct explore_choice) != 0 ||
	    bytes > sizeof(explore->choices))
		return -EINVAL;
	if (!is_empty(explore))
		return -EBUSY;
	explore->choice_count = 0;
	if (copy_from_user(explore->choices, from, bytes) != 0)
		return -EFAULT;
	explore->choice_count = bytes / sizeof(struct explore_choice);
	explore->choice_next = 0;
	explore->step_count = explore->read_count = 0;
	explore->task_count = 0;
	explore->is_spinning = false;
	explore->running = NULL;
	return bytes;
}

/* The steps of the run, whole ones; 0: no further step. */
static ssize_t explore_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct explore *explore = explore_of(file->object);
	const size_t size = sizeof(struct explore_step);
	const struct explore_step *page;
	size_t done = 0;

	for (; done + size <= bytes &&
	       explore->read_count < explore->step_count; done += size) {
		page = explore->steps[explore->read_count / STEPS_OF_PAGE];
		if (copy_to_user(to + done, &page[explore->read_count %
				 STEPS_OF_PAGE], size) != 0)
			return done ? (ssize_t)done : -EFAULT;
		explore->read_count++;
	}
	return done;
}

/* The explorer ends: so does the run. */
static void explore_close(struct open_file *file)
{
	if (file->object->ends[END_READ] == 0)
		end_all(explore_of(file->object));
}

static void explore_destroy(struct object *object)
{
	struct explore *explore = explore_of(object);
	unsigned i;

	timer_stop(&explore->spin);
	for (i = 0; i < STEP_PAGES; i++)
		if (explore->steps[i])
			page_free(explore->steps[i]);
	for (i = 0; i < WORD_PAGES; i++)
		if (explore->words[i])
			page_free(explore->words[i]);
	pool_free(&explore_pool, explore);
}

static const struct object_ops explore_ops = {
	.kind = "explore",
	.read = explore_read,
	.write = explore_write,
	.close = explore_close,
	.call = explore_call,
	.destroy = explore_destroy,
};

/* ---- System calls of the explorer --------------------------------------- */

/* The explored tasks get a real-time priority: root's alone. */
long sys_explore_open(int flags)
{
	struct explore *explore;
	struct open_file *file;
	long result;

	if (flags & ~(O_CLOEXEC | EXPLORE_MEMORY))
		return -EINVAL;
	if (!user_is_root(process_current()))
		return -EPERM;
	explore = pool_alloc(&explore_pool);
	if (!explore)
		return -ENOMEM;
	object_init(&explore->object, &explore_ops);
	explore->has_memory = flags & EXPLORE_MEMORY;
	timer_init(&explore->spin, spin_is_over);
	result = file_open(&explore->object, O_RDWR, &file);
	object_put(&explore->object);
	if (result)
		return result;
	result = descriptor_install(file, 0, flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}

long sys_explore_attach(int fd)
{
	struct task *task = task_current();
	struct explore *explore;
	long error;

	if (task->process->task_count > 1)
		return -EINVAL;
	error = tracer_attach(fd, &explore_ops);
	if (error)
		return error;
	explore = explore_of(task->process->tracer);
	task->is_explored = true;
	task_set_policy(task, POLICY_REALTIME, PRIORITY_LOWEST);
	timer_start(&explore->spin, arch_now_ns() + SPIN_NS);
	return 0;
}

/* The explored task whose sleep ends first, or NULL. */
static struct task *first_sleeper(const struct explore *explore)
{
	struct task *task, *first = NULL;

	LIST_FOR_EACH(task, &task_list, all) {
		if (task->state != TASK_BLOCKED || !task->wait.queue ||
		    !is_explored(task->process, explore) ||
		    task->wait.request->deadline_ns == FOREVER)
			continue;
		if (!first || task->wait.request->deadline_ns <
			      first->wait.request->deadline_ns)
			first = task;
	}
	return first;
}

/* Does an explored task wait for the terminal, the network or a timer? */
static bool waits_for_outside(const struct explore *explore)
{
	const uint32_t outer = OUTSIDER(KEYBOARD) | OUTSIDER(HOST) |
			       OUTSIDER(CLOCK) | OUTSIDER(NETWORK);
	const struct process *process;
	const struct task *task;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore) &&
		    !list_is_empty(&process->alarms))
			return true;
	LIST_FOR_EACH(task, &task_list, all)
		if (task->state == TASK_BLOCKED &&
		    is_explored(task->process, explore) &&
		    proc_outsiders(task) & outer)
			return true;
	return false;
}

static long go_on(struct explore *explore)
{
	struct task *first;

	if (is_empty(explore)) {
		timer_stop(&explore->spin);
		return explore->is_spinning ? EXPLORE_SPINNING : EXPLORE_EMPTY;
	}
	first = first_sleeper(explore);
	if (first) {
		wait_interrupt(first, -ETIMEDOUT);
		return EXPLORE_WOKEN;
	}
	return waits_for_outside(explore) ? EXPLORE_OUTSIDE : EXPLORE_STUCK;
}

long sys_explore_control(int fd, int operation)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	if (file->object->ops != &explore_ops ||
	    (uint32_t)operation > EXPLORE_WORDS)
		return -EINVAL;
	if (operation == EXPLORE_GO_ON)
		return go_on(explore_of(file->object));
	if (operation == EXPLORE_WORDS)
		return explore_of(file->object)->word_count;
	end_all(explore_of(file->object));
	return 0;
}
