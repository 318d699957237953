/* user.c - the system calls of users and groups. */
#include "kernel/task/user.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
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

/* The new real user pays for the process from now on. The earlier user goes on
 * paying for the memory and objects that exist already. */
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

/* The three numbers of a kind in a struct identity: real, effective, saved. */
struct three {
	uint32_t real, now, saved;	/* [own] */
};

#define KEEP	((uint32_t)-1)

/* May `to` take the place of `from`? KEEP stands for the old number. For a
 * user who is not root, each number must be among the three old numbers. */
static long check_three(struct three from, struct three *to)
{
	uint32_t *number[] = { &to->real, &to->now, &to->saved };
	const uint32_t before[] = { from.real, from.now, from.saved };

	for (unsigned i = 0; i < 3; i++) {
		uint32_t n = *number[i] == KEEP ? before[i] : *number[i];

		if ((int32_t)n < 0)
			return -EINVAL;
		if (!user_is_root(process_current()) && n != before[0] &&
		    n != before[1] && n != before[2])
			return -EPERM;
		*number[i] = n;
	}
	return 0;
}

static long give_three(struct three of, const uaddr_t to[3])
{
	long error = copy_to_user(to[0], &of.real, sizeof(of.real));

	if (!error)
		error = copy_to_user(to[1], &of.now, sizeof(of.now));
	if (!error)
		error = copy_to_user(to[2], &of.saved, sizeof(of.saved));
	return error;
}

static struct three own_users(void)
{
	return (struct three){
		own()->real_user, own()->user, own()->saved_user,
	};
}

static struct three own_groups(void)
{
	return (struct three){
		own()->real_group, own()->group, own()->saved_group,
	};
}

long sys_setresuid(uid_t real, uid_t user, uid_t saved)
{
	struct three to = { real, user, saved };
	long error = check_three(own_users(), &to);

	if (!error)
		error = change_real_user(to.real);
	if (error)
		return error;
	own()->user = to.now;
	own()->saved_user = to.saved;
	return has_changed();
}

long sys_getresuid(uaddr_t real, uaddr_t user, uaddr_t saved)
{
	return give_three(own_users(), (uaddr_t[]){ real, user, saved });
}

long sys_setresgid(gid_t real, gid_t group, gid_t saved)
{
	struct three to = { real, group, saved };
	long error = check_three(own_groups(), &to);

	if (error)
		return error;
	own()->real_group = to.real;
	own()->group = to.now;
	own()->saved_group = to.saved;
	return has_changed();
}

long sys_getresgid(uaddr_t real, uaddr_t group, uaddr_t saved)
{
	return give_three(own_groups(), (uaddr_t[]){ real, group, saved });
}

/* ---- Supplementary groups ------------------------------------------------ */

long sys_getgroups(int room, uaddr_t groups_at)
{
	int count = own()->group_count;
	long error = 0;

	if (room < 0 || (room > 0 && room < count))
		return -EINVAL;
	if (room > 0)
		error = copy_to_user(groups_at, own()->groups,
				     count * sizeof(gid_t));
	return error ? error : count;
}

/* For root alone. A process inherits the groups of its parent. */
long sys_setgroups(size_t count, uaddr_t groups_at)
{
	gid_t groups[NGROUPS_MAX];
	uint32_t i;

	if (!user_is_root(process_current()))
		return -EPERM;
	if (count > NGROUPS_MAX)
		return -EINVAL;
	if (copy_from_user(groups, groups_at, count * sizeof(gid_t)) != 0)
		return -EFAULT;
	for (i = 0; i < count; i++)
		if ((int32_t)groups[i] < 0)
			return -EINVAL;
	memcpy(own()->groups, groups, count * sizeof(gid_t));
	own()->group_count = count;
	return 0;
}

/* ---- A part of the three ------------------------------------------------- */

/* Root becomes a different user for good. For a process of a different user,
 * the real or the saved user becomes the effective user. The number of the
 * effective user alone is EPERM, though the call would change nothing. */
long sys_setuid(uid_t user)
{
	if (user == KEEP)
		return -EINVAL;
	if (user_is_root(process_current()))
		return sys_setresuid(user, user, user);
	if (user != own()->real_user && user != own()->saved_user)
		return (int32_t)user < 0 ? -EINVAL : -EPERM;
	return sys_setresuid(KEEP, user, KEEP);
}

long sys_setgid(gid_t group)
{
	if (group == KEEP)
		return -EINVAL;
	if (user_is_root(process_current()))
		return sys_setresgid(group, group, group);
	if (group != own()->real_group && group != own()->saved_group)
		return (int32_t)group < 0 ? -EINVAL : -EPERM;
	return sys_setresgid(KEEP, group, KEEP);
}

long sys_seteuid(uid_t user)
{
	return user == KEEP ? -EINVAL : sys_setresuid(KEEP, user, KEEP);
}

long sys_setegid(gid_t group)
{
	return group == KEEP ? -EINVAL : sys_setresgid(KEEP, group, KEEP);
}
