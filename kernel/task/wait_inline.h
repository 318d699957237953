/*
 * wait_inline.h - the path of a wait, step by step: the body of wait_for().
 *
 * In a header so that the compiler can make one function of a wait and a
 * constant attempt; read(2) goes a way like that (obj/file_inline.h). All
 * others call wait_for(). The theory stands in wait.c; what happens seldom is
 * there too, so that the usual way through here is short: stand in the queue,
 * sleep, be woken with a turn, use it.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/task/sched_inline.h"
#include "kernel/task/task.h"

/* Stand in the queue behind all who go before. */
void wait_queue_up_behind(struct wait_queue *queue, struct task *task);
/* Why the wait of the running task must end now, although there was nothing;
 * 0: sleep. */
int wait_reason_to_end(void);
/* Woken with a turn; may it be used? 0; -EAGAIN: it is another's, sleep on;
 * -EINTR: killed meanwhile. */
int wait_may_use_turn(struct wait_queue *queue);
/* A turn was not enough: wait_sleep() once more, or why the wait must end. */
int wait_sleep_again(const struct wait_request *request);

static inline void wait_begin(struct wait *wait,
			      const struct wait_request *request)
{
	ASSERT(!wait->queue);
	wait->queue = request->queue;
	wait->object = request->object;
	wait->event = request->event;
	if (request->is_deaf)
		wait->is_deaf = true;
	if (request->deadline_ns != FOREVER)
		wait->deadline_ns = request->deadline_ns;
}

/* What most waits find as they need it must be so again. */
static inline void wait_settle(struct wait *wait,
			       const struct wait_request *request)
{
	if (request->is_deaf)
		wait->is_deaf = false;
	if (request->deadline_ns == FOREVER)
		return;
	wait->last_deadline_ns = request->deadline_ns;
	wait->deadline_ns = FOREVER;
}

/* Sleep once. Returns 0 when woken with a turn, more when served, or why the
 * wait must end. */
static inline int wait_sleep(struct task *task,
			     const struct wait_request *request)
{
	struct wait *wait = &task->wait;
	bool has_deadline = request->deadline_ns != FOREVER;

	if (has_deadline)
		timer_start(&wait->timer, request->deadline_ns);
	if (LIKELY(list_is_empty(&request->queue->sleepers)))
		list_append(&request->queue->sleepers, &wait->node);
	else
		wait_queue_up_behind(request->queue, task);
	trace(TRACE_BLOCK, request->object, request->event,
	      has_deadline ? request->deadline_ns / 1000000 : UINT32_MAX);
	block_now(TASK_BLOCKED);
	if (has_deadline)
		timer_stop(&wait->timer);
	return wait->outcome;
}

/* The turn that was owed has been used, or could not be. */
static inline void wait_end_turn(struct wait_queue *queue, long result)
{
	queue->owed--;
	if (UNLIKELY(result < 0 && result != -EAGAIN))
		wait_wake(queue);
}

static inline int wait_reason(const struct wait_request *request)
{
	if (request->deadline_ns == FOREVER &&
	    LIKELY(!cpu.current->signal_pending))
		return 0;
	return wait_reason_to_end();
}

/*
 * What follows on the first sleep, which ended with `result`: the turn is used,
 * or the wait ends. Sleep on if it was not enough.
 */
static ALWAYS_INLINE
long wait_use_turns(const struct wait_request *request, wait_attempt *attempt,
		    void *context, long result)
{
	struct task *task = cpu.current;
	struct wait_queue *queue = request->queue;
	struct wait_request again;

	for (;;) {
		if (UNLIKELY(result != 0)) {
			if (result > 0)
				result = 0;	/* served */
			break;
		}
		if (UNLIKELY(task->signal_pending ||
			     !list_is_empty(&queue->sleepers))) {
			result = wait_may_use_turn(queue);
			if (result == 0)
				result = attempt(context);
		} else {
			result = attempt(context);
		}
		if (LIKELY(result != -EAGAIN)) {
			wait_end_turn(queue, result);
			break;
		}
		wait_end_turn(queue, wait_reason(request));
		again = *request;	/* so it can be constants till here */
		result = wait_sleep_again(&again);
	}
	task->wait.queue = NULL;
	wait_settle(&task->wait, request);
	trace(TRACE_WAITED, request->object, result, 0);
	return result;
}

