/*
 * sysv.c - the system calls of System V IPC.
 *
 * Each call finds the object by its identifier, checks the mode, and fetches
 * its arguments. No signal restarts a call, not even with SA_RESTART. IPC_SET
 * and IPC_RMID are for the owner, the creator, and root.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/ipc/sysv_memory.h"
#include "kernel/ipc/sysv_queue.h"
#include "kernel/ipc/sysv_semaphore.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/sysv_list.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

/* May the process look at this object, change it, or remove it? IPC_STAT needs
 * R_OK. 0, -EINVAL (no object), -EACCES or -EPERM. */
static int check_control(const struct keyed *keyed, int command)
{
	if (!keyed)
		return -EINVAL;
	if (command == IPC_STAT)
		return keyed_may(keyed, R_OK);
	return keyed_may_change(keyed) ? 0 : -EPERM;
}

/* IPC_SET and IPC_RMID. Each status begins with a struct ipc_perm. */
static long change(struct keyed *keyed, int command, uaddr_t status_at)
{
	struct ipc_perm perm;

	switch (command) {
	case IPC_SET:
		if (copy_from_user(&perm, status_at, sizeof(perm)))
			return -EFAULT;
		keyed_set(keyed, &perm);
		return 0;
	case IPC_RMID:
		keyed_remove(keyed);
		return 0;
	}
	return -EINVAL;
}

/* ---- Message queues ------------------------------------------------------ */

long sys_msgget(key_t key, int flags)
{
	return sysv_queue_get(key, flags);
}

/* Send or receive; wait unless the flags forbid it. */
static long send_or_receive(struct sysv_transfer *transfer, int end,
			    wait_attempt *attempt)
{
	struct object *object = &transfer->queue->keyed.object;
	const struct wait_request request = {
		.queue = &object->queue[end],
		.object = object,
		.event = end == END_READ ? WAIT_DATA : WAIT_SPACE,
		.deadline_ns = FOREVER,
		.never_sleeps = transfer->flags & IPC_NOWAIT,
	};
	long result;

	object_get(object);
	result = wait_go_on(wait_try(request.queue, attempt, transfer),
			    &request, attempt, transfer);
	object_put(object);
	return result;
}

long sys_msgsnd(int id, uaddr_t message, size_t bytes, int flags)
{
	struct sysv_transfer send = {
		.queue = sysv_queue_find(id), .at = message + sizeof(long),
		.bytes = bytes, .flags = flags,
		.process = process_current()->id,
	};

	if (!send.queue || bytes > SYSV_MESSAGE_BYTES_MAX)
		return -EINVAL;
	if (copy_from_user(&send.type, message, sizeof(send.type)) ||
	    !user_range_is_valid(send.at, bytes))
		return -EFAULT;
	if (send.type < 1)
		return -EINVAL;
	if (keyed_may(&send.queue->keyed, W_OK))
		return -EACCES;
	return send_or_receive(&send, END_WRITE, sysv_queue_send);
}

long sys_msgrcv(int id, uaddr_t message, size_t bytes, long type, int flags)
{
	struct sysv_transfer receive = {
		.queue = sysv_queue_find(id), .type_at = message,
		.at = message + sizeof(long), .bytes = bytes,
		.type = MAX(type, -INT32_MAX), .flags = flags,
		.process = process_current()->id, .result = -EAGAIN,
	};
	long result;

	if (!receive.queue || bytes > SSIZE_MAX)
		return -EINVAL;
	if (keyed_may(&receive.queue->keyed, R_OK))
		return -EACCES;
	result = send_or_receive(&receive, END_READ, sysv_queue_receive);
	return result == -EAGAIN ? -ENOMSG : result;
}

static long queue_stat(const struct sysv_queue *queue, uaddr_t status_at)
{
	const struct msqid_ds status = {
		.msg_perm = queue->keyed.perm,
		.msg_qnum = queue->count, .msg_qbytes = queue->most_bytes,
		.__msg_cbytes = queue->bytes,
		.msg_lspid = queue->last_sender,
		.msg_lrpid = queue->last_receiver,
		.msg_stime = queue->sent, .msg_rtime = queue->received,
		.msg_ctime = queue->keyed.changed,
	};

	return copy_to_user(status_at, &status, sizeof(status)) ? -EFAULT : 0;
}

