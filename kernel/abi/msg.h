/* msg.h - message queues of System V. */
#pragma once

#include "kernel/abi/ipc.h"

#define MSG_NOERROR	010000	/* cut a message that is too long */
#define MSG_EXCEPT	020000	/* any type but this (Linux) */

/* Commands of msgctl() that list all queues (Linux). */
#define MSG_STAT	11	/* the queue with this index, from 0 on */
#define MSG_INFO	12	/* how many there are, and their messages */

typedef unsigned long msgqnum_t;
typedef unsigned long msglen_t;

struct msqid_ds {
	struct ipc_perm msg_perm;
	msgqnum_t msg_qnum;	/* messages in the queue */
	msglen_t msg_qbytes;	/* most bytes in the queue */
	msglen_t __msg_cbytes;	/* bytes in the queue */
	pid_t msg_lspid;	/* the last process that sent */
	pid_t msg_lrpid;	/* ... that received */
	time_t msg_stime;	/* of the last send, 0: none */
	time_t msg_rtime;	/* of the last receive */
	time_t msg_ctime;	/* of the last change by msgctl() */
};

/* IPC_INFO: the limits. MSG_INFO: msgpool queues, msgmap messages of msgtql
 * bytes. */
struct msginfo {
	int msgpool;		/* KiB in all queues */
	int msgmap;		/* messages in a queue */
	int msgmax;		/* bytes of a message */
	int msgmnb;		/* bytes in a queue */
	int msgmni;		/* queues of a user */
	int msgssz;		/* not used */
	int msgtql;		/* not used */
	unsigned short msgseg;	/* not used */
};
