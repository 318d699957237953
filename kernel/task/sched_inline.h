/*
 * sched_inline.h - to wait and to wake, the usual way: bodies of block_task(),
 * unblock_task() and yield_task().
 *
 * In a header for those few callers of whom there are two in each round trip
 * of a message; in line only in the measured build, so that a breakpoint finds
 * the others. The theory stands in sched.c, and what happens seldom.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/lib/trace.h"
#include "kernel/task/task.h"

/* For the functions of this header and sched.c only. */
extern struct task *only_ready;
extern uint32_t ready_bitmap;
extern uint32_t is_without_tick;	/* or 0 */

/* The next task, off its list; nobody is the only one. */
struct task *choose_of_lists(void);
/* What few tasks need at a switch, and the switch. */
void switch_specials(struct task *next);
/* Make a task ready beside others, or one that should run first. */
void unblock_beside_others(struct task *task);
/* Give way to one of several, or to nobody. */
void yield_to_lists(void);

static inline bool is_any_ready(void)
{
	return (uintptr_t)only_ready | ready_bitmap;
}

/* The running task, which is in its new state already, stops here. One test
 * finds all that is not as it is in most switches. */
static inline void run_task(struct task *next)
{
	trace(TRACE_SWITCH, 0, next->id, cpu.current->state);
	cpu.switches++;
	next->state = TASK_RUNNING;
	if (UNLIKELY(next->minds | cpu.pending | cpu.is_special))
		switch_specials(next);
	else
		switch_to_task(next);
}

static inline struct task *choose_next(void)
{
	struct task *next = only_ready;

	if (UNLIKELY(!next))
		return choose_of_lists();
	only_ready = NULL;
	return next;
}

static ALWAYS_INLINE void block_in_line(enum task_state reason)
{
	struct task *task = cpu.current;

	ASSERT(cpu.postpone_depth == 1);
	task->state = reason;
	task->slice_used = 0;
	task->switches_waiting++;
	run_task(choose_next());
}

/* The next task, if the switch to it is as most are: block_plainly(); or NULL.
 * Then no signal is pending for the running task, either. */
static inline struct task *next_if_plain(void)
{
	struct task *next = only_ready;

	if (UNLIKELY(!next) || UNLIKELY(next->minds) ||
	    UNLIKELY(cpu.pending) || UNLIKELY(cpu.is_special))
		return NULL;
	return next;
}

/* block_task(TASK_BLOCKED) of the running task, for who has seen that. */
static ALWAYS_INLINE void block_plainly(struct task *task, struct task *next)
{
	ASSERT(cpu.postpone_depth == 1);
	task->state = TASK_BLOCKED;
	task->slice_used = 0;
	task->switches_waiting++;
	trace(TRACE_SWITCH, 0, next->id, task->state);
	only_ready = NULL;
	cpu.switches++;
	next->state = TASK_RUNNING;
	switch_to_task(next);
}

/* Does a task that has just become ready run before the running one? */
static inline bool preempts(const struct task *task)
{
	const struct task *current = cpu.current;

	if (LIKELY(task->priority <= current->priority))
		return false;
	return current == cpu.idle || task->policy != POLICY_BACKGROUND;
}

/* The task waits or is stopped. */
static ALWAYS_INLINE void unblock_in_line(struct task *task)
{
	trace(TRACE_WAKE, task->wait.queue ? task->wait.object : NULL, task->id,
	      task->wait.queue ? task->wait.outcome : 0);
	if (UNLIKELY((uintptr_t)only_ready | ready_bitmap | is_without_tick) ||
	    UNLIKELY(preempts(task))) {
		unblock_beside_others(task);
		return;
	}
	task->state = TASK_READY;
	only_ready = task;
}

/* To the only other one: the two change places. */
static ALWAYS_INLINE void yield_in_line(void)
{
	struct task *task = cpu.current, *next = only_ready;

	if (UNLIKELY(!next || next->priority != task->priority)) {
		yield_to_lists();
		return;
	}
	task->state = TASK_READY;
	task->slice_used = 0;
	task->switches_preempted++;
	only_ready = task;
	run_task(next);
}

#ifdef NDEBUG
#define block_now	block_in_line
#define block_now_plainly block_plainly
#define unblock_now	unblock_in_line
#define yield_now	yield_in_line
#else
#define block_now	block_task
#define block_now_plainly(task, next) ((void)(task), (void)(next), \
				       block_task(TASK_BLOCKED))
#define unblock_now	unblock_task
#define yield_now	yield_task
#endif
