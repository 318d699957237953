/* sys/ucontext_t.h - the types of <ucontext.h>, for <signal.h> as well. */
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
