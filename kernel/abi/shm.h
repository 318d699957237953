/* shm.h - segments of shared memory of System V. */
#pragma once

#include "kernel/abi/ipc.h"

#define SHM_RDONLY	010000	/* attach for reading alone */
#define SHM_RND		020000	/* round the address down to SHMLBA */
/* Commands of shmctl() (Linux). All pages stay in memory: nothing is to do. */
#define SHM_LOCK	11
#define SHM_UNLOCK	12

/* ... that list all segments (Linux). */
#define SHM_STAT	13	/* the segment with this index, from 0 on */
#define SHM_INFO	14	/* how many there are, and their pages */

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

struct shminfo {		/* IPC_INFO: the limits */
	unsigned long shmmax;	/* bytes of a segment, at most */
	unsigned long shmmin;	/* ... at least */
	unsigned long shmmni;	/* segments of a user */
	unsigned long shmseg;	/* ... that a process can attach */
	unsigned long shmall;	/* pages of all segments */
};

struct shm_info {		/* SHM_INFO */
	int used_ids;		/* segments */
	unsigned long shm_tot;	/* their pages */
	unsigned long shm_rss;	/* ... that have a frame */
	unsigned long shm_swp;	/* 0: no page leaves memory */
	unsigned long swap_attempts;	/* 0 */
	unsigned long swap_successes;	/* 0 */
};
