/*
 * account.c - accounts of users: limits, the end of an account, many users.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/mm/account.c
 *
 * A model beside the accounts counts what each user was charged. Random charges
 * of random users compare both after each step.
 */
#include "tests/host/stub/host.h"

#include "kernel/mm/account.h"

#define FRAMES		32768		/* of the machine: 128 MiB */
#define USERS		200
#define STEPS		200000

static struct {
	uint32_t refs, used[ACCOUNT_KINDS];
} model[USERS + 1];

static void limits_hold(void)
{
	struct account *account = account_get_user(1000);
	uint32_t most = account->most[ACCOUNT_TASKS];

	is(account_charge(account, ACCOUNT_TASKS, most), true,
	   "all that the limit allows");
	is(account_charge(account, ACCOUNT_TASKS, 1), false, "no more");
	is(account->used[ACCOUNT_TASKS], most, "a refusal changes nothing");
	is(account_has_room(account, ACCOUNT_TASKS, 0), true, "room for 0");
	account_uncharge(account, ACCOUNT_TASKS, most);
	is(account_charge(&account_root, ACCOUNT_TASKS, most + 1), true,
	   "root has no limit");
	account_uncharge(&account_root, ACCOUNT_TASKS, most + 1);
	is(account->frames_kept, ACCOUNT_FRAMES_KEPT, "4 MiB are kept");
	is(account->most[ACCOUNT_MEMORY],
	   (FRAMES - ACCOUNT_FRAMES_KEPT) / 2 * ACCOUNT_PAGE,
	   "half of the rest for one user");
	is(account->most[ACCOUNT_HIGH], FRAMES * ACCOUNT_PAGE,
	   "half of the high frames");
	is(account_pages(account), FRAMES + (FRAMES - ACCOUNT_FRAMES_KEPT) / 2,
	   "pages of both kinds");
	account->used[ACCOUNT_MEMORY] = 80 * ACCOUNT_PAGE;
	is(account_frames_kept(account), ACCOUNT_FRAMES_KEPT + 10,
	   "an eighth of what the user has stays free for the next user");
	account_uncharge(account, ACCOUNT_MEMORY, 80 * ACCOUNT_PAGE);
	is(account_frames_kept(&account_root), 0, "root gets the last frame");
	account_put(account);
	is(host_pool_objects(), 0, "an account without a charge has ended");
}

static void overdrawn_account_has_no_room(void)
{
	struct account *account = account_get_user(1000);
	uint32_t most = account->most[ACCOUNT_MEMORY];

	account->used[ACCOUNT_MEMORY] = most + ACCOUNT_PAGE;	/* a gift */
	is(account_has_room(account, ACCOUNT_MEMORY, 0), false, "no room");
	is(account_charge(account, ACCOUNT_MEMORY, 1), false, "no charge");
	account_uncharge(account, ACCOUNT_MEMORY, 2 * ACCOUNT_PAGE);
	is(account_charge(account, ACCOUNT_MEMORY, ACCOUNT_PAGE), true,
	   "room again");
	account_uncharge(account, ACCOUNT_MEMORY, most);
	account_put(account);
}

static void account_outlives_its_processes(void)
{
	struct account *account = account_get_user(1000);

	account_charge(account, ACCOUNT_FILES, 1);
	account_put(account);
	is(host_pool_objects(), 1, "a charge keeps the account");
	ok(account_get_user(1000) == account, "a next login finds the account");
	account_put(account);
	account_uncharge(account, ACCOUNT_FILES, 1);
	is(host_pool_objects(), 0, "the last charge ends the account");
}

static void equal_low_bits_are_different_users(void)
{
	struct account *one = account_get_user(1000);
	struct account *two = account_get_user(1064);

	ok(one != two && one->user == 1000 && two->user == 1064,
	   "1000 and 1064 have accounts of their own");
	account_put(one);
	account_put(two);
}

static struct account *find(uid_t user)
{
	struct account *account = NULL;

	while ((account = account_next(account)) != NULL)
		if (account->user == user)
			return account;
	return NULL;
}

static bool is_equal(uid_t user)
{
	const struct account *account = find(user);
	uint32_t total = model[user].refs;

	for (int kind = 0; kind < ACCOUNT_KINDS; kind++) {
		total += model[user].used[kind];
		if (account && account->used[kind] != model[user].used[kind])
			return false;
	}
	return account ? account->refs == model[user].refs && total > 0
		       : total == 0;
}

static void step(uid_t user)
{
	struct account *account = find(user);
	enum account_kind kind = host_random(ACCOUNT_KINDS);
	uint32_t amount = host_random(1000);

	switch (host_random(4)) {
	case 0:
		account_get_user(user);
		model[user].refs++;
		break;
	case 1:
		if (model[user].refs == 0)
			break;
		model[user].refs--;
		account_put(account);
		break;
	case 2:
		if (account && account_charge(account, kind, amount))
			model[user].used[kind] += amount;
		break;
	default:
		amount = model[user].used[kind];
		model[user].used[kind] = 0;
		if (amount > 0)
			account_uncharge(account, kind, amount);
	}
}

static void many_users_are_counted_apart(void)
{
	uint32_t wrong = 0;

	for (int i = 0; i < STEPS; i++) {
		uid_t user = 1 + host_random(USERS);

		step(user);
		wrong += !is_equal(user);
	}
	for (uid_t user = 1; user <= USERS; user++)
		wrong += !is_equal(user);
	is(wrong, 0, "each account is as the model says");
}

int main(void)
{
	account_init(FRAMES, 2 * FRAMES);
	limits_hold();
	overdrawn_account_has_no_room();
	account_outlives_its_processes();
	equal_low_bits_are_different_users();
	many_users_are_counted_apart();
	return tap_done();
}
