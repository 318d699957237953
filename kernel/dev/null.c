/*
 * null.c - /dev/null, /dev/zero and /dev/full: the devices without hardware.
 *
 * null is empty to a reader and takes everything from a writer; zero never
 * ends; full is a disk without room, to test the error handling of a program.
 * Each device is a table of operations, and the shortest example of an object.
 */
#include "kernel/dev/null.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/obj/file.h"

static ssize_t read_nothing(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file;
	(void)to;
	(void)bytes;
	return 0;
}

static ssize_t read_zeros(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file;
	return clear_user(to, bytes) ? -EFAULT : (ssize_t)bytes;
}

/* Without a source, a mapping is as one without a file: zeros, private or
   shared. */
static int map_zeros(struct open_file *file, struct page_source **source)
{
	(void)file;
	*source = NULL;
	return 0;
}

static ssize_t write_anything(struct open_file *file, uaddr_t from,
			      size_t bytes)
{
	(void)file;
	(void)from;
	return bytes;
}

static ssize_t write_to_full(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	(void)file;
	(void)from;
	(void)bytes;
	return -ENOSPC;
}

static off_t seek_nowhere(struct open_file *file, off_t offset, int whence)
{
	(void)file;
	(void)offset;
	return whence == SEEK_SET || whence == SEEK_CUR || whence == SEEK_END ?
		0 : -EINVAL;
}

static const struct object_ops null_ops = {
	.kind = "null",
	.read = read_nothing,
	.write = write_anything,
	.seek = seek_nowhere,
};

static const struct object_ops zero_ops = {
	.kind = "zero",
	.is_stream = true,
	.read = read_zeros,
	.write = write_anything,
	.seek = seek_nowhere,
	.map = map_zeros,
};

static const struct object_ops full_ops = {
	.kind = "full",
	.is_stream = true,
	.read = read_zeros,
	.write = write_to_full,
	.seek = seek_nowhere,
};

void null_init(void)
{
	static struct object null, zero, full;

	object_init(&null, &null_ops);
	object_init(&zero, &zero_ops);
	object_init(&full, &full_ops);
	device_register("null", &null, 0666);
	device_register("zero", &zero, 0666);
	device_register("full", &full, 0666);
}
