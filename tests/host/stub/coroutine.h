/*
 * coroutine.h - several stacks in one host program, for tests of the scheduler.
 *
 * A coroutine stands for a task: a switch saves where it is and goes on where
 * the other one was, as switch_to_task() does in the kernel. In a file of its
 * own, since <ucontext.h> and the kernel's headers both define sigset_t.
 */
#pragma once

struct coroutine;

/* The main program's own flow. */
extern struct coroutine coroutine_main;

/* A stack, without anything to do. */
struct coroutine *coroutine_create(void);
/* At the next switch to it, entry(arg) begins on the empty stack; it must not
 * return, but switch away for good. */
void coroutine_prepare(struct coroutine *coroutine, void (*entry)(void *),
		       void *arg);
void coroutine_switch(struct coroutine *to);
