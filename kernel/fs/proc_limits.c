/*
 * proc_limits.c - /proc/limits: what each user has caused, and the limits.
 *
 *	user kind used limit
 *	1000 memory 745472 66535424
 *
 * Memory, messages and network are bytes. A user sees only the lines of this
 * user, root sees all lines. Other tasks may run between the lines of two
 * users, never between two lines of the same user.
 */
#include "kernel/fs/proc.h"

#include "kernel/lib/sched_point.h"
#include "kernel/mm/account.h"
#include "kernel/task/process.h"

static void put_line(struct proc_text *text, const struct account *account,
		     const char *kind, uint64_t used, uint64_t most)
{
	proc_printf(text, "%u %s %llu ", (unsigned)account->user, kind, used);
	if (account_is_root(account))
		proc_puts(text, "-\n");
	else
		proc_printf(text, "%llu\n", most);
	sched_point();
}

/* Root's account has a reference of its own. */
static void put_account(struct proc_text *text, const struct account *account)
{
	const struct account now = *account;
	uint64_t unit;
	int kind;

	put_line(text, account, "processes",
		 now.refs - account_is_root(account), CHILD_MAX);
	for (kind = 0; kind < ACCOUNT_KINDS; kind++) {
		unit = kind <= ACCOUNT_HIGH ? ACCOUNT_UNIT : 1;
		put_line(text, account, account_kind_name[kind],
			 now.used[kind] * unit, now.most[kind] * unit);
	}
}

void proc_limits(struct proc_text *text)
{
	const struct account *own = account_payer();
	struct account *account, *next;

	proc_puts(text, "user kind used limit\n");
	for (account = account_next(NULL); account; account = next) {
		account_read_begin(account);
		if (account == own || account_is_root(own))
			put_account(text, account);
		next = account_next(account);
		account_read_end(account);
	}
}
