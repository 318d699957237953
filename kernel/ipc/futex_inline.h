/*
 * futex_inline.h - a semaphore's unit that is waited for, and handed over.
 *
 * The usual way of sem_wait() with no unit there, and of the sem_post() that
 * follows: one sleeper, which is given the unit (see futex.c). Everything else
 * goes to the functions of futex.c, and nothing has changed by then that they
 * do not find as they would have left it.
 *
 * In a header so that the compiler makes one function of each system call.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/futex.h"
#include "kernel/ipc/futex.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/space.h"
#include "kernel/obj/object.h"
#include "kernel/task/wait_inline.h"

struct futex {
	struct object object;		/* sleepers wait for END_READ */
	struct list_node node;		/* in its bucket */
	uintptr_t place;		/* the space, or the source of pages */
	uint32_t address;		/* in that */
};

/* futex_post(), by the rules. */
long futex_post_by_rules(uaddr_t word);
/* futex_await(), by the rules, of the word that the running task has noted. */
long futex_begin_await(void);
/* Its wait in futex_await() has ended, but not just with its unit. */
long futex_end_await(void);

static inline struct space *futex_space(const struct task *task)
{
	return CONTAINER_OF(task->space, struct space, arch);
}

static inline struct futex *futex_of(struct wait_queue *queue)
{
	return CONTAINER_OF(queue, struct futex, object.queue[END_READ]);
}

/*
 * There is no unit: set the bit, so that each post comes to us, and sleep, as
 * wait_for() would. Who is owed a turn is no matter: what it waits for is not
 * there either. The sleeper's reference of the futex goes to who serves it.
 */
static ALWAYS_INLINE long futex_await_inline(uaddr_t word)
{
	struct task *task = cpu.current, *next;
	struct wait *wait = &task->wait;
	struct wait_queue *queue;
	struct space *space;

	wait->since_cycles = arch_cycles();
	wait->context = (void *)(uintptr_t)word;
	space = futex_space(task);
	if (UNLIKELY(*space_word_at(space, word) != word) ||
	    !change_user_word(word, 0, FUTEX_WAITED))
		return futex_begin_await();
	queue = *space_queue_at(space, word);
	next = next_if_plain();
	if (UNLIKELY(!next || !list_is_empty(&queue->sleepers)))
		return futex_begin_await();
	futex_of(queue)->object.refs++;
	wait_sleep_plainly(task, next, queue, &futex_of(queue)->object,
			   WAIT_UNIT);
	wait = &cpu.current->wait;
	if (UNLIKELY(wait->outcome != WAIT_SERVED))
		return futex_end_await();
	wait->queue = NULL;
	trace(TRACE_WAITED, wait->object, 0, 0);
	return 0;
}

/*
 * Does the unit belong to the first sleeper, and to nobody else? It is the only
 * one, and nobody is owed a turn. Then neither the word nor the sleeper has to
 * do with it. The note that we looked at keeps the futex while the sleeper's
 * reference goes.
 */
static ALWAYS_INLINE long futex_post_inline(uaddr_t word)
{
	struct space *space = futex_space(cpu.current);
	struct wait_queue *queue;
	struct list_node *first;

	if (UNLIKELY(*space_word_at(space, word) != word))
		return futex_post_by_rules(word);
	queue = *space_queue_at(space, word);
	first = queue->sleepers.head.next;
	if (UNLIKELY(first == &queue->sleepers.head || queue->owed > 0 ||
		     first->next != &queue->sleepers.head) ||
	    !change_user_word(word, FUTEX_WAITED, 0))
		return futex_post_by_rules(word);
	futex_of(queue)->object.refs--;
	wait_serve_last(queue, LIST_ENTRY(first, struct task, wait.node));
	return 0;
}