static long queue_set(struct sysv_queue *queue, uaddr_t status_at)
{
	struct msqid_ds status;

	if (copy_from_user(&status, status_at, sizeof(status)))
		return -EFAULT;
	if (status.msg_qbytes > SYSV_QUEUE_BYTES_MAX &&
	    !user_is_root(process_current()))
		return -EPERM;
	keyed_set(&queue->keyed, &status.msg_perm);
	sysv_queue_set_limit(queue, status.msg_qbytes);
	return 0;
}

long sys_msgctl(int id, int command, uaddr_t status_at)
{
	struct sysv_queue *queue = sysv_queue_find(id);
	int error;

	if (command == IPC_INFO || command == MSG_INFO)
		return sysv_queues_info(command, status_at);
	if (command == MSG_STAT) {
		id = sysv_id_at(&sysv_queue_ops, id);
		error = sys_msgctl(id, IPC_STAT, status_at);
		return error ? error : id;
	}
	error = check_control((struct keyed *)queue, command);
	if (error)
		return error;
	if (command == IPC_STAT)
		return queue_stat(queue, status_at);
	if (command == IPC_SET)
		return queue_set(queue, status_at);
	return change(&queue->keyed, command, status_at);
}

/* ---- Semaphores ---------------------------------------------------------- */

long sys_semget(key_t key, int count, int flags)
{
	if (count < 0 || count > SYSV_SET_MAX)
		return -EINVAL;
	return sysv_set_get(key, count, flags);
}

/* 0, -EFBIG (no such semaphore) or -EACCES. */
static int check_operations(const struct sysv_operations *call)
{
	int how = R_OK;

	for (uint32_t i = 0; i < call->count; i++) {
		if (call->operations[i].sem_num >= call->set->count)
			return -EFBIG;
		if (call->operations[i].sem_op != 0)
			how = W_OK;
	}
	return keyed_may(&call->set->keyed, how);
}

long sys_semtimedop(int id, uaddr_t operations_at, size_t count,
		    uaddr_t timeout_at)
{
	struct sysv_operations call = {
		.set = sysv_set_find(id), .count = count,
	};
	uint64_t timeout_ns, deadline_ns = FOREVER;
	long result;

	if (count == 0 || !call.set)
		return -EINVAL;
	if (count > SYSV_OPERATIONS_MAX)
		return -E2BIG;
	if (copy_from_user(call.operations, operations_at,
			   count * sizeof(call.operations[0])))
		return -EFAULT;
	if (timeout_at) {
		result = timespec_fetch(timeout_at, &timeout_ns);
		if (result)
			return result;
		deadline_ns = time_after_ns(timeout_ns);
	}
	result = check_operations(&call);
	if (!result)
		result = sysv_set_operate(&call, deadline_ns);
	return result == -ETIMEDOUT ? -EAGAIN : result;
}

static long set_stat(const struct sysv_set *set, uaddr_t status_at)
{
	const struct semid_ds status = {
		.sem_perm = set->keyed.perm, .sem_nsems = set->count,
		.sem_otime = set->operated, .sem_ctime = set->keyed.changed,
	};

	return copy_to_user(status_at, &status, sizeof(status)) ? -EFAULT : 0;
}

/* IPC_STAT, IPC_SET, IPC_RMID. */
static long control_set(struct sysv_set *set, int command, uaddr_t status_at)
{
	int error = check_control(&set->keyed, command);

	if (error)
		return error;
	return command == IPC_STAT ? set_stat(set, status_at)
				   : change(&set->keyed, command, status_at);
}

/* SETALL, GETALL. */
static long store_all(struct sysv_set *set, uaddr_t from)
{
	uint16_t values[SYSV_SET_MAX];

	if (copy_from_user(values, from, set->count * sizeof(values[0])))
		return -EFAULT;
	for (uint32_t i = 0; i < set->count; i++)
		if (values[i] > SYSV_UNITS_MAX)
			return -ERANGE;
	sysv_set_store_all(set, values);
	return 0;
}

