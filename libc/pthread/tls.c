/*
 * tls.c - variables that each thread has of its own: __thread, _Thread_local.
 *
 * The compiler finds such a variable at a fixed distance below the address that
 * GS points to, the thread's control block. So the variables of a thread end
 * where its control block begins:
 *
 *	first thread	| variables | __main_thread |		in .data
 *	other threads	| stack | variables | control block |
 *
 * boot/user.ld collects the first values of the variables, and leaves the room
 * before __main_thread. A program without such variables needs no room, and no
 * system call at its start.
 */
#include <string.h>

#include "libc/pthread/thread.h"
#include "libc/syscall.h"

extern const char __tls_image[], __tls_image_bytes[];

void __tls_begin(void);

/* Called before the first constructor: start.asm. */
void __tls_begin(void)
{
	if (__tls_size() == 0)
		return;
	__tls_fill(&__main_thread);
	__sys_thread_pointer(&__main_thread);
}

void __tls_fill(struct __pthread *thread)
{
	size_t bytes = (size_t)__tls_image_bytes;
	char *first = (char *)thread - __tls_size();

	memcpy(first, __tls_image, bytes);
	memset(first + bytes, 0, __tls_size() - bytes);
}
