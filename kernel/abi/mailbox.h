/* mailbox.h - messages with a header, through mailboxes or to a process. */
#pragma once

#include "kernel/abi/types.h"

#define MAILBOX_UNBOUNDED	(-1L)
#define MAILBOX_NONBLOCK	1	/* do not wait: EAGAIN */
#define MAILBOX_SYNC		2	/* send returns after the receive */
#define MAILBOX_GIFT		4	/* whole pages of the body move */

#define MESSAGE_WANTS_REPLY	1	/* stamped by mailbox_call() */
#define MESSAGE_HAS_FD		2	/* fd is handed over */

struct mailbox_attr {
	long capacity;		/* 0 rendezvous, n, MAILBOX_UNBOUNDED */
	size_t message_bytes;	/* largest body */
	long messages;		/* held now; 0 at a rendezvous */
};

struct message {
	uint32_t type;		/* set by the sender; receivers may select */
	pid_t sender;		/* stamped by the kernel, never forged */
	pid_t receiver;		/* a pid; 0: any process with the mailbox */
	uint32_t id;		/* stamped by the kernel; named by a reply */
	uint32_t bytes;		/* length of the body */
	uint32_t flags;		/* MESSAGE_WANTS_REPLY, MESSAGE_HAS_FD */
	int fd;			/* a descriptor handed over, or -1 */
};

/* Where the body of a received message goes: an argument of the system calls,
 * which have no more than five. */
struct message_place {
	void *body;
	size_t bytes;		/* room there */
};
