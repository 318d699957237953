/*
 * keyed.h - objects of System V IPC: found by a key, used by an identifier.
 *
 * The struct of a mechanism begins with a struct keyed. All functions need [P];
 * none sleeps.
 */
#pragma once

#include "kernel/abi/ipc.h"
#include "kernel/obj/object.h"

struct keyed {
	struct object object;		/* [P] first */
	struct ipc_perm perm;		/* [P] */
	int id;				/* [const] the identifier */
	uint32_t size;			/* [const] as at the first call */
	time_t changed;			/* [P] seconds since 1970 */
	bool is_removed;		/* [P] no call finds the object */
	struct list_node by_id;		/* [P] in the two tables */
	struct list_node by_key;	/* [P] */
};

static inline struct keyed *keyed_of(struct object *object)
{
	return CONTAINER_OF(object, struct keyed, object);
}

/* [own] What msgget(2), semget(2) and shmget(2) ask for. */
struct keyed_request {
	const struct object_ops *ops;
	key_t key;
	int flags;			/* IPC_CREAT, IPC_EXCL, the mode */
	size_t bytes;			/* of the mechanism's struct */
	uint32_t size;			/* the argument of the call: at most
					 * that of the first */
	bool needs_size;		/* a new object needs a size above 0 */
	/* Initialise the mechanism's part of a new object, which is zeroed. */
	void (*set_up)(struct keyed *keyed, uint32_t size);
};

/* The identifier of the object with the key, or of a new object; -ENOENT,
 * -EEXIST (IPC_EXCL), -EACCES, -EINVAL (the object is smaller, or a new object
 * has no size), -ENOSPC (the user has too many) or -ENOMEM. */
long keyed_get(const struct keyed_request *request);
/* The object of this kind with the identifier, or NULL. */
struct keyed *keyed_find(const struct object_ops *ops, int id);
/* Call visit() for each object of this kind. After each part of the table other
 * tasks may run: an object that they make or remove is visited or not. */
typedef void keyed_visit(const struct keyed *keyed, void *context);
void keyed_for_each(const struct object_ops *ops, keyed_visit *visit,
		    void *context);
/* May the running process use the object (R_OK, W_OK)? 0 or -EACCES. */
int keyed_may(const struct keyed *keyed, int how);
/* May the process remove or change the object: as root, owner, or creator? */
bool keyed_may_change(const struct keyed *keyed);
/* IPC_SET: take uid, gid and mode over. */
void keyed_set(struct keyed *keyed, const struct ipc_perm *perm);
/* IPC_RMID: all waits for the object end with -EIDRM. The object lives until
 * the last reference has gone. */
void keyed_remove(struct keyed *keyed);
/* For ops->destroy: free the memory. */
void keyed_free(struct keyed *keyed);

/* For ops->describe: "sysv queue 0x2a", by the key. */
bool keyed_describe(const struct object *object, char *to, size_t size);
/* For ops->is_open: each process that knows the key can end a wait. */
bool keyed_is_open(const struct object *object, int end);
/* The first words of a report: "id 7, mode 600: ". The length. */
int keyed_report(const struct object *object, char *to, size_t size);

/* The time of day in seconds since 1970. */
time_t keyed_now(void);
