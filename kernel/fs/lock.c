/*
 * lock.c - record locks and flock(): advisory locks on files.
 *
 * A lock keeps no task from reading or writing: only programs that ask for
 * locks respect them. A record lock belongs to a process and covers a range of
 * bytes (lock_range.c). Its threads share the lock, a child inherits no lock,
 * and the lock ends when the process closes any descriptor of the file (POSIX).
 * The lock of flock(2) belongs to an open file, covers the file, and ends with
 * the open file. The two kinds do not see each other.
 *
 * A file with locks or waiting calls has a struct locks, which is the object
 * to wait for. After each change, the kernel looks at each waiting call, as
 * deferred work, and tasks may switch after each look. A call that no held lock
 * blocks is free: its task has only to run. A call that comes later and
 * conflicts with a free call waits for the end of the free call, so no call is
 * overtaken after its wake. A waiting call that is not free holds up no other
 * call: the owners of the locks in its way may need further locks, and POSIX
 * promises these.
 *
 * Deadlock. F_SETLKW follows the waits from owner to owner. If a way comes back
 * to the caller, sleeping would last for ever, and the call is refused. A
 * process with several threads ends a way: a different thread may unlock. No
 * way follows flock(2): a different process may close the open file.
 *
 * The search goes on in parts, so a way can end meanwhile. But no new way
 * comes: a task takes a lock while it runs, and goes to sleep only with
 * `searching`, after a search of its own. So the last task of a circle finds
 * the circle. If a way has ended, the search begins again before the call is
 * refused.
 */
#include "kernel/fs/lock.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/enders.h"
#include "kernel/task/cpu.h"
#include "kernel/task/mutex.h"

#define SLOTS		64
#define ENDS_AT_ONCE	32u		/* locks: then tasks may switch */

static struct list slots[SLOTS];	/* [P] struct locks, by file */
static struct list changed = LIST_INIT(changed); /* [P] struct locks */
static struct pool locks_pool = POOL("locks", sizeof(struct locks));
/* Held for the search. Between the search and the sleep, no other task runs. */
static struct mutex searching = {
	.queue = {
		.sleepers = LIST_INIT(searching.queue.sleepers),
		.watchers = LIST_INIT(searching.queue.watchers),
	},
	.loan = { .queue = &searching.queue },
};
static bool way_has_ended;		/* [P] during the search */

static struct locks *locks_of(const struct object *object)
{
	return CONTAINER_OF(object, struct locks, object);
}

/* The first free call in front of this call that conflicts with it, or NULL. */
static struct lock_call *call_in_front(const struct lock_call *call)
{
	struct lock_call *other;

	LIST_FOR_EACH(other, &call->want.locks->waiting, waiting) {
		if (other == call)
			break;
		if (other->is_free && call->want.type != F_UNLCK &&
		    lock_conflicts(&other->want, &call->want))
			return other;
	}
	return NULL;
}

/* ---- The object --------------------------------------------------------- */

static bool locks_describe(const struct object *object, char *to, size_t size)
{
	return node_describe_as("lock", node_of(locks_of(object)->file), to,
				size);
}

static struct lock_call *call_of(const struct task *task)
{
	return task->wait.context;
}

static void locks_enders(const struct object *object,
			 const struct task *waiter, struct enders *set)
{
	const struct lock_call *call = call_of(waiter);
	const struct lock_call *front = call_in_front(call);
	struct lock *held = NULL;

	(void)object;
	if (front)
		enders_add_task(set, front->task->id);
	while ((held = lock_blocker(&call->want, held)) != NULL)
		if (lock_is_record(held))
			enders_add_process(set, held->process);
		else
			enders_add_openers(set, held->owner);
}

static void locks_destroy(struct object *object)
{
	struct locks *locks = locks_of(object);

	list_remove(&locks->hash_next);
	if (list_is_linked(&locks->changed))
		list_remove(&locks->changed);
	pool_free(&locks_pool, locks);
}

static const struct object_ops locks_ops = {
	.kind = "lock",
	.describe = locks_describe,
	.enders = locks_enders,
	.destroy = locks_destroy,
};

static struct locks *find_locks(const struct object *file)
{
	struct list *slot = HASH_SLOT(slots, hash_mix((uintptr_t)file, 0));
	struct locks *locks;

	LIST_FOR_EACH(locks, slot, hash_next)
		if (locks->file == file)
			return locks;
	return NULL;
}

