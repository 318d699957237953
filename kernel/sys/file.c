/*
 * file.c - the system calls on descriptors.
 *
 * Each call finds the open file. The object's table of operations does the
 * work.
 */
#include "kernel/sys/syscalls.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/termios.h"
#include "kernel/fs/device.h"
#include "kernel/fs/inotify.h"
#include "kernel/lib/string.h"
#include "kernel/obj/async.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/socket.h"
#include "kernel/sys/path.h"

/* The flags that F_SETFL may change. */
#define CHANGEABLE	(O_APPEND | O_NONBLOCK)
/* Of getdents(2), which the reader calls again. */
#define LIST_BYTES	768u

long sys_read(int fd, uaddr_t buffer, size_t bytes)
{
	struct open_file *file = descriptor_file(fd);

	return file ? file_read(file, buffer, bytes) : -EBADF;
}

/* A write with O_DSYNC waits until the bytes are on the disk. */
static ssize_t write_through(struct open_file *file, uaddr_t buffer,
			     size_t bytes)
{
	ssize_t done;
	long error = 0;

	file_get(file);			/* a thread may close fd meanwhile */
	done = file_write(file, buffer, bytes);
	if (done > 0 && file->flags & O_DSYNC)
		error = sync_file(file);
	file_put(file);
	return error ? error : done;
}

long sys_write(int fd, uaddr_t buffer, size_t bytes)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	return file->flags & O_DSYNC ? write_through(file, buffer, bytes)
				     : file_write(file, buffer, bytes);
}

long sys_close(int fd)
{
	struct open_file *file = descriptor_file(fd);

	if (!file || !socket_of(file))
		return descriptor_close(fd);
	file_get(file);
	descriptor_close(fd);
	if (file->refs == 1 && file->flights == 0)
		socket_linger(file);
	file_put(file);
	return 0;
}

static long duplicate(struct open_file *file, int lowest, bool close_on_exec)
{
	long fd;

	file_get(file);
	fd = descriptor_install(file, lowest, close_on_exec);
	if (fd < 0)
		file_put(file);
	return fd;
}

long sys_dup(int fd)
{
	struct open_file *file = descriptor_file(fd);

	return file ? duplicate(file, 0, false) : -EBADF;
}

long sys_dup2(int fd, int to)
{
	return descriptor_dup2(fd, to, false);
}

long sys_dup3(int fd, int to, int flags)
{
	if (fd == to || flags & ~O_CLOEXEC)
		return -EINVAL;
	return descriptor_dup2(fd, to, flags & O_CLOEXEC);
}

/* F_SETFL. */
static long set_flags(int fd, struct open_file *file, int flags)
{
	int error = async_switch(file, fd, flags & O_ASYNC);

	if (error)
		return error;
	file->flags = (file->flags & ~CHANGEABLE) | (flags & CHANGEABLE);
	return 0;
}

long sys_fcntl(int fd, int command, long argument)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	switch (command) {
	case F_DUPFD:
		return duplicate(file, argument, false);
	case F_DUPFD_CLOEXEC:
		return duplicate(file, argument, true);
	case F_GETFD:
		return descriptor_is_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		descriptor_set_close_on_exec(fd, argument & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return file->flags &
		       (O_ACCMODE | CHANGEABLE | O_ASYNC | O_SYNC);
	case F_SETFL:
		return set_flags(fd, file, argument);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return fcntl_lock(fd, command, argument);
	default:
		return async_control(file, command, argument);
	}
}

long sys_lseek(int fd, uint32_t low, uint32_t high, int whence, uaddr_t to)
{
	struct open_file *file = descriptor_file(fd);
	off_t position, old;

	if (!file)
		return -EBADF;
	if (!file->object->ops->seek)
		return -ESPIPE;
	old = file->position;
	position = file->object->ops->seek(file, syscall_offset(low, high),
					   whence);
	if (position < 0)
		return position;
	if (!copy_to_user(to, &position, sizeof(position)))
		return 0;
	file->position = old;
	return -EFAULT;
}

