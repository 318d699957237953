/* user.c - permissions by user and group: all decisions are in this file. */
#include "kernel/task/user.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/signal.h"
#include "kernel/lib/assert.h"
#include "kernel/task/process.h"

#define USERS_COUNTED	64	/* users share a counter when they are many */
#define EXECUTE_BITS	0111

/* By user number modulo USERS_COUNTED; user 0 is not counted. */
static uint32_t processes[USERS_COUNTED];	/* [P] */
static uint32_t bytes_sent[USERS_COUNTED];	/* [P] and not received */

bool user_is_root(const struct process *process)
{
	return process->identity.user == 0;
}

bool user_may_signal(const struct process *sender,
		     const struct process *receiver, int n)
{
	const struct identity *from = &sender->identity;
	const struct identity *to = &receiver->identity;

	if (from->user == 0)
		return true;
	if (n == SIGCONT && sender->session == receiver->session)
		return true;
	return from->user == to->real_user || from->user == to->saved_user ||
	       from->real_user == to->real_user ||
	       from->real_user == to->saved_user;
}

int user_may_use(const struct process *process, uid_t owner, gid_t group,
		 mode_t mode, int how)
{
	const struct identity *identity = &process->identity;

	if (user_is_root(process))
		return how & X_OK && !(mode & EXECUTE_BITS) ? -EACCES : 0;
	if (identity->user == owner)
		mode >>= 6;
	else if (identity->group == group)
		mode >>= 3;
	/* R_OK, W_OK and X_OK are the low three bits of a mode. */
	return how & ~mode ? -EACCES : 0;
}

bool user_add_process(uid_t user, uint32_t most)
{
	uint32_t *count = &processes[user % USERS_COUNTED];

	if (user == 0)
		return true;
	if (*count >= most)
		return false;
	++*count;
	return true;
}

void user_remove_process(uid_t user)
{
	if (user == 0)
		return;
	ASSERT(processes[user % USERS_COUNTED] > 0);
	processes[user % USERS_COUNTED]--;
}

bool user_has_room(uid_t user, uint32_t bytes)
{
	return user == 0 || bytes <= USER_BYTES_MAX -
				     bytes_sent[user % USERS_COUNTED];
}

void user_count_bytes(uid_t user, int32_t bytes)
{
	if (user != 0)
		bytes_sent[user % USERS_COUNTED] += bytes;
}
