/*
 * mail_call.h - sends that wait, calls with their replies, direct messages.
 *
 * All functions need [P]. All but mail_reply() and mail_process_ends() sleep. A
 * signal ends the wait with -EINTR, the deadline with -ETIMEDOUT.
 */
#pragma once

#include "kernel/ipc/mailbox.h"

/* Put a message into send->box; a synchronous send waits until the message was
 * received. 0, or the errors of mailbox_put(), or -EMSGSIZE, -EBADF (the
 * descriptor to send), -ELOOP (the descriptor is of send->box or an older box),
 * -ESRCH: the box was the inbox of a process, and the process has ended. */
long mail_send(struct mail_send *send);

/* Send, and wait for the reply. The body goes to `reply`, the header to head_at
 * (0: not wanted). The length of the reply in bytes, or the errors of
 * mail_send(), or -EPIPE: the receiver ended, or closed the box. */
long mail_call(struct mail_send *send, uaddr_t head_at, uaddr_t reply,
	       size_t reply_bytes);
/* Answer the call with the number send->head.id. 0, -ESRCH (the process has
 * received no such call from this box, or the caller has given up), -EMSGSIZE,
 * -EBADF, -ELOOP as above, -EFAULT, -ENOMEM. */
long mail_reply(struct mail_send *send);

/* Send to the inbox of a process; receive from the inbox of the running
 * process. As mail_send() and mailbox_receive(); also -ESRCH: no such process;
 * -ENOMEM. */
long mail_send_direct(struct mail_send *send, pid_t to);
long mail_receive_direct(struct mail_receive *receive);

/* The process ends. Tasks that called the process get -EPIPE; senders and
 * receivers that wait for the process get -ESRCH. */
void mail_process_ends(struct process *process);
