/* shm.h - segments of shared memory of System V. */
#pragma once

#include "kernel/abi/ipc.h"

#define SHM_RDONLY	010000	/* attach for reading alone */
#define SHM_RND		020000	/* round the address down to SHMLBA */
/* Commands of shmctl() (Linux). All pages stay in memory: nothing is to do. */
#define SHM_LOCK	11
#define SHM_UNLOCK	12

#define SHM_EXEC	0100000	/* attach for running code (Linux) */

typedef unsigned long shmatt_t;

struct shmid_ds {
	struct ipc_perm shm_perm;
	size_t shm_segsz;	/* bytes, as shmget() was told */
	pid_t shm_cpid;		/* the creator */
	pid_t shm_lpid;		/* the last shmat() or shmdt() */
	shmatt_t shm_nattch;	/* mappings */
	time_t shm_atime;	/* of the last shmat(), 0: none */
	time_t shm_dtime;	/* of the last shmdt() */
	time_t shm_ctime;	/* of the last change by shmctl() */
};
