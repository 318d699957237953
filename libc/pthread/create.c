/*
 * create.c - the life of a thread.
 *
 * A thread is one mapping and one task:
 *
 *	| guard page, no access | stack, grows down | own variables (tls.c) |
 *	control block |
 *
 * The kernel writes the id of the task into `running` before the thread runs.
 * When the task no longer uses its stack, the kernel sets `running` to 0, and
 * wakes the joining thread. This thread removes the mapping, unless the program
 * brought the stack, or keeps one mapping for the next thread. A detached
 * thread has no joiner: at its end the thread enters the list `ended`, and the
 * next pthread_create() or pthread_join() removes the mappings of this list. No
 * call looks at the living threads. The first thread that joins or detaches
 * wins; a second one gets EINVAL.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/cancel.h"
#include "libc/pthread/thread.h"
#include "libc/syscall.h"

#define STACK_USUAL	(64u << 10)
#define SPARE_BYTES	mapping_bytes(STACK_USUAL)
#define UNNAMED		1u	/* `running` before the task's id is known */

/* What stands above a stack, with room to align the control block. */
static size_t block_bytes(void)
{
	return sizeof(struct __pthread) + __tls_size() + (size_t)__tls_align;
}

/* The mapping of a thread: the guard page, the stack, the control block. */
static size_t mapping_bytes(size_t stack_bytes)
{
	return (stack_bytes + block_bytes() + 2 * PAGE_SIZE - 1) &
	       ~(size_t)(PAGE_SIZE - 1);
}

static struct __pthread *threads;	/* all but the first */
static struct __pthread *ended;		/* detached threads on their way out */
static char *spare;			/* an unused stack of usual size */
static unsigned threads_lock;
static unsigned alive = 1;		/* have not called pthread_exit() */

static void enter_list(struct __pthread *thread)
{
	thread->next = threads;
	thread->link = &threads;
	if (threads)
		threads->link = &thread->next;
	threads = thread;
}

/* Out of the list and out of memory. The lock is held. */
static void bury(struct __pthread *thread)
{
	if (!thread->link)
		return;			/* the first thread */
	*thread->link = thread->next;
	if (thread->next)
		thread->next->link = thread->link;
	if (!thread->owns_stack)
		return;
	if (thread->stack_bytes == SPARE_BYTES && !spare)
		spare = thread->stack;
	else
		munmap(thread->stack, thread->stack_bytes);
}

/* Needs no lock: a thread enters the list in the middle of its end. */
static void enter_ended(struct __pthread *thread)
{
	do
		thread->next_ended = ended;
	while (!__sync_bool_compare_and_swap(&ended, thread->next_ended,
					     thread));
}

/* A thread that still runs on its stack waits for the next time. */
static void bury_ended(void)
{
	struct __pthread *thread, *next;

	thread = __atomic_exchange_n(&ended, NULL, __ATOMIC_SEQ_CST);
	for (; thread; thread = next) {
		next = thread->next_ended;
		if (__atomic_load_n(&thread->running, __ATOMIC_SEQ_CST))
			enter_ended(thread);
		else
			bury(thread);
	}
}

/* The control block at the end of a stack, behind the thread's variables. The
 * linker aligns to 16 at least. */
static struct __pthread *prepare(char *stack, size_t bytes)
{
	struct __pthread *thread = (void *)(((uintptr_t)stack + bytes -
		sizeof(*thread)) & -(uintptr_t)__tls_align);

	__tls_fill(thread);
	memset(thread, 0, sizeof(*thread));
	thread->self = thread;
	thread->running = UNNAMED;
	thread->stack = stack;
	thread->stack_bytes = bytes;
	return thread;
}

static char *map_stack(size_t bytes)
{
	char *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stack == MAP_FAILED)
		return NULL;
	if (mprotect(stack, PAGE_SIZE, PROT_NONE) == 0)
		return stack;
	munmap(stack, bytes);
	return NULL;
}

