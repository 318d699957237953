/*
 * account.c - the accounts of the users, found by a hash of the user's number.
 *
 * An account begins with the first process of the user. The account ends when
 * no process of the user and no charge is left: objects that a user left behind
 * (files, messages) keep the account, so a next login finds the charges again.
 */
#include "kernel/mm/account.h"

#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define SLOTS		64		/* a power of two */
#define SMALL_SHARE	8		/* 1/8 of a small machine is kept */

#define NETWORK_SHARE	32		/* 1/32 of a small machine */

#define NO_LIMIT	UINT32_MAX

static const uint32_t most_of_root[] = {
	[ACCOUNT_MEMORY] = NO_LIMIT,	[ACCOUNT_MESSAGES] = NO_LIMIT,
	[ACCOUNT_TASKS] = NO_LIMIT,	[ACCOUNT_IDS] = NO_LIMIT,
	[ACCOUNT_FILES] = NO_LIMIT,	[ACCOUNT_NAMES] = NO_LIMIT,
	[ACCOUNT_TIMERS] = NO_LIMIT,	[ACCOUNT_FLIGHTS] = NO_LIMIT,
	[ACCOUNT_NETWORK] = NO_LIMIT,	[ACCOUNT_HIGH] = NO_LIMIT,
	[ACCOUNT_WATCHES] = NO_LIMIT,
	[ACCOUNT_LOCKS] = NO_LIMIT,	[ACCOUNT_KEYED] = NO_LIMIT,
	[ACCOUNT_TERMINALS] = NO_LIMIT,
};

/* Memory of both kinds is half of what the ordinary users may have together,
 * and the network a part of the memory of net/memory.c. */
static uint32_t most_of_user[ACCOUNT_KINDS] = {
	[ACCOUNT_MEMORY] = NO_LIMIT,	/* [const] set by account_init() */
	[ACCOUNT_HIGH] = NO_LIMIT,	/* [const] ... as well */
	[ACCOUNT_MESSAGES] = USER_BYTES_MAX,
	[ACCOUNT_TASKS] = USER_TASKS_MAX,
	[ACCOUNT_IDS] = USER_IDS_MAX,
	[ACCOUNT_FILES] = USER_FILES_MAX,
	[ACCOUNT_NAMES] = USER_NAMES_MAX,
	[ACCOUNT_TIMERS] = USER_TIMERS_MAX,
	[ACCOUNT_FLIGHTS] = USER_FLIGHTS_MAX,
	[ACCOUNT_LOCKS] = USER_LOCKS_MAX,
	[ACCOUNT_WATCHES] = USER_WATCHES_MAX,
	[ACCOUNT_TERMINALS] = USER_TERMINALS_MAX,
	[ACCOUNT_KEYED] = USER_KEYED_MAX,
	[ACCOUNT_NETWORK] = USER_NETWORK_MAX,
};

const char *const account_kind_name[ACCOUNT_KINDS] = {
	"memory", "high-memory", "messages", "tasks", "ids", "files", "names",
	"timers", "flights", "locks", "watches",
	"terminals", "sysv", "network",
};

struct account account_root = { .refs = 1, .most = most_of_root };

static struct account *slots[SLOTS];	/* [P] root's account is not there */
static uint32_t frames_kept;		/* [const] */
static struct pool account_pool = POOL("account", sizeof(struct account));

static struct account *root_pays(void)
{
	return &account_root;
}

struct account *(*account_payer)(void) = root_pays;

void account_init(uint32_t low, uint32_t high)
{
	frames_kept = MIN(ACCOUNT_FRAMES_KEPT, low / SMALL_SHARE);
	most_of_user[ACCOUNT_MEMORY] = (low - frames_kept) / 2 * ACCOUNT_PAGE;
	most_of_user[ACCOUNT_HIGH] = high / 2 * ACCOUNT_PAGE;
	most_of_user[ACCOUNT_NETWORK] =
		MIN(USER_NETWORK_MAX, low / NETWORK_SHARE * PAGE_SIZE);
}

static uint32_t slot_of(uid_t user)
{
	return (user * 2654435761u) >> 16 & (SLOTS - 1);
}

static struct account *find(uid_t user)
{
	struct account *account = slots[slot_of(user)];

	while (account && account->user != user)
		account = account->next;
	return account;
}

static struct account *create(uid_t user)
{
	struct account *account = pool_alloc_for(&account_pool, &account_root);

	if (!account)
		return NULL;
	memset(account, 0, sizeof(*account));
	account->user = user;
	account->frames_kept = frames_kept;
	account->most = most_of_user;
	account->next = slots[slot_of(user)];
	slots[slot_of(user)] = account;
	return account;
}

struct account *account_get_user(uid_t user)
{
	struct account *account = user ? find(user) : &account_root;

	if (!account)
		account = create(user);
	if (account)
		account_get(account);
	return account;
}

void account_may_end(struct account *account)
{
	struct account **link = &slots[slot_of(account->user)];
	int kind;

	if (account->readers > 0)
		return;
	for (kind = 0; kind < ACCOUNT_KINDS; kind++)
		if (account->used[kind] > 0)
			return;
	while (*link != account)
		link = &(*link)->next;
	*link = account->next;
	pool_free(&account_pool, account);
}

void account_put(struct account *account)
{
	ASSERT(account->refs > 0);
	if (--account->refs == 0)
		account_may_end(account);
}

void account_read_end(struct account *account)
{
	account->readers--;
	if (account->refs == 0)
		account_may_end(account);
}

struct account *account_next(const struct account *account)
{
	uint32_t slot = 0;

	if (!account)
		return &account_root;
	if (account->next)
		return account->next;
	if (!account_is_root(account))
		slot = slot_of(account->user) + 1;
	while (slot < SLOTS && !slots[slot])
		slot++;
	return slot < SLOTS ? slots[slot] : NULL;
}
