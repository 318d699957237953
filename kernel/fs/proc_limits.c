/*
 * proc_limits.c - /proc/limits: what each user has caused, and the limits.
 *
 *	user kind used limit
 *	1000 memory 745472 66535424
 *
 * Memory, messages and network are bytes. A user sees the own lines only, root
 * sees all.
 */
#include "kernel/fs/proc.h"

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
}

/* Root's account has a reference of its own. */
static void put_account(struct proc_text *text, const struct account *account)
{
	uint64_t unit;
	int kind;

	put_line(text, account, "processes",
		 account->refs - account_is_root(account), CHILD_MAX);
	for (kind = 0; kind < ACCOUNT_KINDS; kind++) {
		unit = kind <= ACCOUNT_HIGH ? ACCOUNT_UNIT : 1;
		put_line(text, account, account_kind_name[kind],
			 account->used[kind] * unit,
			 account->most[kind] * unit);
	}
}

void proc_limits(struct proc_text *text)
{
	const struct account *account = NULL, *own = account_payer();

	proc_puts(text, "user kind used limit\n");
	while ((account = account_next(account)) != NULL)
		if (account == own || account_is_root(own))
			put_account(text, account);
}
