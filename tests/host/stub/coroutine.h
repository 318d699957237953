/*
 * coroutine.h - several stacks in one host program, for tests of the scheduler.
 *
 * A coroutine stands for a task: a switch saves the position of the running
 * coroutine and goes on at the position of the next coroutine, as
 * switch_to_task() does in the kernel. This is a separate file, because
 * <ucontext.h> and the kernel's headers both define sigset_t.
 */
#pragma once

struct coroutine;

/* The main program's own flow. */
extern struct coroutine coroutine_main;

/* A stack, without anything to do. */
struct coroutine *coroutine_create(void);
/* At the next switch to the coroutine, entry(arg) begins on the empty stack.
 * entry() must not return, but must switch to a different coroutine for
 * good. */
void coroutine_prepare(struct coroutine *coroutine, void (*entry)(void *),
		       void *arg);
void coroutine_switch(struct coroutine *to);
