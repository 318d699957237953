/*
 * lock.c - the system calls of locks: fcntl(F_GETLK, F_SETLK, F_SETLKW), flock.
 *
 * Both fetch their arguments and make a struct lock_call of them.
 */
#include "kernel/fs/lock.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"

static bool can_be_locked(const struct open_file *file)
{
	return file && file->object->ops->leave == lock_leave;
}

/* The range of a struct flock. 0, -EINVAL or -EOVERFLOW. */
static int find_range(const struct open_file *file, const struct flock *flock,
		      struct lock *lock)
{
	off_t from = 0, start;

	if (flock->l_whence == SEEK_CUR)
		from = file->position;
	else if (flock->l_whence == SEEK_END)
		from = node_bytes(node_of(file->object));
	else if (flock->l_whence != SEEK_SET)
		return -EINVAL;
	if (flock->l_start > OFF_MAX - from)
		return -EOVERFLOW;
	start = from + flock->l_start;
	if (start < 0 || flock->l_len < -start)
		return -EINVAL;
	lock->start = flock->l_len < 0 ? start + flock->l_len : start;
	lock->end = OFF_MAX;
	if (flock->l_len > 0 && flock->l_len - 1 > OFF_MAX - start)
		return -EOVERFLOW;
	if (flock->l_len != 0)
		lock->end = flock->l_len < 0 ? start - 1
					     : start + (flock->l_len - 1);
	return 0;
}

/* The first lock in the way, or F_UNLCK. */
static long report_blocker(struct lock_call *call, struct flock *flock,
			   uaddr_t at)
{
	struct lock held;

	if (lock_find_blocker(call, &held)) {
		flock->l_type = held.type;
		flock->l_whence = SEEK_SET;
		flock->l_start = held.start;
		flock->l_len = held.end == OFF_MAX
			? 0 : held.end - held.start + 1;
		flock->l_pid = held.process->id;
	} else {
		flock->l_type = F_UNLCK;
	}
	return copy_to_user(at, flock, sizeof(*flock)) ? -EFAULT : 0;
}

/* Does the descriptor allow a lock of this type? */
static int check_type(const struct open_file *file, int type, int command)
{
	if (type == F_UNLCK)
		return command == F_GETLK ? -EINVAL : 0;
	if (type != F_RDLCK && type != F_WRLCK)
		return -EINVAL;
	if (command == F_GETLK)
		return 0;
	return (type == F_RDLCK ? file_can_read(file) : file_can_write(file))
		? 0 : -EBADF;
}

long fcntl_lock(int fd, int command, uaddr_t at)
{
	struct process *self = process_current();
	struct lock_call call = { .fd = fd, .file = descriptor_file(fd) };
	struct flock flock;
	int error;

	if (!can_be_locked(call.file))
		return call.file ? -EINVAL : -EBADF;
	if (copy_from_user(&flock, at, sizeof(flock)))
		return -EFAULT;
	error = check_type(call.file, flock.l_type, command);
	if (!error)
		error = find_range(call.file, &flock, &call.want);
	if (error)
		return error;
	call.want.type = flock.l_type;
	call.want.owner = call.want.process = self;
	if (command == F_GETLK)
		return report_blocker(&call, &flock, at);
	return lock_take(&call, command == F_SETLKW);
}

long sys_flock(int fd, int operation)
{
	struct lock_call call = { .fd = fd, .file = descriptor_file(fd) };

	if (!can_be_locked(call.file))
		return call.file ? -EINVAL : -EBADF;
	switch (operation & ~LOCK_NB) {
	case LOCK_SH:
		call.want.type = F_RDLCK;
		break;
	case LOCK_EX:
		call.want.type = F_WRLCK;
		break;
	case LOCK_UN:
		call.want.type = F_UNLCK;
		break;
	default:
		return -EINVAL;
	}
	call.want.owner = call.file;
	call.want.end = OFF_MAX;
	return lock_take(&call, !(operation & LOCK_NB));
}
