/*
 * sysv_semaphore.c - sets of semaphores of System V.
 *
 * A call of semop(2) changes several semaphores of a set in one step: all
 * operations are done, or none. So a philosopher takes two forks together, and
 * the deadlock of philosophers with a fork each cannot come. An operation adds
 * units, subtracts units, or waits until a value is zero.
 *
 * An attempt does the operations in their order. At the first operation that is
 * not possible, the attempt goes back, and the call notes the level that the
 * semaphore of this operation must reach. Below the level a new attempt is in
 * vain.
 *
 * A sleeping task makes no attempt. The task that has changed a semaphore finds
 * the first sleeping call with a reached level, and makes the attempt in place
 * of the sleeping task. After a success the sleeping task gets the result, and
 * wakes. Then the search begins again, until no sleeping call has reached a
 * level. Other tasks may run after each attempt.
 *
 * SEM_UNDO. A process notes, for each semaphore, the sum of the opposite of
 * the operations. The end of the process adds the sums: a lock that the process
 * held is free again. A value stays between 0 and SYSV_UNITS_MAX. SETVAL and
 * SETALL clear the sums of all processes.
 *
 * Not promised: an order among calls for different semaphores. A call for many
 * units can starve beside calls for one unit.
 * IEEE Std 1003.1-2017, semget(), semop(), semctl(). E. W. Dijkstra,
 * "Hierarchical Ordering of Sequential Processes", 1971.
 */
#include "kernel/ipc/sysv_semaphore.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

/* [P] What the end of a process adds to the semaphores of a set. */
struct sysv_undo {
	struct list_node of_process;	/* in process->undos */
	struct list_node of_set;	/* in set->undos */
	struct sysv_set *set;
	uint32_t era;			/* of the sums: see set->era */
	int16_t sums[];
};

static struct sysv_set *set_of(const struct object *object)
{
	return CONTAINER_OF(object, struct sysv_set, keyed.object);
}

/* ---- Undo ---------------------------------------------------------------- */

static bool wants_undo(const struct sysv_operations *call)
{
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_flg & SEM_UNDO)
			return true;
	return false;
}

/* The process's undo of the set, made if missing; NULL: no memory. */
static struct sysv_undo *find_undo(struct process *process,
				   struct sysv_set *set)
{
	struct sysv_undo *undo;

	LIST_FOR_EACH(undo, &process->undos, of_process)
		if (undo->set == set)
			return undo;
	undo = heap_alloc(sizeof(*undo) + set->count * sizeof(undo->sums[0]));
	if (!undo)
		return NULL;
	undo->set = set;
	undo->era = set->era;
	list_append(&process->undos, &undo->of_process);
	list_append(&set->undos, &undo->of_set);
	return undo;
}

/* SETALL clears the sums of all processes: here, at the next use. */
static void clear_old_sums(struct sysv_undo *undo)
{
	if (undo->era == undo->set->era)
		return;
	undo->era = undo->set->era;
	memset(undo->sums, 0, undo->set->count * sizeof(undo->sums[0]));
}

static void free_undo(struct sysv_undo *undo)
{
	list_remove(&undo->of_process);
	list_remove(&undo->of_set);
	heap_free(undo);
}

/* ---- Attempts ------------------------------------------------------------ */

/* Note units for the end of the process. False: the sum is too large. */
static bool note_undo(const struct sysv_operations *call,
		      const struct sembuf *operation, int units)
{
	int16_t *sum;

	if (!(operation->sem_flg & SEM_UNDO))
		return true;
	clear_old_sums(call->undo);
	sum = &call->undo->sums[operation->sem_num];
	if (*sum + units > SYSV_UNITS_MAX || *sum + units < -SYSV_UNITS_MAX)
		return false;
	*sum += units;
	return true;
}

