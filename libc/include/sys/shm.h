/* sys/shm.h - segments of shared memory of System V. */
#pragma once

#include "kernel/abi/shm.h"

#include <sys/ipc.h>
#include <unistd.h>

/* Rights, as in a mode (System V). */
#define SHM_R	0400
#define SHM_W	0200
#define SHMLBA	((size_t)getpagesize())	/* addresses of shmat() */

/* (void *)-1 and errno on failure. */
void *shmat(int id, const void *address, int flags);
int shmctl(int id, int command, struct shmid_ds *status);
int shmdt(const void *address);
int shmget(key_t key, size_t bytes, int flags);
