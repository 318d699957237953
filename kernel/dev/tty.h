/*
 * tty.h - the terminal, /dev/console.
 */
#pragma once

#include "kernel/obj/object.h"

struct process;

/* Make the terminal and give it its name in /dev. */
void tty_init(void);

/* A sink for printk(): the screen wants a return with each newline. Works
 * before tty_init(), and from interrupts. */
void tty_write_log(const char *bytes, size_t length);

/*
 * The process ends, or begins a session of its own: it lets go of its
 * controlling terminal. When it was the session's leader, the foreground group
 * gets SIGHUP and SIGCONT, and the terminal is free for another session.
 */
void tty_leave(struct process *process);

/* The child of a fork shares its parent's controlling terminal. */
void tty_inherit(struct process *child, const struct process *parent);
