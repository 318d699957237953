/* raise.c - signals to oneself. */
#include <signal.h>
#include <unistd.h>

#include "libc/syscall.h"

int raise(int signal)
{
	return __sys_thread_kill(gettid(), signal, 0, 0);
}
