/*
 * call_frame.h - what lies on the user's stack while a handler runs in the
 * place of a system call: see signal.c.
 */
#pragma once

#include "kernel/lib/types.h"

/* The handler has one argument; so the rest begins where others would be. */
struct call_frame {
	uint32_t return_address;	/* the restorer: calls sigreturn */
	int32_t number;
	uint32_t mask[2];
	int32_t result;			/* not above 0, see FRAME_PLAIN */
	uint32_t eip, esp;		/* where the call returns to */
};

/* A number of none: what returns now is no call that could be restarted. */
#define NO_CALL		((uint32_t)-1)
