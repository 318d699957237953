/*
 * sysv_list.c - the commands about all objects of System V IPC of a kind.
 *
 * A program that does not know the identifiers counts an index up from 0 to the
 * value that IPC_INFO returns, and asks for each object. The index is the
 * place of the object in the kernel's table. A program that lists objects while
 * others make or remove some can miss an object, or see an object twice.
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

/* [own] The search for the object with an index. */
struct search {
	int index;		/* less the objects visited */
	long id;		/* or -EINVAL */
};

static void visit(const struct keyed *keyed, void *context)
{
	struct search *search = context;

	if (search->index-- == 0)
		search->id = keyed->id;
}

long sysv_id_at(const struct object_ops *ops, int index)
{
	struct search search = { MAX(index, -1), -EINVAL };

	keyed_for_each(ops, visit, &search);
	return search.id;
}

/* The result of *_INFO: the struct goes to the program. */
static long give(uaddr_t to, const void *info, size_t bytes, uint32_t objects)
{
	if (copy_to_user(to, info, bytes))
		return -EFAULT;
	return objects ? objects - 1 : 0;
}

/* ---- Message queues ------------------------------------------------------ */

/* [own] */
struct queue_sum { uint32_t queues, messages, bytes; };

static void add_queue(const struct keyed *keyed, void *context)
{
	const struct sysv_queue *queue = (const struct sysv_queue *)keyed;
	struct queue_sum *sum = context;

	sum->queues++;
	sum->messages += queue->count;
	sum->bytes += queue->bytes;
}

long sysv_queues_info(int command, uaddr_t to)
{
	struct msginfo info = {
		.msgpool = SYSV_QUEUE_BYTES_MAX / 1024,
		.msgmap = SYSV_MESSAGES_MAX,
		.msgmax = SYSV_MESSAGE_BYTES_MAX,
		.msgmnb = SYSV_QUEUE_BYTES_MAX, .msgmni = USER_KEYED_MAX,
	};
	struct queue_sum sum = { .queues = 0 };

	keyed_for_each(&sysv_queue_ops, add_queue, &sum);
	if (command == MSG_INFO) {
		info.msgpool = sum.queues;
		info.msgmap = sum.messages;
		info.msgtql = sum.bytes;
	}
	return give(to, &info, sizeof(info), sum.queues);
}

/* ---- Semaphores ---------------------------------------------------------- */

/* [own] */
struct set_sum { uint32_t sets, semaphores; };

static void add_set(const struct keyed *keyed, void *context)
{
	struct set_sum *sum = context;

	sum->sets++;
	sum->semaphores += ((const struct sysv_set *)keyed)->count;
}

long sysv_sets_info(int command, uaddr_t to)
{
	struct seminfo info = {
		.semmni = USER_KEYED_MAX, .semmsl = SYSV_SET_MAX,
		.semmns = USER_KEYED_MAX * SYSV_SET_MAX,
		.semopm = SYSV_OPERATIONS_MAX, .semvmx = SYSV_UNITS_MAX,
	};
	struct set_sum sum = { .sets = 0 };

	keyed_for_each(&sysv_set_ops, add_set, &sum);
	if (command == SEM_INFO) {
		info.semusz = sum.sets;
		info.semaem = sum.semaphores;
	}
	return give(to, &info, sizeof(info), sum.sets);
}

/* ---- Shared memory ------------------------------------------------------- */

static void add_segment(const struct keyed *keyed, void *context)
{
	const struct sysv_memory *memory = (const struct sysv_memory *)keyed;
	struct shm_info *info = context;

	info->used_ids++;
	info->shm_tot += contents_page_count(memory->bytes);
	info->shm_rss += contents_pages(&memory->contents);
}

long sysv_segments_info(int command, uaddr_t to)
{
	const struct shminfo limits = {
		.shmmax = USER_HIGHEST - USER_LOWEST, .shmmin = 1,
		.shmmni = USER_KEYED_MAX, .shmseg = USER_KEYED_MAX,
		.shmall = (USER_HIGHEST - USER_LOWEST) / PAGE_SIZE,
	};
	struct shm_info info = { .used_ids = 0 };

	keyed_for_each(&sysv_memory_ops, add_segment, &info);
	return command == SHM_INFO
		? give(to, &info, sizeof(info), info.used_ids)
		: give(to, &limits, sizeof(limits), info.used_ids);
}
