/* abort.c - the end of a program that cannot go on, and assert()'s part. */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/abi/crashes.h"
#include "libc/internal.h"
#include "libc/syscall.h"
#include "libc/text.h"

void __abort_because(unsigned crash, uint32_t place)
{
	sigset_t abort_only;

	sigemptyset(&abort_only);
	sigaddset(&abort_only, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &abort_only, NULL);
	__sys_thread_kill(gettid(), SIGABRT, crash, place);

	/* A handler returned. It was asked; now the default action. */
	signal(SIGABRT, SIG_DFL);
	__sys_thread_kill(gettid(), SIGABRT, crash, place);
	_exit(128 + SIGABRT);
}

void abort(void)
{
	__abort_because(CRASH_ABORT, 0);
}

void __assert_fail(const char *condition, const char *file, int line,
	const char *function)
{
	char number[TEXT_INT];

	text_int(number, line);
	__text_error(__program_name(), ": ", file, ":", number, ": ", function,
		": assertion `", condition, "' failed\n", NULL);
	abort();
}
