/* fpu.h - the FPU and SSE registers of the tasks. */
#pragma once

#include "kernel/lib/types.h"

void fpu_init(void);
/* The first FPU instruction of the running task: give the task a fresh state.
 * False: no memory. */
bool fpu_begin(void);

#define FPU_BYTES	512	/* the image of FXSAVE */
#define FPU_USED_BYTES	288	/* of it in 32-bit mode: up to XMM7 */

/* Copy the FPU state of the running task (task->fpu is not NULL) to user
 * memory, FPU_USED_BYTES, and make the FPU fresh. Returns 0 or -EFAULT. */
int fpu_to_user(uaddr_t at);
/* Replace the running task's FPU state by FPU_USED_BYTES of user memory, made
 * harmless. Returns 0, or -EFAULT with nothing changed: the memory cannot be
 * read, or the task has no FPU state. */
int fpu_from_user(uaddr_t at);
