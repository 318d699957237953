/* mailbox.h - messages with a header, through boxes or to a process. */
#pragma once

#include "kernel/abi/types.h"

#define MAILBOX_UNBOUNDED	(-1L)
#define MAILBOX_NONBLOCK	1	/* do not wait: EAGAIN */
#define MAILBOX_SYNC		2	/* send returns once it was received */
#define MAILBOX_GIFT		4	/* whole pages of the body move */

#define MESSAGE_WANTS_REPLY	1	/* stamped by mailbox_call() */
#define MESSAGE_HAS_FD		2	/* fd is handed over */

/* SYSENTER with one of these plus the descriptor in EAX: a call by words (see
 * arch/i686/call.asm). No number of a system call, alone or in 16 bits. */
#define MAILBOX_WORDS_CALL	0x20008000
#define MAILBOX_WORDS_REPLY	0x40008000

struct mailbox_attr {
	long capacity;		/* 0 rendezvous, n, MAILBOX_UNBOUNDED */
	size_t message_bytes;	/* largest body */
	long messages;		/* held now; 0 at a rendezvous */
};

struct message {
	uint32_t type;		/* the sender's; a receiver may select on it */
	pid_t sender;		/* stamped by the kernel, never forged */
	pid_t receiver;		/* the pid meant, 0 whoever shares the box */
	uint32_t id;		/* stamped by the kernel; a reply names it */
	uint32_t bytes;		/* length of the body */
	uint32_t flags;		/* MESSAGE_WANTS_REPLY, MESSAGE_HAS_FD */
	int fd;			/* a descriptor handed over, or -1 */
};

/* A message that fits into registers: its body is eight bytes long. */
struct mailbox_words {
	uint32_t id;		/* of a request, to answer it; 0: none */
	uint32_t type;
	uint32_t word[2];
};
