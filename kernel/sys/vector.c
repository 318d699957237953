/*
 * vector.c - the system calls with several parts of memory.
 *
 * During the call the parts are one range: see kernel/obj/vector.c.
 */
#include "kernel/obj/vector.h"

#include "kernel/sys/syscalls.h"

/* sys_read() or sys_write() */
typedef long plain_call(int fd, uaddr_t buffer, size_t bytes);
/* sys_pread() or sys_pwrite() */
typedef long plain_call_at(int fd, uaddr_t buffer, size_t bytes, uint32_t low,
			   uint32_t high);

/* The parts of a call. [own] */
struct parts {
	uaddr_t at;
	int count;
};

static long join(int fd, struct parts parts, plain_call *call)
{
	struct vector vector;
	long result = vector_begin(&vector, parts.at, parts.count);

	if (result)
		return result;
	result = call(fd, VECTOR_START, vector.bytes);
	vector_end(&vector);
	return result;
}

static long join_at(int fd, struct parts parts, off_t offset,
		    plain_call_at *call)
{
	struct vector vector;
	long result = vector_begin(&vector, parts.at, parts.count);

	if (result)
		return result;
	result = call(fd, VECTOR_START, vector.bytes, offset, offset >> 32);
	vector_end(&vector);
	return result;
}

long sys_readv(int fd, uaddr_t parts, int count)
{
	return join(fd, (struct parts){ parts, count }, sys_read);
}

long sys_writev(int fd, uaddr_t parts, int count)
{
	return join(fd, (struct parts){ parts, count }, sys_write);
}

long sys_preadv(int fd, uaddr_t parts, int count, uint32_t low, uint32_t high)
{
	return join_at(fd, (struct parts){ parts, count },
		       syscall_offset(low, high), sys_pread);
}

long sys_pwritev(int fd, uaddr_t parts, int count, uint32_t low, uint32_t high)
{
	return join_at(fd, (struct parts){ parts, count },
		       syscall_offset(low, high), sys_pwrite);
}
