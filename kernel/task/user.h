/*
 * user.h - users and groups: the numbers that decide about permissions.
 *
 * User 0 may do everything. Further users may signal their own processes, use
 * files and named objects as the modes say, and have the limits of account.h.
 * Set-user-id programs do not exist.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/types.h"

struct account;
struct process;

struct identity {		/* [P] */
	uid_t real_user, user, saved_user;	/* `user` decides */
	gid_t real_group, group, saved_group;
	gid_t groups[NGROUPS_MAX];		/* supplementary groups */
	uint32_t group_count;			/* of them */
};

/* May the process do the things reserved for user 0? */
bool user_is_root(const struct process *process);

/* Is this group the effective group, or a supplementary group? */
bool user_is_in_group(const struct process *process, gid_t group);

/* May the sender send signal n to the receiver? The real or effective user of
 * the sender must be the real or saved user of the receiver. SIGCONT may also
 * go to the same session: not asked by identity_may_signal(). */
bool identity_may_signal(const struct identity *sender,
			 const struct process *receiver);
bool user_may_signal(const struct process *sender,
		     const struct process *receiver, int n);

/*
 * May the process use a thing of this owner, group and mode in this way
 * (R_OK, W_OK, X_OK together)? 0 or -EACCES. Root needs any X bit to run a
 * file.
 */
int user_may_use(const struct process *process, uid_t owner, gid_t group,
		 mode_t mode, int how);

/* The account that pays for what the running task causes: the function behind
 * account_payer(). */
struct account *user_account(void);
/* This account pays for what the running task causes, until the next
 * user_charge(). The account that paid before. */
struct account *user_charge(struct account *account);
/* From now on this account pays for what the process causes. The process takes
 * over the reference. */
void user_set_account(struct process *process, struct account *account);