/* file_read() or file_write() */
typedef ssize_t transfer_function(struct open_file *, uaddr_t, size_t);

/* The transfer has an open file of its own, with a position of its own: the
 * wait for a disk lets other tasks use the shared open file. */
static long transfer_at(int fd, uaddr_t buffer, size_t bytes, off_t offset,
			transfer_function *transfer)
{
	struct open_file *file = descriptor_file(fd), own;
	ssize_t done;

	if (!file)
		return -EBADF;
	if (!file->object->ops->seek)
		return -ESPIPE;
	if (offset < 0)
		return -EINVAL;
	file_get(file);
	own = *file;
	own.position = offset;
	own.flags &= ~O_APPEND;
	done = transfer(&own, buffer, bytes);
	file_put(file);
	return done;
}

long sys_pread(int fd, uaddr_t buffer, size_t bytes, uint32_t low,
	       uint32_t high)
{
	return transfer_at(fd, buffer, bytes, syscall_offset(low, high),
			   file_read);
}

long sys_pwrite(int fd, uaddr_t buffer, size_t bytes, uint32_t low,
		uint32_t high)
{
	return transfer_at(fd, buffer, bytes, syscall_offset(low, high),
			   write_through);
}

/* An object outside of the file tree, without a stat operation. */
static void stat_of_stranger(const struct object *object, struct stat *status)
{
	status->st_ino = object->id;
	status->st_mode = S_IFCHR | 0600;
	status->st_nlink = 1;
	status->st_blksize = PAGE_SIZE;
}

long sys_fstat(int fd, uaddr_t status)
{
	struct open_file *file = descriptor_file(fd);
	struct stat result;
	int error = 0;

	if (!file)
		return -EBADF;
	memset(&result, 0, sizeof(result));
	if (file->object->ops->stat)
		error = file->object->ops->stat(file->object, &result);
	else if (!device_stat(file->object, &result))
		stat_of_stranger(file->object, &result);
	return error ? error : copy_to_user(status, &result, sizeof(result));
}

/* [own] */
struct listing {
	struct open_file *file;
	uaddr_t buffer;
	size_t bytes;
};

static long attempt_list(void *context)
{
	const struct listing *listing = context;

	return listing->file->object->ops->list(listing->file, listing->buffer,
						listing->bytes);
}

long sys_getdents(int fd, uaddr_t buffer, size_t bytes)
{
	struct listing listing = { descriptor_file(fd), buffer,
				   MIN(bytes, LIST_BYTES) };
	long done;

	if (!listing.file || !file_can_read(listing.file))
		return -EBADF;
	if (!listing.file->object->ops->list)
		return -ENOTDIR;
	file_get(listing.file);		/* a thread may close fd meanwhile */
	done = fs_try(attempt_list, &listing);
	if (done > 0)
		inotify_node(node_of(listing.file->object), IN_ACCESS);
	file_put(listing.file);
	return done;
}

/* FIONBIO or FIOASYNC: F_SETFL for one flag. */
static long switch_flag(int fd, struct open_file *file, int flag,
			uaddr_t argument)
{
	int on;

	if (copy_from_user(&on, argument, sizeof(on)))
		return -EFAULT;
	return set_flags(fd, file,
			 on ? file->flags | flag : file->flags & ~flag);
}

long sys_ioctl(int fd, unsigned long request, uint32_t argument)
{
	struct open_file *file = descriptor_file(fd);
	long result;

	if (!file)
		return -EBADF;
	switch (request) {
	case FIONBIO:
		return switch_flag(fd, file, O_NONBLOCK, argument);
	case FIOASYNC:
		return switch_flag(fd, file, O_ASYNC, argument);
	case FIOCLEX:
	case FIONCLEX:
		descriptor_set_close_on_exec(fd, request == FIOCLEX);
		return 0;
	}
	if (!file->object->ops->control)
		return -ENOTTY;
	file_get(file);
	result = file->object->ops->control(file, request, argument);
	file_put(file);
	return result;
}
