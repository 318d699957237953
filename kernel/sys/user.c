/* user.c - the system calls of users and groups. */
#include "kernel/task/user.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/account.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"
#include "kernel/task/share.h"

static struct identity *own(void)
{
	return &process_current()->identity;
}

/* The names in /proc have the owner of their process. */
static long has_changed(void)
{
	if (process_current()->has_names)
		process_end_names(process_current());
	return 0;
}

long sys_getuid(void)
{
	return own()->real_user;
}

long sys_geteuid(void)
{
	return own()->user;
}

long sys_getgid(void)
{
	return own()->real_group;
}

long sys_getegid(void)
{
	return own()->group;
}

/* The new real user pays for what the process does from now on. The user before
 * goes on paying for what is there. */
static long change_real_user(uid_t user)
{
	struct process *process = process_current();
	struct account *account;
	struct share *share;
	struct task *task;

	if (process->identity.real_user == user)
		return 0;
	account = account_get_user(user);
	if (!account)
		return -EAGAIN;
	if (user != 0 && account->refs > CHILD_MAX) {
		account_put(account);
		return -EAGAIN;
	}
	share = share_get(user);
	if (!share) {
		account_put(account);
		return -EAGAIN;
	}
	user_set_account(process, account);
	LIST_FOR_EACH(task, &process->tasks, sibling)
		task_set_share(task, share);
	share_put(share);
	process->identity.real_user = user;
	return 0;
}

/* Root becomes a different user for good; a process of a different user
 * switches between the real and the saved user. */
long sys_setuid(uid_t user)
{
	struct identity *identity = own();
	long error;

	if ((int32_t)user < 0)
		return -EINVAL;
	if (!user_is_root(process_current())) {
		if (user != identity->real_user &&
		    user != identity->saved_user)
			return -EPERM;
		identity->user = user;
		return has_changed();
	}
	error = change_real_user(user);
	if (error)
		return error;
	identity->user = identity->saved_user = user;
	return has_changed();
}

long sys_setgid(gid_t group)
{
	struct identity *identity = own();

	if ((int32_t)group < 0)
		return -EINVAL;
	if (user_is_root(process_current())) {
		identity->real_group = group;
		identity->group = identity->saved_group = group;
		return has_changed();
	}
	if (group != identity->real_group && group != identity->saved_group)
		return -EPERM;
	identity->group = group;
	return has_changed();
}

long sys_seteuid(uid_t user)
{
	struct identity *identity = own();

	if ((int32_t)user < 0)
		return -EINVAL;
	if (!user_is_root(process_current()) && user != identity->real_user &&
	    user != identity->saved_user)
		return -EPERM;
	identity->user = user;
	return has_changed();
}

long sys_setegid(gid_t group)
{
	struct identity *identity = own();

	if ((int32_t)group < 0)
		return -EINVAL;
	if (!user_is_root(process_current()) &&
	    group != identity->real_group && group != identity->saved_group)
		return -EPERM;
	identity->group = group;
	return has_changed();
}
