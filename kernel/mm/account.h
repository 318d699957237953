/*
 * account.h - what each user has caused: memory, tasks, files, and the limits.
 *
 * Each object of a pool, each frame of a program's memory and each id has an
 * account: the account of the user whose process caused it. The charge is made
 * at creation and taken back at destruction. Neither setuid(2) nor a descriptor
 * that travels to a second user moves a charge. heap.c and frame.c charge, so
 * no mechanism can forget to charge.
 *
 * Root has no limits. The ordinary users together never get the last
 * ACCOUNT_FRAMES_KEPT low frames, ACCOUNT_TASKS_KEPT tasks and ACCOUNT_IDS_KEPT
 * ids, so root can always log in, look, and kill. Of the other low frames, a
 * user gets no more while less is free than an eighth of what the user has. So
 * any number of users together leave memory for the next user. All functions
 * need task switches postponed [P], and no function sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

/* What is counted; the unit is 1, a byte, or ACCOUNT_UNIT. */
enum account_kind {
	ACCOUNT_MEMORY,		/* units: tables, stacks, objects, low frames */
	ACCOUNT_HIGH,		/* units: high frames of programs and files */
	ACCOUNT_MESSAGES,	/* bytes: messages on their way */
	ACCOUNT_TASKS,
	ACCOUNT_IDS,
	ACCOUNT_FILES,		/* open files */
	ACCOUNT_NAMES,		/* files, directories and named objects */
	ACCOUNT_TIMERS,
	ACCOUNT_FLIGHTS,	/* descriptors in messages: obj/flight.h */
	ACCOUNT_LOCKS,		/* record locks and flock(): fs/lock.c */
	ACCOUNT_WATCHES,	/* of files: fs/inotify_watch.c */
	ACCOUNT_TERMINALS,	/* pseudo-terminals: dev/pty.c */
	ACCOUNT_KEYED,		/* objects of System V IPC: obj/keyed.c */
	ACCOUNT_NETWORK,	/* bytes: packets, connections */
	ACCOUNT_KINDS
};

/* Memory is counted in units, so that 32 bits can count 64 GiB. The objects of
 * the pools have sizes of whole units. */
#define ACCOUNT_UNIT	16u		/* bytes */
#define ACCOUNT_PAGE	(PAGE_SIZE / ACCOUNT_UNIT)

#define ACCOUNT_FRAMES_KEPT	1024	/* 4 MiB; 1/8 of a small machine */
#define ACCOUNT_USED_PER_FREE	8	/* a user's low frames, to the free */
#define ACCOUNT_TASKS_KEPT	64
#define ACCOUNT_IDS_KEPT	64

/* An address of an account leaves the lowest bits to its user: frame.c. */
#define ALIGN_OF_ACCOUNT	16

struct account {
	uid_t user;			/* [const] the real user */
	uint32_t refs;			/* [P] processes of the user now */
	uint32_t readers;		/* [P] tasks that read the account */
	uint32_t frames_kept;		/* [const] free frames for root */
	const uint32_t *most;		/* [const] the limit of each kind */
	uint32_t used[ACCOUNT_KINDS];	/* [P] gifts may exceed a limit */
	struct account *next;		/* [P] in the hash table */
} __attribute__((aligned(ALIGN_OF_ACCOUNT)));

extern struct account account_root;	/* user 0, and the kernel itself */
extern const char *const account_kind_name[ACCOUNT_KINDS];

/* Give the ordinary users their share of so many low and high frames. So one
 * user leaves half of both kinds, and a kernel of large machines needs the low
 * frames for itself. */
void account_init(uint32_t low, uint32_t high);

/* The account that pays at this moment: the running process's. The floor above
 * sets the function; before, root pays. */
extern struct account *(*account_payer)(void);

/* The account of a user, with a reference for a process; NULL: no memory. An
 * account ends when it has no process, no charge and no reader. */
struct account *account_get_user(uid_t user);
static inline void account_get(struct account *account)
{
	account->refs++;
}
void account_put(struct account *account);
/* A task reads the account, and other tasks may run meanwhile. */
static inline void account_read_begin(struct account *account)
{
	account->readers++;
}
void account_read_end(struct account *account);

static inline bool account_is_root(const struct account *account)
{
	return account == &account_root;
}

/* The free low frames that the account must leave. */
static inline uint32_t account_frames_kept(const struct account *account)
{
	if (account_is_root(account))
		return 0;
	return account->frames_kept + account->used[ACCOUNT_MEMORY] /
	       (ACCOUNT_USED_PER_FREE * ACCOUNT_PAGE);
}

/* Is there room for so much more? */
static inline bool account_has_room(const struct account *account,
				    enum account_kind kind, uint32_t amount)
{
	uint32_t used = account->used[kind], most = account->most[kind];

	return used <= most && amount <= most - used;
}

/* The pages that the account may still get. */
static inline uint32_t account_pages(const struct account *account)
{
	uint32_t pages = 0, kind;

	for (kind = ACCOUNT_MEMORY; kind <= ACCOUNT_HIGH; kind++)
		if (account_has_room(account, kind, 0))
			pages += (account->most[kind] - account->used[kind]) /
				 ACCOUNT_PAGE;
	return pages;
}

/* Charge the account. False: over the limit, and
 * nothing has changed. */
static inline bool account_charge(struct account *account,
				  enum account_kind kind, uint32_t amount)
{
	uint32_t used = account->used[kind] + amount;

	if (used > account->most[kind])
		return false;
	account->used[kind] = used;
	return true;
}

/* account_uncharge() has found that nothing of a kind is left. */
void account_may_end(struct account *account);

/* Take a charge back. */
static inline void account_uncharge(struct account *account,
				    enum account_kind kind, uint32_t amount)
{
	ASSERT(account->used[kind] >= amount);
	account->used[kind] -= amount;
	if (account->used[kind] == 0 && account->refs == 0)
		account_may_end(account);
}

/* The errno of an allocation that failed: `over` if the account that pays now
 * has no room for so much more, or else `error`. */
static inline int account_error(enum account_kind kind, uint32_t amount,
				int over, int error)
{
	return account_has_room(account_payer(), kind, amount) ? error : over;
}

/* The next account after `account`, in no order; NULL: the first account, or no
 * more. */
struct account *account_next(const struct account *account);
