/* user.c - permissions by user and group: all decisions are in this file. */
#include "kernel/task/user.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/signal.h"
#include "kernel/mm/account.h"
#include "kernel/task/process.h"

#define EXECUTE_BITS	0111

bool user_is_root(const struct process *process)
{
	return process->identity.user == 0;
}

bool user_is_in_group(const struct process *process, gid_t group)
{
	const struct identity *identity = &process->identity;

	for (uint32_t i = 0; i < identity->group_count; i++)
		if (identity->groups[i] == group)
			return true;
	return identity->group == group;
}

bool identity_may_signal(const struct identity *from,
			 const struct process *receiver)
{
	const struct identity *to = &receiver->identity;

	return from->user == 0 ||
	       from->user == to->real_user || from->user == to->saved_user ||
	       from->real_user == to->real_user ||
	       from->real_user == to->saved_user;
}

bool user_may_signal(const struct process *sender,
		     const struct process *receiver, int n)
{
	if (sender->identity.user == 0 ||
	    (n == SIGCONT && sender->session == receiver->session))
		return true;
	return identity_may_signal(&sender->identity, receiver);
}

int user_may_use(const struct process *process, uid_t owner, gid_t group,
		 mode_t mode, int how)
{
	if (user_is_root(process))
		return how & X_OK && !(mode & EXECUTE_BITS) ? -EACCES : 0;
	if (process->identity.user == owner)
		mode >>= 6;
	else if (user_is_in_group(process, group))
		mode >>= 3;
	/* R_OK, W_OK and X_OK are the low three bits of a mode. */
	return how & ~mode ? -EACCES : 0;
}

struct account *user_account(void)
{
	return task_current()->account;
}

struct account *user_charge(struct account *account)
{
	struct account *before = task_current()->account;

	task_current()->account = account;
	return before;
}

void user_set_account(struct process *process, struct account *account)
{
	struct task *task;

	account_put(process->account);
	process->account = account;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		task->account = account;
}
