/*
 * tty.h - the terminal, /dev/console.
 */
#pragma once

#include "kernel/obj/object.h"

struct process;

/* Make the terminal, and register the name in /dev. */
void tty_init(void);

/* The console gives no answers: never ask for the size of the window. */
void tty_is_dumb(void);

/* A sink for printk(): the screen wants a return with each newline. Works
 * before tty_init(), and from interrupts. */
void tty_write_log(const char *bytes, size_t length);

/*
 * The process ends, or begins a new session: release the controlling terminal.
 * For the session's leader, the foreground group gets SIGHUP and SIGCONT, and
 * the terminal is free for a new session.
 */
void tty_leave(struct process *process);

/* The child of a fork shares the parent's controlling terminal. */
void tty_inherit(struct process *child, const struct process *parent);