/* 0, -EAGAIN (too few units, or not zero), or -ERANGE. */
static int do_operation(const struct sysv_operations *call, uint32_t i)
{
	const struct sembuf *operation = &call->operations[i];
	struct sysv_semaphore *semaphore =
		&call->set->semaphores[operation->sem_num];
	int value = semaphore->value + operation->sem_op;

	if (operation->sem_op == 0)
		return value == 0 ? 0 : -EAGAIN;
	if (value < 0)
		return -EAGAIN;
	if (value > SYSV_UNITS_MAX ||
	    !note_undo(call, operation, -operation->sem_op))
		return -ERANGE;
	semaphore->value = value;
	return 0;
}

/* Go back behind operation i, which was not done. */
static void go_back(const struct sysv_operations *call, uint32_t i)
{
	const struct sembuf *operation;

	while (i-- > 0) {
		operation = &call->operations[i];
		call->set->semaphores[operation->sem_num].value -=
			operation->sem_op;
		note_undo(call, operation, operation->sem_op);
	}
}

/* Operation i was not possible. In each attempt, the earlier operations of the
 * call change the semaphore by `before`. */
static void note_level(struct sysv_operations *call, uint32_t i, int before)
{
	const struct sembuf *operation = &call->operations[i];

	call->number = operation->sem_num;
	call->is_for_zero = operation->sem_op == 0;
	call->level = -operation->sem_op - before;
}

static void note_success(const struct sysv_operations *call)
{
	struct sysv_set *set = call->set;

	for (uint32_t i = 0; i < call->count; i++)
		set->semaphores[call->operations[i].sem_num].process =
			call->process;
	set->operated = keyed_now();
}

/* Do all operations, or none. False: the call has to wait. */
static bool attempt(struct sysv_operations *call)
{
	const struct sysv_semaphore *semaphore;
	uint32_t i = 0;
	int error = 0, value;

	while (i < call->count && (error = do_operation(call, i)) == 0)
		i++;
	if (error) {
		semaphore = &call->set->semaphores[
			call->operations[i].sem_num];
		value = semaphore->value;
		go_back(call, i);
		note_level(call, i, value - semaphore->value);
	} else {
		note_success(call);
	}
	if (error == -EAGAIN && !(call->operations[i].sem_flg & IPC_NOWAIT))
		return false;
	call->is_done = true;
	call->result = error;
	return true;
}

/* ---- Waiting ------------------------------------------------------------- */

static bool has_level(const struct sysv_operations *call)
{
	int value = call->set->semaphores[call->number].value;

	return call->is_for_zero ? value == call->level : value >= call->level;
}

/* The first sleeping task with its level reached, or NULL. */
static struct task *first_with_level(const struct wait_queue *queue)
{
	struct task *task;

	LIST_FOR_EACH(task, &queue->sleepers, wait.node)
		if (has_level(task->wait.context))
			return task;
	return NULL;
}

/* A semaphore has changed: end the sleeping calls that are possible now. */
static void settle(struct sysv_set *set)
{
	struct wait_queue *queue = &set->keyed.object.queue[END_READ];
	struct task *task;

	object_get(&set->keyed.object);
	while ((task = first_with_level(queue)) != NULL) {
		if (attempt(task->wait.context))
			wait_wake_task(queue, task);
		sched_point();
	}
	object_put(&set->keyed.object);
}

/* Has a different task made the attempt of the sleeping call? */
static long is_done(void *context)
{
	const struct sysv_operations *call = context;

	return call->is_done ? 0 : -EAGAIN;
}

static long sleep_for_level(struct sysv_operations *call, uint64_t deadline_ns)
{
	struct object *object = &call->set->keyed.object;
	const struct wait_request request = {
		.queue = &object->queue[END_READ],
		.object = object,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};
	long error;

	object_get(object);
	error = wait_for(&request, is_done, call);
	object_put(object);
	return error ? error : call->result;
}

long sysv_set_operate(struct sysv_operations *call, uint64_t deadline_ns)
{
	struct process *process = process_current();

	call->process = process->id;
	if (wants_undo(call)) {
		call->undo = find_undo(process, call->set);
		if (!call->undo)
			return -ENOMEM;
	}
	if (!attempt(call))
		return sleep_for_level(call, deadline_ns);
	if (!call->result)
		settle(call->set);
	return call->result;
}