/* The locks of the file, with a reference for the caller; NULL: no memory. */
static struct locks *get_locks(struct object *file)
{
	struct locks *locks = find_locks(file);

	if (locks) {
		object_get(&locks->object);
		return locks;
	}
	locks = pool_alloc(&locks_pool);
	if (!locks)
		return NULL;
	object_init(&locks->object, &locks_ops);
	locks->object.queue[END_READ].is_chosen = true;
	locks->file = file;
	list_init(&locks->held);
	list_init(&locks->waiting);
	list_node_init(&locks->changed);
	list_append(HASH_SLOT(slots, hash_mix((uintptr_t)file, 0)),
		    &locks->hash_next);
	return locks;
}

/* ---- Changes ------------------------------------------------------------ */

/* The locks have changed: all waiting calls need a look. */
static void note_change(struct locks *locks)
{
	locks->changes++;
	if (!list_is_linked(&locks->changed))
		list_append(&changed, &locks->changed);
	cpu_pend(PENDING_LOCKS);
}

/* The first waiting call that was not looked at since the last change. */
static struct lock_call *next_to_look_at(const struct locks *locks)
{
	struct lock_call *call;

	LIST_FOR_EACH(call, &locks->waiting, waiting)
		if (call->seen != locks->changes)
			return call;
	return NULL;
}

/* Wake the call if it can have its lock now. */
static void look_at(struct lock_call *call)
{
	struct locks *locks = call->want.locks;

	call->seen = locks->changes;
	call->is_free = !lock_blocker(&call->want, NULL);
	if (call->is_free && !call_in_front(call) &&
	    list_is_linked(&call->task->wait.node))
		wait_wake_task(&locks->object.queue[END_READ], call->task);
}

void locks_look(void)
{
	struct list_node *first;
	struct lock_call *call;

	while ((first = list_first(&changed)) != NULL) {
		call = next_to_look_at(LIST_ENTRY(first, struct locks,
						  changed));
		if (call)
			look_at(call);
		else
			list_remove(first);
		/* This loop goes on: no other task needs to begin it. */
		cpu_unpend(PENDING_LOCKS);
		sched_point();
	}
}

/* An attempt. The fd may have been closed meanwhile: then no close would end
 * the lock. */
static long attempt_lock(void *context)
{
	struct lock_call *call = context;
	long result;

	if (descriptor_file(call->fd) != call->file)
		return -EBADF;
	if (lock_blocker(&call->want, NULL) || call_in_front(call))
		return -EAGAIN;
	result = lock_put(&call->want);
	if (!result)
		note_change(call->want.locks);
	return result;
}

/* ---- Deadlock ----------------------------------------------------------- */

/* The call in which a process waits for a record lock; NULL: a thread of the
 * process can go on, or waits for something different. */
static struct lock_call *call_of_process(const struct process *process)
{
	const struct task *task;

	if (!process || process->task_count != 1)
		return NULL;
	task = process_task(process);
	return task->wait.queue && task->wait.request->object &&
	       task->wait.request->object->ops == &locks_ops &&
	       lock_is_record(&call_of(task)->want) ? call_of(task) : NULL;
}

/* Add the calls of the owners in the way of `want` to the ways. True: the
 * running process is an owner. */
static bool follow(const struct lock *want, struct list *ways)
{
	struct lock_call *next;
	const struct lock *held;

	LIST_FOR_EACH(held, &want->locks->held, node) {
		if (held->start > want->end)
			break;
		if (!lock_conflicts(held, want))
			continue;
		if (held->process == process_current())
			return true;
		next = call_of_process(held->process);
		if (next && !list_is_linked(&next->reached))
			list_append(ways, &next->reached);
	}
	return false;
}

/* Does a way of waits lead from this call back to its process? */
static bool would_deadlock(struct lock_call *call)
{
	struct list ways = LIST_INIT(ways), done = LIST_INIT(done);
	struct list_node *node;
	bool found = false;

	if (process_current()->task_count != 1 || !lock_is_record(&call->want))
		return false;
	list_append(&ways, &call->reached);
	while (!found && (node = list_take_first(&ways)) != NULL) {
		list_append(&done, node);
		found = follow(&LIST_ENTRY(node, struct lock_call,
					   reached)->want, &ways);
		sched_point();
	}
	while (list_take_first(&ways) || list_take_first(&done))
		continue;
	return found;
}

/* Search, with the mutex. A way that has ended was perhaps a part of the circle
 * found: then search again, but for a task that a signal wakes. */
