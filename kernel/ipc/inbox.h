/*
 * inbox.h - messages straight to a process.
 *
 * All functions need [P]. Only inbox_send() and inbox_receive() sleep. A signal
 * ends the wait with -EINTR, the deadline with -ETIMEDOUT.
 */
#pragma once

#include "kernel/ipc/mail_receive.h"
#include "kernel/ipc/mail_send.h"

/* Send to the inbox of a process. As mail_send(); also -ESRCH: no such process;
 * -EPERM: the process does not take messages from the running process; -ENOMEM.
 */
long inbox_send(struct mail_send *send, pid_t to);
/* Receive from the inbox of the running process. As mailbox_receive(). */
long inbox_receive(struct mail_receive *receive);

/* The inbox of the process, created if missing; NULL: no memory. */
struct mailbox *inbox_of(struct process *process);

/* Has the sender room for one more message in the inbox? */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes);
/* Where the threads of the sender wait for room. */
struct wait_queue *mail_link_queue(struct mail_link *link);
/* A message enters the inbox, or leaves the inbox. */
void mail_link_add(struct mail_link *link, uint32_t body_bytes);
void mail_link_remove(struct mail_link *link, uint32_t body_bytes);

/* The process ends. Tasks that called the process get -EPIPE; senders and
 * receivers that wait for the process get -ESRCH. */
void mail_process_ends(struct process *process);
