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

#include "kernel/abi/signal.h"

/* The places of the registers, as arch/i686/processor.h has them. */
enum {
	REG_EDI, REG_ESI, REG_EBP, REG_UNUSED, REG_EBX, REG_EDX, REG_ECX,
	REG_EAX, REG_TRAPNO, REG_ERR, REG_EIP, REG_CS, REG_EFL, REG_UESP,
	REG_SS, NGREG,
};

#define REG_EDI		REG_EDI
#define REG_ESI		REG_ESI
#define REG_EBP		REG_EBP
#define REG_EBX		REG_EBX
#define REG_EDX		REG_EDX
#define REG_ECX		REG_ECX
#define REG_EAX		REG_EAX
#define REG_TRAPNO	REG_TRAPNO
#define REG_ERR		REG_ERR
#define REG_EIP		REG_EIP
#define REG_CS		REG_CS
#define REG_EFL		REG_EFL
#define REG_ESP		REG_UESP
#define REG_UESP	REG_UESP
#define REG_SS		REG_SS

typedef int greg_t;
typedef greg_t gregset_t[NGREG];

typedef struct {
	gregset_t gregs;
} mcontext_t;

typedef struct ucontext {
	unsigned long uc_flags;		/* the kernel's */
	sigset_t uc_sigmask;
	mcontext_t uc_mcontext;
	struct ucontext *uc_link;	/* goes on when the function returns */
	stack_t uc_stack;
} ucontext_t;

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
