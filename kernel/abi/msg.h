/* msg.h - message queues of System V. */
#pragma once

#include "kernel/abi/ipc.h"

#define MSG_NOERROR	010000	/* cut a message that is too long */
#define MSG_EXCEPT	020000	/* any type but this (Linux) */

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
