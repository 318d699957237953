/*
 * fpu.h - the FPU and SSE registers, saved only when somebody else wants them.
 */
#pragma once

#include "kernel/lib/types.h"

void fpu_init(void);
/* The running task used the FPU while it was off: give it to it. False when
 * there is no memory for its state. */
bool fpu_take(void);

#define FPU_BYTES	512

/* Put the running task's registers into task->fpu, if it has any there. */
void fpu_flush(void);
/* task->fpu was written from outside: make it harmless, and load it later. */
void fpu_restored(void);
