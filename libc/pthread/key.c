/* key.c - values that each thread has for itself, and pthread_once(). */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include "kernel/abi/futex.h"
#include "libc/pthread/thread.h"

static struct key {
	bool is_used;
	void (*destructor)(void *);
} keys[PTHREAD_KEYS_MAX];
static unsigned keys_end;		/* above all numbers ever used */
static unsigned keys_lock;

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	int error = EAGAIN;

	__lock_take(&keys_lock);
	for (unsigned n = 0; n < PTHREAD_KEYS_MAX && error; n++) {
		if (keys[n].is_used)
			continue;
		keys[n] = (struct key){ true, destructor };
		if (n == keys_end)
			keys_end = n + 1;
		*key = n;
		error = 0;
	}
	__lock_give(&keys_lock);
	return error;
}

/* A new key of this number shall find NULL in all threads. */
int pthread_key_delete(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used)
		return EINVAL;
	keys[key].is_used = false;
	__threads_forget(key);
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	return key < PTHREAD_KEYS_MAX ? (void *)__self()->specific[key] : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used)
		return EINVAL;
	__self()->specific[key] = value;
	return 0;
}

/* A destructor may set values again, so there are several rounds. */
void __keys_destroy(struct __pthread *self)
{
	bool again = true;

	for (int i = 0; again && i < PTHREAD_DESTRUCTOR_ITERATIONS; i++) {
		again = false;
		for (unsigned n = 0; n < keys_end; n++) {
			void *value = (void *)self->specific[n];

			self->specific[n] = NULL;
			if (!value || !keys[n].is_used || !keys[n].destructor)
				continue;
			keys[n].destructor(value);
			again = true;
		}
	}
}

enum { NOT_YET, RUNNING, DONE };

/* The thread in the function is cancelled: the next call begins anew. */
static void undo_once(void *once)
{
	__atomic_store_n((pthread_once_t *)once, NOT_YET, __ATOMIC_SEQ_CST);
	__futex_wake(once, INT_MAX);
}

int pthread_once(pthread_once_t *once, void (*function)(void))
{
	while (__atomic_load_n(once, __ATOMIC_ACQUIRE) != DONE) {
		if (!__sync_bool_compare_and_swap(once, NOT_YET, RUNNING)) {
			__futex_wait(once, RUNNING, FUTEX_ONCE, NULL);
			continue;
		}
		pthread_cleanup_push(undo_once, once);
		function();
		pthread_cleanup_pop(0);
		__atomic_store_n(once, DONE, __ATOMIC_SEQ_CST);
		__futex_wake(once, INT_MAX);
	}
	return 0;
}