void sysv_set_store(struct sysv_set *set, uint32_t number, uint16_t value)
{
	struct sysv_undo *undo;

	set->semaphores[number].value = value;
	set->semaphores[number].process = process_current()->id;
	LIST_FOR_EACH(undo, &set->undos, of_set)
		undo->sums[number] = 0;
	set->keyed.changed = keyed_now();
	settle(set);
}

void sysv_set_store_all(struct sysv_set *set, const uint16_t *values)
{
	for (uint32_t i = 0; i < set->count; i++) {
		set->semaphores[i].value = values[i];
		set->semaphores[i].process = process_current()->id;
	}
	set->era++;
	set->keyed.changed = keyed_now();
	settle(set);
}

uint32_t sysv_set_waiting(const struct sysv_set *set, uint32_t number,
			  bool is_for_zero)
{
	const struct sysv_operations *call;
	const struct task *task;
	uint32_t count = 0;

	LIST_FOR_EACH(task, &set->keyed.object.queue[END_READ].sleepers,
		      wait.node) {
		call = task->wait.context;
		count += call->number == number &&
			 call->is_for_zero == is_for_zero;
	}
	return count;
}

/* Add the sums of a process that ends. */
static void take_back(struct sysv_undo *undo)
{
	struct sysv_set *set = undo->set;
	int value;

	clear_old_sums(undo);
	for (uint32_t i = 0; i < set->count; i++) {
		value = set->semaphores[i].value + undo->sums[i];
		set->semaphores[i].value = MIN(MAX(value, 0), SYSV_UNITS_MAX);
	}
}

void sysv_process_ends(struct process *process)
{
	struct list_node *first;
	struct sysv_undo *undo;
	struct sysv_set *set;

	while ((first = list_first(&process->undos)) != NULL) {
		undo = LIST_ENTRY(first, struct sysv_undo, of_process);
		set = undo->set;
		take_back(undo);
		free_undo(undo);
		if (!set->keyed.is_removed)
			settle(set);
		sched_point();
	}
}

/* ---- The set ------------------------------------------------------------- */

static void sysv_set_report(const struct object *object, char *to, size_t size)
{
	const struct sysv_set *set = set_of(object);
	int used = keyed_report(object, to, size);
	uint32_t i;

	used += snprintf(to + used, size - used, "values");
	for (i = 0; i < set->count && used < (int)size - 12; i++)
		used += snprintf(to + used, size - used, " %u",
				 set->semaphores[i].value);
	if (i < set->count)
		snprintf(to + used, size - used, " ...");
}

static void sysv_set_destroy(struct object *object)
{
	struct sysv_set *set = set_of(object);
	struct list_node *first = list_first(&set->undos);

	if (!first) {
		keyed_free(&set->keyed);
		return;
	}
	free_undo(LIST_ENTRY(first, struct sysv_undo, of_set));
	object_destroy_later(object);
}

const struct object_ops sysv_set_ops = {
	.kind = "sysv semaphores",
	.describe = keyed_describe,
	.report = sysv_set_report,
	.is_open = keyed_is_open,
	.destroy = sysv_set_destroy,
};

static void set_up(struct keyed *keyed, uint32_t count)
{
	struct sysv_set *set = (struct sysv_set *)keyed;

	list_init(&set->undos);
	set->count = count;
	keyed->object.queue[END_READ].is_chosen = true;
}

long sysv_set_get(key_t key, uint32_t count, int flags)
{
	const struct keyed_request request = {
		.ops = &sysv_set_ops, .key = key, .flags = flags,
		.bytes = sizeof(struct sysv_set) +
			 count * sizeof(struct sysv_semaphore),
		.size = count, .needs_size = true, .set_up = set_up,
	};

	return keyed_get(&request);
}