/* Stand in the queue and sleep; how that ended. */
static ALWAYS_INLINE int wait_first_sleep(const struct wait_request *request)
{
	struct task *task = cpu.current;
	int result;

	task->wait.since_cycles = arch_cycles();
	wait_begin(&task->wait, request);
	result = wait_reason(request);
	return LIKELY(result == 0) ? wait_sleep(task, request) : result;
}

/* wait_for() when the attempt has just been in vain. */
static ALWAYS_INLINE
long wait_in_turn(const struct wait_request *request, wait_attempt *attempt,
		  void *context)
{
	return wait_use_turns(request, attempt, context,
			      wait_first_sleep(request));
}

/* ---- The same where nobody else waits ------------------------------------ */

/*
 * The plain case of a wait without a deadline, for who wants it in line: nobody
 * waits in the queue, no signal is pending, and the caller has noted the time
 * in wait.since_cycles. wait_has_sole_turn() says whether the turn that came is
 * ours beyond doubt. If so, and the attempt does not answer -EAGAIN, wait_end()
 * ends the wait. Otherwise wait_use_turns() knows what to do, from
 * wait.outcome on; it makes the attempt again.
 */
static ALWAYS_INLINE void wait_sleep_alone(const struct wait_request *request)
{
	struct task *task = cpu.current;

	wait_begin(&task->wait, request);
	list_append_first(&request->queue->sleepers, &task->wait.node);
	trace(TRACE_BLOCK, request->object, request->event, UINT32_MAX);
	block_now(TASK_BLOCKED);
}

static inline bool wait_has_sole_turn(const struct wait_queue *queue)
{
	const struct task *task = cpu.current;

	return !(task->wait.outcome | task->signal_pending) &&
	       list_is_empty(&queue->sleepers);
}

static inline void wait_end(struct wait_queue *queue,
			    const struct object *object, long result)
{
	wait_end_turn(queue, result);
	cpu.current->wait.queue = NULL;
	trace(TRACE_WAITED, object, result, 0);
}

/*
 * As short as a wait without a deadline can be: for who has found nothing, and
 * nobody in the queue, and next_if_plain(). The caller has noted the time, as
 * above, and looks at task->wait.outcome: WAIT_SERVED, and only wait.queue is
 * to be cleared; or wait_use_turns() goes on from there.
 */
static ALWAYS_INLINE void wait_sleep_plainly(struct task *task,
					     struct task *next,
					     struct wait_queue *queue,
					     const struct object *object,
					     enum wait_event event)
{
	struct wait *wait = &task->wait;

	IN_FIRST_REGISTER(next);
	ASSERT(!wait->queue && !wait->is_deaf && wait->deadline_ns == FOREVER);
	wait->queue = queue;
	wait->object = object;
	wait->event = event;
	list_append_first(&queue->sleepers, &wait->node);
	trace(TRACE_BLOCK, object, event, UINT32_MAX);
	block_now_plainly(task, next);
}

/*
 * Give a sleeper what it waits for: no turn, no attempt, its wait ends with 0.
 * The caller sees to it that this one is the one to get it. That it may have
 * been killed meanwhile is what a served one looks for in its outcome.
 */
static inline void wait_serve(struct task *task)
{
	list_remove(&task->wait.node);
	task->wait.outcome = WAIT_SERVED;
	unblock_now(task);
}

/* The same for the only one in the queue. */
static inline void wait_serve_last(struct wait_queue *queue, struct task *task)
{
	IN_REGISTER(task);		/* not only the address of its node */
	list_init(&queue->sleepers);
	task->wait.node.next = NULL;
	task->wait.outcome = WAIT_SERVED;
	unblock_now(task);
}

/* wait_wake(). Nearly always nobody watches, and at most one sleeps. */
static ALWAYS_INLINE void wait_wake_now(struct wait_queue *queue)
{
	struct list_node *first = queue->sleepers.head.next;
	struct task *task = CONTAINER_OF(first, struct task, wait.node);

	if (UNLIKELY(queue->is_chosen || !list_is_empty(&queue->watchers))) {
		wait_wake(queue);
		return;
	}
	if (LIKELY(first != &queue->sleepers.head)) {
		queue->owed++;
		list_remove(first);
		task->wait.outcome = 0;
		unblock_now(task);
	}
}
