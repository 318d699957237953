/*
 * tls.c - variables that each thread has of its own: __thread, _Thread_local.
 *
 * The compiler finds such a variable at a fixed distance below the address that
 * GS points to, the thread's control block. So the variables of a thread end
 * where its control block begins:
 *
 *	first thread	| stack | arguments | variables | control block |
 *	other threads	| stack | variables | control block |
 *
 * The kernel leaves the room for the first thread above the arguments of the
 * program, and lets GS point to the control block: exec.c. So the start needs
 * no system call. The last of the variables is errno: start.asm. boot/user.ld
 * collects the first values of the variables.
 */
#include <assert.h>
#include <string.h>

#include "libc/pthread/thread.h"

#define FIRST_BYTES	1024	/* from __main_thread to the end of the stack */

extern const char __tls_image[], __tls_image_bytes[];

void __tls_begin(void);

/* Called before the first constructor: start.asm. All of the stack is 0. */
void __tls_begin(void)
{
	static_assert(sizeof(struct __pthread) <= FIRST_BYTES,
		      "the first thread's control block is too large");
	__main_thread.self = &__main_thread;
	__main_thread.running = 1;
	memcpy((char *)&__main_thread - __tls_size(), __tls_image,
	       (size_t)__tls_image_bytes);
}

void __tls_fill(struct __pthread *thread)
{
	size_t bytes = (size_t)__tls_image_bytes;
	char *first = (char *)thread - __tls_size();

	memcpy(first, __tls_image, bytes);
	memset(first + bytes, 0, __tls_size() - bytes);
}
