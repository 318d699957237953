/*
 * sys/msg.h - message queues of System V: each message has a type.
 *
 * A message is a struct of the program's that begins with a long: its type, 1
 * or more. The text follows; `bytes` counts the text alone.
 */
#pragma once

#include "kernel/abi/msg.h"

#include <sys/ipc.h>

/* The shape of a message (Linux). */
struct msgbuf {
	long mtype;
	char mtext[1];
};

/* Rights, as in a mode (System V). */
#define MSG_R	0400
#define MSG_W	0200

/* The name of old systems for the bytes in the queue. */
#define msg_cbytes	__msg_cbytes

int msgctl(int id, int command, struct msqid_ds *status);
int msgget(key_t key, int flags);
/* type 0: the oldest message; above 0: the oldest of this type; below 0: the
 * lowest type of at most -type. */
ssize_t msgrcv(int id, void *message, size_t bytes, long type, int flags);
int msgsnd(int id, const void *message, size_t bytes, int flags);