static struct __pthread *allocate(size_t stack_bytes)
{
	size_t bytes = mapping_bytes(stack_bytes);
	struct __pthread *thread;
	char *stack = NULL;

	if (bytes == SPARE_BYTES) {
		stack = spare;
		spare = NULL;
	}
	if (!stack)
		stack = map_stack(bytes);
	if (!stack)
		return NULL;
	thread = prepare(stack, bytes);
	thread->owns_stack = true;
	return thread;
}

/* A stack of the program's own stays the program's. */
static struct __pthread *make(const pthread_attr_t *attr)
{
	if (attr && attr->stack && attr->stack_bytes / 2 < block_bytes())
		return NULL;
	if (attr && attr->stack)
		return prepare(attr->stack, attr->stack_bytes);
	return allocate(attr ? attr->stack_bytes : STACK_USUAL);
}

static _Noreturn void run(struct __pthread *self)
{
	self->tid = self->running;
	sigprocmask(SIG_SETMASK, &self->mask, NULL);
	pthread_exit(self->start(self->argument));
}

void __become_threaded(void)
{
	if (__threaded)
		return;
	__main_thread.running = __self_tid();
	__threaded = 1;
}

/* The new task starts in run(), with a stack as after a call. */
static int start_task(struct __pthread *thread, const pthread_attr_t *attr)
{
	uintptr_t *stack = (uintptr_t *)((char *)thread - __tls_size()) - 4;
	bool is_explicit = attr && attr->inherits == PTHREAD_EXPLICIT_SCHED;
	struct sched_state scheduling;

	if (is_explicit) {
		scheduling.policy = attr->policy;
		scheduling.priority = attr->priority;
	}
	stack[0] = (uintptr_t)thread;
	*--stack = 0;			/* the return address: none */
	return __sys_thread_create((void *)run, stack, thread,
		(int *)&thread->running, is_explicit ? &scheduling : NULL);
}

int pthread_create(pthread_t *restrict thread,
	const pthread_attr_t *restrict attr, void *(*start)(void *),
	void *restrict argument)
{
	const sigset_t all = ~(sigset_t)0;
	int saved = errno, tid, error = EAGAIN;
	struct __pthread *created;
	sigset_t mask;

	__become_threaded();
	/* No handler of ours may run while the list is locked. */
	sigprocmask(SIG_SETMASK, &all, &mask);
	__lock_take(&threads_lock);
	bury_ended();
	created = make(attr);
	if (created) {
		created->start = start;
		created->argument = argument;
		created->fate = attr && attr->detached ? DETACHED : 0;
		created->mask = mask & ~CANCEL_SET;
		enter_list(created);
		*thread = created;
		__sync_fetch_and_add(&alive, 1);
		tid = start_task(created, attr);
		error = tid < 0 ? errno : 0;
		if (error) {
			__sync_fetch_and_sub(&alive, 1);
			bury(created);
		} else {
			created->tid = tid;
		}
	}
	__lock_give(&threads_lock);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = saved;
	return error;
}

/* Change the fate, if no second thread has decided otherwise meanwhile. */
static bool decide(struct __pthread *thread, unsigned char from,
	unsigned char to)
{
	return __sync_bool_compare_and_swap(&thread->fate, from, to);
}

void pthread_exit(void *result)
{
	struct __pthread *self = __self();

	__sync_fetch_and_or(&self->cancel, CANCEL_OFF);
	self->result = result;
	__cleanup_all();
	__keys_destroy(self);
	if (__sync_sub_and_fetch(&alive, 1) == 0)
		exit(0);	/* the last thread ends the process */
	self->has_left = 1;
	if (!decide(self, 0, ENDED) && self->fate == DETACHED)
		enter_ended(self);
	if (self == &__main_thread) {	/* its stack is not freed */
		__atomic_store_n(&self->running, 0, __ATOMIC_SEQ_CST);
		__futex_wake(&self->running, INT_MAX);
	}
	__sys_thread_exit();
	__builtin_unreachable();
}

