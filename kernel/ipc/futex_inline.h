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
/* The running task's wait in futex_await() has ended with `result`, and it may
 * not just go on with its unit. */
long futex_end_await(long result);

/* Where the running task's space would have a note of this word. It has one if
 * note->word is the word: then the word is a user's and on a multiple of four,
 * and there is a futex. */
static inline const struct known_word *futex_note(uaddr_t word)
{
	return space_note_of(CONTAINER_OF(cpu.current->space, struct space,
					  arch), word);
}

/* The sleeper's reference of the futex goes to who serves it. */
static ALWAYS_INLINE long futex_sleep(struct futex *futex, uaddr_t word)
{
	const struct wait_request request = {
		.queue = &futex->object.queue[END_READ],
		.object = &futex->object,
		.event = WAIT_UNIT,
		.deadline_ns = FOREVER,
	};
	struct task *task = cpu.current;
	long result;

	object_get(&futex->object);
	task->wait.context = (void *)(uintptr_t)word;
	result = wait_first_sleep(&request);
	task = cpu.current;
	if (UNLIKELY((result ^ WAIT_SERVED) | task->signal_pending))
		return futex_end_await(result);
	task->wait.queue = NULL;
	trace(TRACE_WAITED, task->wait.object, 0, 0);
	return 0;
}

/*
 * There is no unit: set the bit, so that each post comes to us, and sleep. Who
 * is owed a turn, or sleeps already, is no matter: what they wait for is not
 * there either.
 */
static ALWAYS_INLINE long futex_await_inline(uaddr_t word)
{
	const struct known_word *note = futex_note(word);

	if (UNLIKELY(note->word != word) ||
	    !change_user_word(word, 0, FUTEX_WAITED))
		return futex_take(word, FOREVER);
	return futex_sleep(note->futex, word);
}

/* Does the unit belong to the first sleeper, and to nobody else? It is the only
 * one, and nobody is owed a turn. */
static inline struct task *futex_only_sleeper(const struct wait_queue *queue)
{
	struct list_node *first = queue->sleepers.head.next;

	if (UNLIKELY(first == &queue->sleepers.head || queue->owed > 0 ||
		     first->next != &queue->sleepers.head))
		return NULL;
	return LIST_ENTRY(first, struct task, wait.node);
}

/* Then neither the word nor the sleeper has to do with it. The note that we
 * looked at keeps the futex while the sleeper's reference goes. */
static ALWAYS_INLINE long futex_post_inline(uaddr_t word)
{
	const struct known_word *note = futex_note(word);
	struct futex *futex;
	struct task *task;

	if (UNLIKELY(note->word != word))
		return futex_post_by_rules(word);
	futex = note->futex;
	task = futex_only_sleeper(&futex->object.queue[END_READ]);
	if (UNLIKELY(!task) || !change_user_word(word, FUTEX_WAITED, 0))
		return futex_post_by_rules(word);
	futex->object.refs--;
	wait_serve(task);
	return 0;
}
