/*
 * keyed.c - objects of System V IPC: found by a key, used by an identifier.
 *
 * An open file is a right: the mode is checked once, by open(2), and the last
 * close ends the object. The objects of System V are older than this idea. A
 * program finds the identifier of an object by a key, which the programs have
 * agreed on (ftok(3)), and hands the identifier to each call, which checks the
 * mode again. No descriptor stands for the object, so no end of a process ends
 * it: an object lives until a program removes it.
 *
 * All calls of all kinds draw their identifiers from one counter. A number is
 * used again only after all others: a program with an old identifier finds no
 * object, and not a stranger's.
 *
 * Not promised: that an object ends with its last user, as a file in /tmp.
 */
#include "kernel/obj/keyed.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define SLOT_BITS	6
#define SLOTS		(1u << SLOT_BITS)
#define MODE_BITS	0777

static struct list by_id[SLOTS], by_key[SLOTS];		/* [P] */
static int last_id;					/* [P] */

static struct list *slot_of_key(key_t key)
{
	return HASH_SLOT(by_key, hash_secretly(SLOT_BITS, key, 0, 0));
}

struct keyed *keyed_find(const struct object_ops *ops, int id)
{
	struct keyed *keyed;

	LIST_FOR_EACH(keyed, HASH_SLOT(by_id, (uint32_t)id), by_id)
		if (keyed->id == id && keyed->object.ops == ops)
			return keyed;
	return NULL;
}

void keyed_for_each(const struct object_ops *ops, keyed_visit *visit,
		    void *context)
{
	struct keyed *keyed;
	uint32_t slot;

	for (slot = 0; slot < SLOTS; slot++) {
		LIST_FOR_EACH(keyed, HASH_SLOT(by_id, slot), by_id)
			if (keyed->object.ops == ops)
				visit(keyed, context);
		sched_point();
	}
}

static struct keyed *find_by_key(const struct object_ops *ops, key_t key)
{
	struct keyed *keyed;

	LIST_FOR_EACH(keyed, slot_of_key(key), by_key)
		if (keyed->perm.__key == key && keyed->object.ops == ops)
			return keyed;
	return NULL;
}

static bool is_id_used(int id)
{
	const struct keyed *keyed;

	LIST_FOR_EACH(keyed, HASH_SLOT(by_id, (uint32_t)id), by_id)
		if (keyed->id == id)
			return true;
	return false;
}

static int next_id(void)
{
	do
		last_id = last_id == INT32_MAX ? 0 : last_id + 1;
	while (is_id_used(last_id));
	return last_id;
}

time_t keyed_now(void)
{
	return arch_boot_time() + arch_now_ns() / NSEC_PER_SEC;
}

/* ---- Rights ------------------------------------------------------------- */

int keyed_may(const struct keyed *keyed, int how)
{
	const struct process *process = process_current();
	const struct ipc_perm *perm = &keyed->perm;
	bool is_creator = process->identity.user == perm->cuid;
	bool is_in_group = user_is_in_group(process, perm->cgid);

	return user_may_use(process, is_creator ? perm->cuid : perm->uid,
			    is_in_group ? perm->cgid : perm->gid, perm->mode,
			    how);
}

bool keyed_may_change(const struct keyed *keyed)
{
	const struct process *process = process_current();

	return user_is_root(process) ||
	       process->identity.user == keyed->perm.uid ||
	       process->identity.user == keyed->perm.cuid;
}

/* ---- Life --------------------------------------------------------------- */

static long create(const struct keyed_request *request)
{
	const struct identity *identity = &process_current()->identity;
	struct keyed *keyed;

	if (request->needs_size && request->size == 0)
		return -EINVAL;
	keyed = heap_alloc(request->bytes);
	if (!keyed)
		return -ENOMEM;
	if (!account_charge(pool_payer(keyed), ACCOUNT_KEYED, 1)) {
		heap_free(keyed);
		return -ENOSPC;
	}
	object_init(&keyed->object, request->ops);
	keyed->size = request->size;
	request->set_up(keyed, request->size);
	keyed->perm.__key = request->key;
	keyed->perm.uid = keyed->perm.cuid = identity->user;
	keyed->perm.gid = keyed->perm.cgid = identity->group;
	keyed->perm.mode = request->flags & MODE_BITS;
	keyed->id = next_id();
	keyed->changed = keyed_now();
	list_append(HASH_SLOT(by_id, (uint32_t)keyed->id), &keyed->by_id);
	list_append(slot_of_key(request->key), &keyed->by_key);
	return keyed->id;
}

long keyed_get(const struct keyed_request *request)
{
	int flags = request->flags;
	int how = (flags >> 6 | flags >> 3 | flags) & (R_OK | W_OK);
	struct keyed *keyed = NULL;

	if (request->key != IPC_PRIVATE)
		keyed = find_by_key(request->ops, request->key);
	else
		flags |= IPC_CREAT;
	if (!keyed)
		return flags & IPC_CREAT ? create(request) : -ENOENT;
	if (flags & IPC_CREAT && flags & IPC_EXCL)
		return -EEXIST;
	if (keyed_may(keyed, how) != 0)
		return -EACCES;
	return request->size <= keyed->size ? keyed->id : -EINVAL;
}

void keyed_set(struct keyed *keyed, const struct ipc_perm *perm)
{
	keyed->perm.uid = perm->uid;
	keyed->perm.gid = perm->gid;
	keyed->perm.mode = perm->mode & MODE_BITS;
	keyed->changed = keyed_now();
}

void keyed_remove(struct keyed *keyed)
{
	struct object *object = &keyed->object;

	keyed->is_removed = true;
	list_remove(&keyed->by_id);
	list_remove(&keyed->by_key);
	wait_wake_all_error(&object->queue[END_READ], -EIDRM);
	wait_wake_all_error(&object->queue[END_WRITE], -EIDRM);
	object_put(object);
}

void keyed_free(struct keyed *keyed)
{
	account_uncharge(pool_payer(keyed), ACCOUNT_KEYED, 1);
	heap_free(keyed);
}

/* ---- Reports ------------------------------------------------------------ */

bool keyed_describe(const struct object *object, char *to, size_t size)
{
	key_t key = CONTAINER_OF(object, struct keyed, object)->perm.__key;

	if (key == IPC_PRIVATE)
		return false;
	snprintf(to, size, "%s 0x%x", object->ops->kind, (unsigned)key);
	return true;
}

bool keyed_is_open(const struct object *object, int end)
{
	(void)end;
	return !CONTAINER_OF(object, struct keyed, object)->is_removed;
}

int keyed_report(const struct object *object, char *to, size_t size)
{
	const struct keyed *keyed = CONTAINER_OF(object, struct keyed, object);

	if (keyed->is_removed)
		return snprintf(to, size, "removed: ");
	return snprintf(to, size, "id %d, mode %o: ", keyed->id,
			(unsigned)keyed->perm.mode);
}