/* 0, or ETIMEDOUT: the thread runs at the deadline. */
static int wait_for_end(struct __pthread *thread,
	const struct timespec *monotonic)
{
	unsigned running;
	int error = 0;

	while (error != ETIMEDOUT &&
	       (running = __atomic_load_n(&thread->running, __ATOMIC_SEQ_CST)))
		error = __futex_wait_point(&thread->running, running,
				running == UNNAMED
				? FUTEX_WORD : FUTEX_THREAD | FUTEX_OWNER,
				monotonic);
	return error == ETIMEDOUT ? error : 0;
}

static bool decide_to_join(struct __pthread *thread)
{
	return decide(thread, 0, JOINED) || decide(thread, ENDED, JOINED);
}

/* The thread has ended, and no other thread joins it. */
static int take_result(struct __pthread *thread, void **result)
{
	if (result)
		*result = thread->result;
	__lock_take(&threads_lock);
	bury(thread);
	bury_ended();
	__lock_give(&threads_lock);
	return 0;
}

/* The joining thread is cancelled: a different thread may join this one. */
static void leave_unjoined(void *thread)
{
	decide(thread, JOINED, 0);
	if (((struct __pthread *)thread)->has_left)
		decide(thread, 0, ENDED);
}

int pthread_join(pthread_t thread, void **result)
{
	struct __cleanup cleanup = { leave_unjoined, thread, NULL };

	if (thread == __self())
		return EDEADLK;
	__point();
	if (!decide_to_join(thread))
		return EINVAL;
	__cleanup_enter(__self(), &cleanup);
	wait_for_end(thread, NULL);
	__self()->cleanups = cleanup.next;
	return take_result(thread, result);
}

/* Wait first: a thread that is not joined in time can still be detached. */
int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
	const struct timespec *deadline)
{
	struct timespec monotonic;
	int error;

	if (thread == __self())
		return EDEADLK;
	error = __deadline_convert(clock, deadline, &monotonic);
	if (!error)
		error = wait_for_end(thread, &monotonic);
	if (!error && !decide_to_join(thread))
		error = EINVAL;
	return error ? error : take_result(thread, result);
}

int pthread_timedjoin_np(pthread_t thread, void **result,
	const struct timespec *deadline)
{
	return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, deadline);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
	if (thread == __self())
		return EDEADLK;
	if (__atomic_load_n(&thread->running, __ATOMIC_SEQ_CST))
		return EBUSY;
	return decide_to_join(thread) ? take_result(thread, result) : EINVAL;
}

int pthread_detach(pthread_t thread)
{
	if (decide(thread, 0, DETACHED))
		return 0;
	if (!decide(thread, ENDED, DETACHED))
		return EINVAL;
	enter_ended(thread);
	return 0;
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

/* A thread that has ended, and was not joined yet, loses the signal; POSIX
 * calls this no error. */
int pthread_kill(pthread_t thread, int signal)
{
	int saved = errno, error = 0;

	if (signal < 0 || signal >= NSIG)
		return EINVAL;
	if (!thread->running)
		return 0;
	if (__sys_thread_kill(__tid_of(thread), signal, 0, 0) < 0 &&
	    thread->running)
		error = errno;
	errno = saved;
	return error;
}

/* What is left of the process in the child of fork(): this thread alone. */
void __threads_after_fork(void)
{
	struct __pthread *self = __self();
	struct __pthread *thread, *next;

	alive = 1;
	threads_lock = 0;
	ended = NULL;
	self->running = UNNAMED;
	for (thread = threads; thread; thread = next) {
		next = thread->next;
		if (thread != self)
			bury(thread);
	}
}

/* The key is deleted: its values in all threads. */
void __threads_forget(pthread_key_t key)
{
	struct __pthread *thread;

	__lock_take(&threads_lock);
	__main_thread.specific[key] = NULL;
	for (thread = threads; thread; thread = thread->next)
		thread->specific[key] = NULL;
	__lock_give(&threads_lock);
}
