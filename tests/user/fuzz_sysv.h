/* fuzz_sysv.h - random arguments for the calls of System V IPC. */
#pragma once

#include <sys/sem.h>

/* Two queues, two sets of semaphores and two segments: System V. */
#define SYSV_IDS	6
#define SYSV_KEY	0x66757a7a	/* "fuzz", and the next */

static int sysv_ids[SYSV_IDS];

/* A few operations on a few semaphores. */
static void *new_operations(void)
{
	struct sembuf *operation = random_slot();

	for (int i = 0; i < 8; i++)
		operation[i] = (struct sembuf){
			.sem_num = random_below(5),
			.sem_op = (int)random_below(7) - 3,
			.sem_flg = random_below(4) * IPC_NOWAIT,
		};
	if (random_below(8) == 0)
		operation[random_below(4)].sem_op = random_noise();
	return operation;
}