static bool search_deadlock(struct lock_call *call)
{
	bool found;

	do {
		way_has_ended = false;
		found = would_deadlock(call);
	} while (found && way_has_ended && !signal_is_pending(task_current()));
	return found && !way_has_ended;
}

/* ---- Taking ------------------------------------------------------------- */

bool lock_find_blocker(struct lock_call *call, struct lock *blocker)
{
	const struct lock *held = NULL;

	call->want.locks = find_locks(call->file->object);
	if (call->want.locks)
		held = lock_blocker(&call->want, NULL);
	if (held)
		*blocker = *held;
	return held;
}

/* Sleep until the lock is free. The calls stand by priority, then by arrival,
 * as their tasks do. */
static long wait_for_lock(struct lock_call *call)
{
	struct locks *locks = call->want.locks;
	const struct wait_request request = {
		.queue = &locks->object.queue[END_READ],
		.object = &locks->object,
		.event = WAIT_UNIT,
		.deadline_ns = FOREVER,
	};
	struct list_node *at = &locks->waiting.head;
	long result;

	call->seen = locks->changes;	/* by the attempt in vain */
	call->task = task_current();
	call->priority = call->task->priority;
	while (at->prev != &locks->waiting.head &&
	       LIST_ENTRY(at->prev, struct lock_call, waiting)->priority <
	       call->priority)
		at = at->prev;
	list_insert_before(at, &call->waiting);
	result = wait_for(&request, attempt_lock, call);
	list_remove(&call->waiting);
	if (list_is_linked(&call->reached)) {
		list_remove(&call->reached);
		way_has_ended = true;
	}
	note_change(locks);		/* the call was in front of others */
	return result;
}

/* An attempt was in vain. Search for a deadlock, and make a second attempt: the
 * lock may have become free during the search. -EAGAIN: the call may sleep.
 * -EDEADLK; -EINTR: the process was killed; or the result of the attempt. */
static long search_and_attempt(struct lock_call *call)
{
	long result = acquire_mutex(&searching, FOREVER);

	if (result)
		return result;
	result = search_deadlock(call) ? -EDEADLK : attempt_lock(call);
	release_mutex(&searching);
	return result;
}

long lock_take(struct lock_call *call, bool may_wait)
{
	struct locks *locks = get_locks(call->file->object);
	long result;

	if (!locks)
		return -ENOLCK;
	call->want.locks = locks;
	file_get(call->file);
	result = attempt_lock(call);
	if (result == -EAGAIN && may_wait && lock_is_record(&call->want))
		result = search_and_attempt(call);
	if (result == -EAGAIN && may_wait) {
		if (!lock_is_record(&call->want))
			lock_close(call->file);	/* else two would wait */
		result = wait_for_lock(call);
	}
	if (result == 0 && !lock_is_record(&call->want))
		call->file->is_locked = call->want.type != F_UNLCK;
	object_put(&locks->object);
	file_put(call->file);
	return result;
}

/* ---- Ends --------------------------------------------------------------- */

/* End the first locks of the owner; how many? */
static unsigned end_some(struct locks *locks, const void *owner)
{
	struct lock *lock, *after;
	unsigned count = 0;

	LIST_FOR_EACH_SAFE(lock, after, &locks->held, node) {
		if (lock->owner != owner)
			continue;
		lock_free(lock);
		if (++count == ENDS_AT_ONCE)
			break;
	}
	return count;
}

/* End all locks of the owner. The waiting calls are looked at in the end. */
static void end_locks(struct locks *locks, const void *owner)
{
	unsigned count, all = 0;

	object_get(&locks->object);
	while ((count = end_some(locks, owner)) > 0) {
		all += count;
		if (count < ENDS_AT_ONCE)
			break;
		sched_point();
	}
	if (all)
		note_change(locks);
	object_put(&locks->object);
}

void lock_leave(struct open_file *file)
{
	struct process *process = process_current();
	struct locks *locks = list_is_empty(&process->locks)
		? NULL : find_locks(file->object);

	if (locks)
		end_locks(locks, process);
}

void lock_close(struct open_file *file)
{
	if (!file->is_locked)
		return;
	file->is_locked = false;
	end_locks(find_locks(file->object), file);
}

void lock_process_ends(struct process *process)
{
	struct list_node *node;

	while ((node = list_first(&process->locks)) != NULL) {
		end_locks(LIST_ENTRY(node, struct lock, of_process)->locks,
			  process);
		sched_point();
	}
}
