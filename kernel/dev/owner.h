/*
 * owner.h - the session that owns a terminal, and the group in the foreground.
 */
#pragma once

#include "kernel/obj/object.h"

struct process;

/* The session and the group count as uses of their ids. */
struct tty_owner {
	struct object *object;		/* [const] the terminal */
	pid_t session;			/* [P] 0: no session */
	pid_t foreground;		/* [P] a process group, or 0 */
};

/* Send a signal of the kernel to the foreground group, if there is a group. */
void owner_send_signal(const struct tty_owner *owner, int number);

/* Has the terminal left the session of the running process? */
bool owner_has_hung_up(const struct tty_owner *owner);

/* May the running process read, and change modes and size? 0, or -EIO. */
int owner_check_use(const struct tty_owner *owner);

/*
 * A process of the background wants to use the terminal: stop the group. After
 * -EINTR the call starts again when the group continues. A process that blocks
 * or ignores the signal gets `otherwise`. In an orphaned group, which no shell
 * could continue, the result is -EIO. 0: the process is not of the background.
 */
int owner_stop_background(const struct tty_owner *owner, int number,
			  int otherwise);

/*
 * TIOCSCTTY: the running process takes the terminal for its session. Only a
 * session's leader with the right to open the terminal may do so, and only if
 * no session with a living leader has the terminal. 0, or -EPERM.
 */
int owner_take(struct tty_owner *owner);

/* The process ends, begins a new session, or gives the terminal up. For the
 * session's leader, the foreground group gets SIGHUP and SIGCONT, and the
 * terminal is free. */
void owner_leave(struct tty_owner *owner, struct process *process);

/* The far side of the terminal has gone: SIGHUP and SIGCONT for the leader of
 * the session. The terminal stays with the session. */
void owner_hang_up(const struct tty_owner *owner);

/* TIOCSPGRP and TIOCGPGRP, with a pid_t in user memory. 0; -ENOTTY: not the
 * controlling terminal; -EFAULT; -EINVAL; -EPERM: no group of the session; or
 * the result of owner_stop_background(). */
int owner_set_foreground(struct tty_owner *owner, uaddr_t from);
int owner_get_foreground(const struct tty_owner *owner, uaddr_t to);
