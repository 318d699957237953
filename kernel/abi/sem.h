/* sem.h - sets of semaphores of System V. */
#pragma once

#include "kernel/abi/ipc.h"

#define SEM_UNDO	010000	/* take back at the end of the process */

/* Commands of semctl(), beside those of abi/ipc.h. */
#define GETPID		11	/* the last process that changed the value */
#define GETVAL		12
#define GETALL		13
#define GETNCNT		14	/* tasks that wait for a higher value */
#define GETZCNT		15	/* tasks that wait for zero */
#define SETVAL		16
#define SETALL		17
/* ... that list all sets (Linux). */
#define SEM_STAT	18	/* the set with this index, from 0 on */
#define SEM_INFO	19	/* how many there are, and their semaphores */

struct sembuf {
	unsigned short sem_num;	/* from 0 on */
	short sem_op;		/* add, subtract, or 0: wait for zero */
	short sem_flg;		/* IPC_NOWAIT, SEM_UNDO */
};

struct semid_ds {
	struct ipc_perm sem_perm;
	unsigned short sem_nsems;
	time_t sem_otime;	/* of the last semop(), 0: none */
	time_t sem_ctime;	/* of the last change by semctl() */
};

/* IPC_INFO: the limits. SEM_INFO: semusz sets of semaem semaphores. */
struct seminfo {
	int semmap;		/* not used */
	int semmni;		/* sets of a user */
	int semmns;		/* semaphores of a user */
	int semmnu;		/* not used */
	int semmsl;		/* semaphores of a set */
	int semopm;		/* operations of a semop() */
	int semume;		/* not used */
	int semusz;		/* sets */
	int semvmx;		/* the greatest value */
	int semaem;		/* semaphores */
};
