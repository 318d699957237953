/*
 * signal_frame.h - the words on the user's stack while a signal handler runs:
 * see signal.c.
 */
#pragma once

#include "arch/i686/processor.h"
#include "kernel/abi/signal.h"

/*
 * [own] The first words are those that a called C function finds. From has_fpu
 * on, the words and the registers behind them are the ucontext_t that
 * <ucontext.h> describes.
 */
struct handler_words {
	uint32_t return_address;	/* the restorer: calls sigreturn */
	int32_t number;			/* the handler's arguments: */
	uaddr_t info_at;		/* address of info, */
	uaddr_t context_at;		/* and of has_fpu: a ucontext_t */
	uint32_t has_fpu;		/* the FPU state follows the frame */
	sigset_t mask;			/* to put back */
};

/* [own] */
struct signal_frame {
	struct handler_words words;
	struct registers registers;	/* of the interrupted program */
	siginfo_t info;			/* written with SA_SIGINFO only */
};
