/*
 * ucontext.h - the state of a thread that does not run: to come back to.
 *
 * getcontext() and swapcontext() save the registers that a function keeps for
 * its caller, and the signal mask. They do not save the FPU's registers and
 * modes. The third argument of a handler with SA_SIGINFO is a context as well:
 * all registers of the interrupted program, and the mask. The kernel lays that
 * context on the stack (arch/i686/signal_frame.h); a change of the registers
 * there takes effect when the handler returns. uc_link and uc_stack have no
 * meaning in a handler's context.
 *
 * IEEE Std 1003.1-2004 (the standard of 2008 removed these functions).
 */
#pragma once

#include <sys/ucontext_t.h>

/* Save the state of the caller. Returns 0; returns 0 again when a thread goes
 * on with the context. */
int getcontext(ucontext_t *to) __attribute__((returns_twice));
/* Go on with a context; returns only on an error: -1. */
int setcontext(const ucontext_t *from);
/* Save the caller's state and go on with `from`; 0 when the caller goes on. */
int swapcontext(ucontext_t *to, const ucontext_t *from)
	__attribute__((returns_twice));
/*
 * Let a context that getcontext() has filled call `function` with `count`
 * arguments of type int, on the stack `uc_stack`. When the function returns,
 * the thread goes on with `uc_link`; without uc_link the process ends.
 */
void makecontext(ucontext_t *context, void (*function)(void), int count, ...);
