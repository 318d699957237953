/*
 * user.h - on whose behalf a process acts: user and group numbers.
 *
 * User 0 may do everything. The others may signal their own processes, use
 * files and named objects as the modes say, and have at most CHILD_MAX
 * processes. Set-user-id programs and supplementary groups do not exist.
 */
#pragma once

#include "kernel/lib/types.h"

struct process;

struct identity {
	uid_t real_user, user, saved_user;	/* `user` is what counts */
	gid_t real_group, group, saved_group;
};

/* May the process do what only user 0 may? */
bool user_is_root(const struct process *process);

/* May the sender signal the receiver? The real or effective user of the one
 * must be the real or saved user of the other; SIGCONT also within a
 * session. */
bool user_may_signal(const struct process *sender,
		     const struct process *receiver, int n);

/*
 * May the process use what belongs to owner and group with these mode bits
 * like this (R_OK, W_OK, X_OK together)? 0 or -EACCES. Root needs one X bit to
 * run a file.
 */
int user_may_use(const struct process *process, uid_t owner, gid_t group,
		 mode_t mode, int how);

/* Count a process of this user; false when it has `most` already. */
bool user_add_process(uid_t user, uint32_t most);
void user_remove_process(uid_t user);

/* Messages under way count for who sent them: may this user have so many more
 * bytes there, USER_BYTES_MAX in all? Root always may. */
bool user_has_room(uid_t user, uint32_t bytes);
/* So many more, or fewer, it has. */
void user_count_bytes(uid_t user, int32_t bytes);