static long load_all(const struct sysv_set *set, uaddr_t to)
{
	uint16_t values[SYSV_SET_MAX];

	for (uint32_t i = 0; i < set->count; i++)
		values[i] = set->semaphores[i].value;
	return copy_to_user(to, values, set->count * sizeof(values[0]))
		? -EFAULT : 0;
}

/* The commands about a single semaphore. */
static long control_one(struct sysv_set *set, uint32_t number, int command,
			int value)
{
	if (number >= set->count)
		return -EINVAL;
	switch (command) {
	case GETVAL:
		return set->semaphores[number].value;
	case GETPID:
		return set->semaphores[number].process;
	case GETNCNT:
	case GETZCNT:
		return sysv_set_waiting(set, number, command == GETZCNT);
	case SETVAL:
		if (value < 0 || value > SYSV_UNITS_MAX)
			return -ERANGE;
		sysv_set_store(set, number, value);
		return 0;
	}
	return -EINVAL;
}

long sys_semctl(int id, int number, int command, uaddr_t argument)
{
	struct sysv_set *set = sysv_set_find(id);
	bool is_change = command == SETVAL || command == SETALL;
	long error;

	if (command == IPC_INFO || command == SEM_INFO)
		return sysv_sets_info(command, argument);
	if (command == SEM_STAT) {
		id = sysv_id_at(&sysv_set_ops, id);
		error = sys_semctl(id, 0, IPC_STAT, argument);
		return error ? error : id;
	}
	if (!set)
		return -EINVAL;
	if (command == IPC_STAT || command == IPC_SET || command == IPC_RMID)
		return control_set(set, command, argument);
	if (keyed_may(&set->keyed, is_change ? W_OK : R_OK))
		return -EACCES;
	if (command == SETALL)
		return store_all(set, argument);
	if (command == GETALL)
		return load_all(set, argument);
	return control_one(set, number, command, argument);
}

/* ---- Shared memory ------------------------------------------------------- */

long sys_shmget(key_t key, size_t bytes, int flags)
{
	if (bytes > USER_HIGHEST - USER_LOWEST)
		return -EINVAL;
	return sysv_memory_get(key, bytes, flags);
}

long sys_shmat(int id, uaddr_t address, int flags)
{
	struct sysv_memory *memory = sysv_memory_find(id);
	int prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) |
		   (flags & SHM_EXEC ? PROT_EXEC : 0);

	if (!memory)
		return -EINVAL;
	if (keyed_may(&memory->keyed, R_OK |
				      (prot & PROT_WRITE ? W_OK : 0)))
		return -EACCES;
	if (address && flags & SHM_RND)
		address = ALIGN_DOWN(address, PAGE_SIZE);
	return sysv_memory_attach(memory, address, prot);
}

long sys_shmdt(uaddr_t address)
{
	return sysv_memory_detach(address);
}

static long memory_stat(const struct sysv_memory *memory, uaddr_t status_at)
{
	const struct shmid_ds status = {
		.shm_perm = memory->keyed.perm, .shm_segsz = memory->bytes,
		.shm_cpid = memory->creator, .shm_lpid = memory->last,
		.shm_nattch = memory->source.mappings,
		.shm_atime = memory->attached, .shm_dtime = memory->detached,
		.shm_ctime = memory->keyed.changed,
	};

	return copy_to_user(status_at, &status, sizeof(status)) ? -EFAULT : 0;
}

long sys_shmctl(int id, int command, uaddr_t status_at)
{
	struct sysv_memory *memory = sysv_memory_find(id);
	int error;

	if (command == IPC_INFO || command == SHM_INFO)
		return sysv_segments_info(command, status_at);
	if (command == SHM_STAT) {
		id = sysv_id_at(&sysv_memory_ops, id);
		error = sys_shmctl(id, IPC_STAT, status_at);
		return error ? error : id;
	}
	error = check_control((struct keyed *)memory, command);
	if (error)
		return error;
	if (command == IPC_STAT)
		return memory_stat(memory, status_at);
	if (command == SHM_LOCK || command == SHM_UNLOCK)
		return 0;
	return change(&memory->keyed, command, status_at);
}
