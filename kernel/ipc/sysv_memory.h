/*
 * sysv_memory.h - segments of shared memory of System V: shmget(2) and its
 * family.
 *
 * All functions need [P], and none sleeps; tasks may switch in
 * sysv_memory_detach().
 */
#pragma once

#include "kernel/abi/shm.h"
#include "kernel/fs/contents.h"
#include "kernel/mm/space.h"
#include "kernel/obj/keyed.h"

struct sysv_memory {
	struct keyed keyed;		/* [P] first */
	struct page_source source;	/* [P] */
	struct contents contents;	/* [P] the frames */
	uint32_t bytes;			/* [const] */
	pid_t creator;			/* [const] */
	pid_t last;			/* [P] that attached or detached */
	time_t attached, detached;	/* [P] the last time, or 0 */
};

extern const struct object_ops sysv_memory_ops;

/* The identifier of a segment of so many bytes, as keyed_get(). */
long sysv_memory_get(key_t key, uint32_t bytes, int flags);
static inline struct sysv_memory *sysv_memory_find(int id)
{
	return (struct sysv_memory *)keyed_find(&sysv_memory_ops, id);
}

/* Map the segment for the running process; address 0: the kernel chooses. The
 * address, -EINVAL (not a free range of whole pages), or -ENOMEM. */
long sysv_memory_attach(struct sysv_memory *memory, uaddr_t address, int prot);
/* Unmap the segment that begins at the address. 0 or -EINVAL. */
int sysv_memory_detach(uaddr_t address);
