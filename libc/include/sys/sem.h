/* sys/sem.h - sets of semaphores of System V. */
#pragma once

#include "kernel/abi/sem.h"

#include <sys/ipc.h>

/* Rights, as in a mode (System V): read, alter. */
#define SEM_R	0400
#define SEM_A	0200

struct timespec;

/* The fourth argument is a union semun { int val; struct semid_ds *buf;
 * unsigned short *array; }, which the program declares (POSIX). */
int semctl(int id, int number, int command, ...);
int semget(key_t key, int count, int flags);
/* Do all operations in one step, or wait until that is possible. */
int semop(int id, struct sembuf *operations, size_t count);
/* The same, and EAGAIN after the timeout (Linux). */
int semtimedop(int id, struct sembuf *operations, size_t count,
	const struct timespec *timeout);
