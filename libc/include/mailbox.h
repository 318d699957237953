/*
 * mailbox.h - messages with a header, through boxes or straight to a process.
 *
 * A box is a file descriptor: close(), dup(), poll() and inheritance work, and
 * a message can carry a box. Names of boxes stand in /ipc/mailbox. Deadlines
 * are absolute times of CLOCK_MONOTONIC; NULL waits without end. A waiting call
 * ends with EINTR after a handler has run, and with ETIMEDOUT at its deadline.
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/mailbox.h"
#include "kernel/abi/time.h"

/*
 * A box by name, or a private one (name NULL). With O_CREAT: mode_t mode, const
 * struct mailbox_attr *attr (NULL: 16 messages of 4096 bytes). O_RDONLY only
 * receives and replies, O_WRONLY only sends and calls. Errors as of open(2),
 * and EINVAL for attributes that cannot be.
 */
int mailbox_open(const char *name, int oflag, ...);
int mailbox_unlink(const char *name);
int mailbox_getattr(int box, struct mailbox_attr *attr);

/*
 * Of *head count type, receiver, bytes, and fd with MESSAGE_HAS_FD. EMSGSIZE:
 * longer than the box allows. EAGAIN: MAILBOX_NONBLOCK and full, or no waiting
 * receiver. ESRCH: the process head->receiver does not exist, or ends before
 * the receive. EPIPE: no descriptor can receive, and the box has no name.
 * EBADF: no box, or no such fd. ETOOMANYREFS: the user has too many
 * descriptors in messages. ENOMEM: the memory for messages is used up.
 * MAILBOX_GIFT is a hint; without whole private pages the body is copied.
 */
int mailbox_send(int box, const struct message *head, const void *body,
	int flags, const struct timespec *deadline);

/*
 * The first message of head->type from head->sender (0: any; head NULL: any,
 * and no header wanted). Returns the length of the body. The message stays in
 * the box after EMSGSIZE (longer than body_bytes), EMFILE (no free descriptor)
 * and EFAULT. EAGAIN: MAILBOX_NONBLOCK and no such message. ESRCH: the process
 * head->sender has ended. EPIPE: no message, no descriptor to send, and the box
 * has no name. head NULL drops a descriptor in the message. A close by another
 * thread does not end the wait; a call that is received then ends with EPIPE.
 * ENOMEM: no memory for page tables.
 *
 * The pages of a gift replace the pages at body, if body begins with a page of
 * private writable memory; otherwise the body is copied.
 */
ssize_t mailbox_receive(int box, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline);

/*
 * Send a request and wait for the reply. The header of the reply goes to *head;
 * the result is the length of its body. EPIPE: the receiver of the request has
 * ended or closed the box. EAGAIN: with O_NONBLOCK the box is full, or no
 * receiver waits at a box of capacity 0; the wait for the reply ends by the
 * deadline. A reply is lost when its body is too long (EMSGSIZE)
 * or no descriptor is free (EMFILE).
 */
ssize_t mailbox_call(int box, struct message *head, const void *request,
	void *reply, size_t reply_bytes, const struct timespec *deadline);

/* Answer the request head->id, which this process received. ESRCH: there is no
 * such request, or its caller has given up. Never waits. */
int mailbox_reply(int box, const struct message *head, const void *body);

/*
 * The two calls of a server in one: mailbox_reply(box, head, reply), then
 * mailbox_receive(box, head, request, request_bytes, 0, NULL) of any message.
 * With head->id 0 there is no reply, so a server can begin with this call. When
 * the reply fails, nothing is received. When the reply succeeds and the receive
 * fails, head->id is 0.
 */
ssize_t mailbox_reply_receive(int box, struct message *head, const void *reply,
	void *request, size_t request_bytes);

/*
 * The same straight to a process. A process may send where kill(2) may send a
 * signal (EPERM). An answer is always allowed: `to` waits in message_receive()
 * for this process. init takes answers only. A sender has at most
 * INBOX_SENDER_BYTES_MAX bytes in one inbox, then waits, or gets EAGAIN. ESRCH:
 * the process has gone, or goes before a MAILBOX_SYNC message was received.
 */
int message_send(pid_t to, const struct message *head, const void *body,
	int flags, const struct timespec *deadline);
/* From this process, or from any process (0). ESRCH: nothing is here, and the
 * sender has gone. */
ssize_t message_receive(pid_t from, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline);
/* A descriptor for poll(): POLLIN while a message to this process waits, of any
 * type. EMFILE, ENOMEM. */
int message_inbox(void);
