/* ipc.h - what all objects of System V IPC have: a key, an owner, a mode. */
#pragma once

#include "kernel/abi/types.h"

struct ipc_perm {
	key_t __key;		/* IPC_PRIVATE: found by the identifier alone */
	uid_t uid;		/* the owner */
	gid_t gid;
	uid_t cuid;		/* the creator */
	gid_t cgid;
	mode_t mode;		/* read and write, as of a file */
	unsigned short seq;
};

#define __seq		seq	/* the name in GNU's library */

#define IPC_PRIVATE	0	/* a key that finds no object */
#define IPC_CREAT	01000	/* make the object if there is none */
#define IPC_EXCL	02000	/* ... and fail if there is one */
#define IPC_NOWAIT	04000	/* do not wait */

/* Commands of msgctl(), semctl() and shmctl(). */
#define IPC_RMID	0	/* remove the object */
#define IPC_SET		1	/* set owner and mode */
#define IPC_STAT	2	/* get the data structure */
#define IPC_INFO	3	/* the limits of this kind of object (Linux) */
