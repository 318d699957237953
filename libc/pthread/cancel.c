/*
 * cancel.c - one thread asks another to end.
 *
 * The thread that was asked ends at its next cancellation point, as by
 * pthread_exit(). The points are the system calls that can wait, and close()
 * and msync() (stubs.c). A function of libc that is a point, and may return
 * without such a call, begins with __point().
 *
 * The trap is the moment between the look at `cancel` and the wait. A request
 * that comes there, or in the wait itself, needs a signal: SIGNAL_CANCEL, which
 * libc keeps for itself. The handler knows by the address of the interrupted
 * instruction where the thread is:
 *
 *	in a stub, before the call	the thread ends
 *	after a call with -EINTR	the call did nothing: the thread ends
 *	after a call with a result	a byte was read, a file opened: the
 *					thread must get the result, and ends at
 *					the next point
 *	elsewhere			the thread ends at the next point
 *
 * Elsewhere may be a handler of the program that interrupted a wait. So the
 * signal is sent again, and blocked in the interrupted context. When the
 * program's handler returns to the wait, the old mask lets the signal in.
 *
 * libc's own files make the calls by stubs that are no points (__quiet_), so no
 * thread ends with a lock of libc; the read of stdio is a point, and gives the
 * lock of the file back. After musl's cancellation by R. Felker.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

#include "libc/pthread/cancel.h"
#include "libc/pthread/thread.h"
#include "libc/syscall.h"

extern const char __points_begin[], __points_end[];

void __cancel_now(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

/* Is the thread in a stub, and has the call done nothing yet? */
static bool is_at_point(const greg_t *registers)
{
	uintptr_t at = (uintptr_t)registers[REG_EIP];
	uintptr_t offset = at % POINT_BYTES;

	if (at < (uintptr_t)__points_begin || at >= (uintptr_t)__points_end)
		return false;
	if (offset == POINT_CALLED)
		return registers[REG_EAX] == -EINTR;
	return offset < POINT_CALLED || offset >= POINT_AGAIN;
}

/* The signal has come: let the thread go on with its end, or later. */
static void handle(int number, siginfo_t *info, void *context)
{
	struct __pthread *self = __self();
	ucontext_t *interrupted = context;
	greg_t *registers = interrupted->uc_mcontext.gregs;

	(void)info;
	if (!__shall_end(self))
		return;
	if (self->is_async) {		/* the stack as at a call */
		registers[REG_ESP] = (registers[REG_ESP] & -16) - 4;
		registers[REG_EIP] = (greg_t)(uintptr_t)__cancel_now;
	} else if (is_at_point(registers)) {
		registers[REG_EIP] = (greg_t)(uintptr_t)__cancel_now;
	} else {
		sigaddset(&interrupted->uc_sigmask, number);
		__sys_thread_kill(__self_tid(), number, 0, 0);
	}
}

static void install(void)
{
	struct sigaction action = {
		.sa_sigaction = handle,
		.sa_flags = SA_SIGINFO | SA_RESTART,
	};

	sigfillset(&action.sa_mask);
	sigaction(SIGNAL_CANCEL, &action, NULL);
	__cancel_asked = INT_MAX;
}

int pthread_cancel(pthread_t thread)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	__become_threaded();
	pthread_once(&once, install);
	__sync_fetch_and_or(&thread->cancel, CANCEL_ASKED);
	if (!__shall_end(thread))
		return 0;		/* switched off */
	if (thread != __self())
		return pthread_kill(thread, SIGNAL_CANCEL);
	if (thread->is_async)
		__cancel_now();
	return 0;
}

void pthread_testcancel(void)
{
	__point();
}

int pthread_setcancelstate(int state, int *old)
{
	struct __pthread *self = __self();
	unsigned before;

	if (state == PTHREAD_CANCEL_DISABLE)
		before = __sync_fetch_and_or(&self->cancel, CANCEL_OFF);
	else if (state == PTHREAD_CANCEL_ENABLE)
		before = __sync_fetch_and_and(&self->cancel, ~CANCEL_OFF);
	else
		return EINVAL;
	if (old)
		*old = before & CANCEL_OFF ? PTHREAD_CANCEL_DISABLE
					   : PTHREAD_CANCEL_ENABLE;
	if (self->is_async)
		pthread_testcancel();
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	struct __pthread *self = __self();

	if (type != PTHREAD_CANCEL_DEFERRED &&
	    type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = self->is_async ? PTHREAD_CANCEL_ASYNCHRONOUS
				      : PTHREAD_CANCEL_DEFERRED;
	self->is_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	if (self->is_async)
		pthread_testcancel();
	return 0;
}
