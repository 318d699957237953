/*
 * sysv_list.c - the commands about all objects of System V IPC of a kind.
 *
 * A program that does not know the identifiers counts an index up from 0 to the
 * value that IPC_INFO returns, and asks for each object. The index is the
 * place of the object by age: when an object is removed, the indices of all
 * younger objects fall by 1. A program that lists objects while others remove
 * some can miss an object.
 *
 * Linux: msgctl(2), semctl(2), shmctl(2). POSIX has nothing of this kind.
 */
#include "kernel/sys/sysv_list.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/ipc/sysv_memory.h"
#include "kernel/ipc/sysv_queue.h"
#include "kernel/ipc/sysv_semaphore.h"
#include "kernel/sys/syscalls.h"

/* The identifier of the object with this index, or -EINVAL. */
static long id_at(const struct object_ops *ops, int index)
{
	struct keyed *keyed = keyed_next(ops, NULL);

	if (index < 0)
		return -EINVAL;
	while (keyed && index-- > 0)
		keyed = keyed_next(ops, keyed);
	return keyed ? keyed->id : -EINVAL;
}

/* The result of *_INFO: the struct goes to the program. */
static long give(uaddr_t to, const void *info, size_t bytes, uint32_t objects)
{
	if (copy_to_user(to, info, bytes))
		return -EFAULT;
	return objects ? objects - 1 : 0;
}

/* ---- Message queues ------------------------------------------------------ */

static long queue_info(int command, uaddr_t to)
{
	struct msginfo info = {
		.msgpool = SYSV_QUEUE_BYTES_MAX / 1024,
		.msgmap = SYSV_MESSAGES_MAX,
		.msgmax = SYSV_MESSAGE_BYTES_MAX,
		.msgmnb = SYSV_QUEUE_BYTES_MAX, .msgmni = USER_KEYED_MAX,
	};
	uint32_t queues = 0, messages = 0, bytes = 0;
	struct keyed *keyed = NULL;

	while ((keyed = keyed_next(&sysv_queue_ops, keyed))) {
		const struct sysv_queue *queue = (struct sysv_queue *)keyed;

		queues++;
		messages += queue->count;
		bytes += queue->bytes;
	}
	if (command == MSG_INFO) {
		info.msgpool = queues;
		info.msgmap = messages;
		info.msgtql = bytes;
	}
	return give(to, &info, sizeof(info), queues);
}

long sysv_list_queues(int index, int command, uaddr_t to)
{
	long id, error;

	if (command != MSG_STAT)
		return queue_info(command, to);
	id = id_at(&sysv_queue_ops, index);
	error = sys_msgctl(id, IPC_STAT, to);
	return error ? error : id;
}

/* ---- Semaphores ---------------------------------------------------------- */

static long set_info(int command, uaddr_t to)
{
	struct seminfo info = {
		.semmni = USER_KEYED_MAX, .semmsl = SYSV_SET_MAX,
		.semmns = USER_KEYED_MAX * SYSV_SET_MAX,
		.semopm = SYSV_OPERATIONS_MAX, .semvmx = SYSV_UNITS_MAX,
	};
	uint32_t sets = 0, semaphores = 0;
	struct keyed *keyed = NULL;

	while ((keyed = keyed_next(&sysv_set_ops, keyed))) {
		sets++;
		semaphores += ((struct sysv_set *)keyed)->count;
	}
	if (command == SEM_INFO) {
		info.semusz = sets;
		info.semaem = semaphores;
	}
	return give(to, &info, sizeof(info), sets);
}

long sysv_list_sets(int index, int command, uaddr_t to)
{
	long id, error;

	if (command != SEM_STAT)
		return set_info(command, to);
	id = id_at(&sysv_set_ops, index);
	error = sys_semctl(id, 0, IPC_STAT, to);
	return error ? error : id;
}

/* ---- Shared memory ------------------------------------------------------- */

static long segment_info(int command, uaddr_t to)
{
	const struct shminfo limits = {
		.shmmax = USER_HIGHEST - USER_LOWEST, .shmmin = 1,
		.shmmni = USER_KEYED_MAX, .shmseg = USER_KEYED_MAX,
		.shmall = (USER_HIGHEST - USER_LOWEST) / PAGE_SIZE,
	};
	struct shm_info info = { .used_ids = 0 };
	struct keyed *keyed = NULL;

	while ((keyed = keyed_next(&sysv_memory_ops, keyed))) {
		const struct sysv_memory *memory = (struct sysv_memory *)keyed;

		info.used_ids++;
		info.shm_tot += contents_page_count(memory->bytes);
		info.shm_rss += contents_pages(&memory->contents);
	}
	return command == SHM_INFO
		? give(to, &info, sizeof(info), info.used_ids)
		: give(to, &limits, sizeof(limits), info.used_ids);
}

long sysv_list_segments(int index, int command, uaddr_t to)
{
	long id, error;

	if (command != SHM_STAT)
		return segment_info(command, to);
	id = id_at(&sysv_memory_ops, index);
	error = sys_shmctl(id, IPC_STAT, to);
	return error ? error : id;
}
