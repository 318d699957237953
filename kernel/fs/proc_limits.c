/*
 * proc_limits.c - /proc/limits: what each user has caused, and the limits.
 *
 *	user kind used limit
 *	1000 memory 745472 66535424
 *
 * Memory and messages are bytes. A user sees the own lines only, root sees all.
 */
#include "kernel/fs/proc.h"

#include "kernel/mm/account.h"
#include "kernel/task/process.h"

static void put_line(struct proc_text *text, const struct account *account,
		     const char *kind, uint32_t used, uint32_t most)
{
	proc_printf(text, "%u %s %u ", (unsigned)account->user, kind,
		    (unsigned)used);
	if (account_is_root(account))
		proc_puts(text, "-\n");
	else
		proc_printf(text, "%u\n", (unsigned)most);
}

/* Root's account has a reference of its own. */
static void put_account(struct proc_text *text, const struct account *account)
{
	int kind;

	put_line(text, account, "processes",
		 account->refs - account_is_root(account), CHILD_MAX);
	for (kind = 0; kind < ACCOUNT_KINDS; kind++)
		put_line(text, account, account_kind_name[kind],
			 account->used[kind], account->most[kind]);
}

void proc_limits(struct proc_text *text)
{
	const struct account *account = NULL, *own = account_payer();

	proc_puts(text, "user kind used limit\n");
	while ((account = account_next(account)) != NULL)
		if (account == own || account_is_root(own))
			put_account(text, account);
}
