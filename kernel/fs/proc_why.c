/*
 * proc_why.c - /proc/why: why each task does not go on, in a sentence, and the
 * deadlocks (proc_deadlock.c).
 *
 * The sentence gives the reason of the wait, the beginning, and the tasks that
 * could end the wait: the same facts as in /proc/waits. `why` prints the
 * sentences of a task and of the tasks for which this task waits. When a run
 * without a terminal hangs, the whole text goes into the log: see
 * kernel/sys/hang.c.
 */
#include "kernel/fs/proc.h"

#include "arch/arch.h"
#include "kernel/fs/frames.h"
#include "kernel/lib/string.h"
#include "kernel/obj/enders.h"
#include "kernel/obj/object.h"
#include "kernel/task/process.h"

#define PROGRAMS_SHOWN	40
#define FRAMES_SHOWN	3
#define FRAMES_SEARCHED	32

/* ---- The sentence ------------------------------------------------------- */

static void put_seconds(struct proc_text *text, uint64_t ns)
{
	uint64_t tenths = ns / (NSEC_PER_SEC / 10);

	proc_printf(text, "%llu.%llu s", tenths / 10, tenths % 10);
}

static void put_task(struct proc_text *text, const struct task *task)
{
	proc_put_name(text, task->name);
	proc_printf(text, "(%d)", task->id);
}

static void put_object(struct proc_text *text, const struct object *object)
{
	char name[OBJECT_NAME_BYTES];

	object_describe(object, name, sizeof(name));
	proc_put_name(text, name);
}

/* Words for the waits without an object. */
static const char *words_for(const struct wait_request *request)
{
	if (request->object)
		return NULL;
	switch (request->event) {
	case WAIT_TIME:
		return "asleep";
	case WAIT_CHILD:
		return "waits for a child to end";
	case WAIT_SIGNAL:
		return "waits for a signal";
	case WAIT_POLL:
		return "waits for one of several descriptors";
	default:
		return "a part of the kernel, waits for work";
	}
}

static void put_event(struct proc_text *text,
		      const struct wait_request *request)
{
	const char *words = words_for(request);

	if (words) {
		proc_puts(text, words);
		return;
	}
	if (request->event == WAIT_PEER)
		proc_puts(text, "waits for the other side of ");
	else if (request->event == WAIT_UNIT)
		proc_puts(text, "waits for ");
	else
		proc_printf(text, "waits for %s in ",
			    wait_event_name[request->event]);
	put_object(text, request->object);
}

/* Times are seconds after the boot. */
static void put_times(struct proc_text *text, const struct wait *wait)
{
	const struct wait_request *request = wait->request;
	uint64_t since_ns = proc_since_ns(wait), now_ns = arch_now_ns();

	if (request->object || request->event != WAIT_TIME) {
		proc_puts(text, " since ");
		put_seconds(text, since_ns);
		proc_puts(text, " (");
		put_seconds(text, now_ns - since_ns);
		proc_puts(text, " ago)");
	}
	if (request->deadline_ns == FOREVER)
		return;
	proc_puts(text, ", until ");
	put_seconds(text, request->deadline_ns);
	if (request->deadline_ns <= now_ns)
		return;
	proc_puts(text, " (in ");
	put_seconds(text, request->deadline_ns - now_ns);
	proc_puts(text, ")");
}

static const char *const outsider_words[OUTSIDERS] = {
	[KEYBOARD] = "the keyboard",
	[NETWORK] = "the network",
	[DISK] = "the disk",
	[HOST] = "the host",
	[CLOCK] = "the clock",
	[SIGNALS] = "whoever may send it a signal",
	[ANYONE] = "whoever opens the other side",
};

static void put_separator(struct proc_text *text, unsigned *count)
{
	proc_puts(text, (*count)++ ? ", " : "; who could end it: ");
}

static void put_enders(struct proc_text *text, struct enders *set,
		       const struct task *task)
{
	uint32_t outsiders = proc_find_enders(set, task);
	unsigned count = 0;
	pid_t id = 0;

	for (unsigned i = 0; i < OUTSIDERS; i++) {
		if (!(outsiders & OUTSIDER(i)))
			continue;
		put_separator(text, &count);
		proc_puts(text, outsider_words[i]);
	}
	while (id_bits_after(&set->tasks, &id)) {
		if (id_task(id)) {	/* has not ended meanwhile */
			put_separator(text, &count);
			put_task(text, id_task(id));
		}
		proc_pause(text);
	}
	if (set->ended)
		proc_printf(text, "; task %d owns it, and has ended",
			    set->ended);
}

