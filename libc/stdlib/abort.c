/* abort.c - the end of a program that cannot go on, and assert()'s part. */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc/text.h"

void abort(void)
{
	sigset_t abort_only;

	sigemptyset(&abort_only);
	sigaddset(&abort_only, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &abort_only, NULL);
	raise(SIGABRT);

	/* A handler returned. It was asked; now the default action. */
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_exit(128 + SIGABRT);
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