static const char *const state_words[TASK_STATES] = {
	[TASK_RUNNING] = "runs: it does not wait",
	[TASK_READY] = "ready to run: it waits only for its turn",
	[TASK_BLOCKED] = "not complete yet: its parent is in fork()",
	[TASK_STOPPED] = "stopped by a signal, until SIGCONT",
};

static void put_sentence(struct proc_text *text, struct enders *set,
			 const struct task *task)
{
	proc_printf(text, "task %d (", task->id);
	proc_put_name(text, task->name);
	proc_puts(text, "): ");
	if (task_is_waiting(task)) {
		put_event(text, task->wait.request);
		put_times(text, &task->wait);
		put_enders(text, set, task);
	} else if (task->state == TASK_BLOCKED && task->wait.queue) {
		proc_puts(text, "woken: it is ready to run in a moment");
	} else {
		proc_puts(text, state_words[task->state]);
	}
	proc_puts(text, "\n");
}

static void put_zombie(struct proc_text *text, const struct process *process)
{
	proc_printf(text, "task %d (", process->id);
	proc_put_name(text, process->name);
	proc_puts(text, "): has ended, and its parent has not asked how\n");
}

/* ---- The place in the source -------------------------------------------- */

/* Is this, by frames_describe(), a function of the program, not of libc? */
static bool is_own(const char *where)
{
	const char *file = strchr(where, '(');

	return file && strncmp(file, "(libc/", 6) != 0;
}

/* Up to the blank: the name of the function alone. */
static void put_function(struct proc_text *text, const char *where)
{
	const char *blank = strchr(where, ' ');
	int length = blank ? blank - where : (int)strlen(where);

	proc_printf(text, "    in %.*s", length, where);
}

/*
 * The program's own innermost functions, with file and line. Before them stands
 * the function of libc that the program has called, without the inner functions
 * of libc.
 */
static void put_place(struct proc_text *text, const struct task *task)
{
	struct frame_walk walk;
	char where[FRAME_BYTES], called[FRAME_BYTES] = "";
	unsigned shown = 0;

	frames_begin(&walk, task);
	while (shown < FRAMES_SHOWN && walk.count < FRAMES_SEARCHED &&
	       frames_next(&walk)) {
		frames_describe(&walk, walk.inside, where, sizeof(where));
		if (!is_own(where)) {
			if (shown == 0)
				strlcpy(called, where, sizeof(called));
			continue;
		}
		if (shown == 0 && called[0])
			put_function(text, called);
		proc_puts(text, shown > 0 ? ", " : called[0] ? ", called by "
							     : "    in ");
		proc_puts(text, where);
		shown++;
	}
	if (shown == 0 && called[0])
		put_function(text, called);
	if (shown > 0 || called[0])
		proc_puts(text, "\n");
}

/* ---- The text ----------------------------------------------------------- */

static bool is_program(const struct process *process)
{
	return process && process != process_init;
}

void proc_why(struct proc_text *text)
{
	struct enders *set = proc_begin_enders(text);
	const struct process *process;
	const struct task *task;
	pid_t id = 0;
	int error;

	if (!set)
		return;
	while ((task = task_after(&id)) != NULL) {
		if (task->state != TASK_TERMINATED)
			put_sentence(text, set, task);
		proc_pause(text);
	}
	id = 0;
	while ((process = process_after(&id)) != NULL) {
		if (process->state == PROCESS_ZOMBIE)
			put_zombie(text, process);
		proc_pause(text);
	}
	error = proc_put_deadlocks(text, set);
	if (error)
		proc_fail(text, error);
	proc_end_enders(set);
}

void proc_why_programs(struct proc_text *text)
{
	struct enders *set = proc_begin_enders(text);
	const struct task *task;
	unsigned count = 0;

	LIST_FOR_EACH(task, &task_list, all) {
		if (task->state == TASK_TERMINATED ||
		    !is_program(task->process) || count++ >= PROGRAMS_SHOWN)
			continue;
		put_sentence(text, set, task);
		put_place(text, task);
	}
	if (count > PROGRAMS_SHOWN)
		proc_printf(text, "... and %u tasks more\n",
			    count - PROGRAMS_SHOWN);
	if (proc_put_deadlocks(text, set) != 0)
		proc_puts(text, "no memory to look for deadlocks\n");
}
