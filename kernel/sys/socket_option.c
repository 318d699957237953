/*
 * socket_option.c - getsockopt(2) and setsockopt(2).
 *
 * The family is asked first. What no family knows, and all share, is here.
 */
#include "kernel/sys/socket.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/time.h"
#include "kernel/lib/string.h"
#include "kernel/sys/syscalls.h"

#define ROOM_LEAST	2048

static struct timeval time_of(uint64_t ns)
{
	struct timeval time = { 0, 0 };

	if (ns != FOREVER) {
		time.tv_sec = ns / NSEC_PER_SEC;
		time.tv_usec = ns % NSEC_PER_SEC / 1000;
	}
	return time;
}

static int set_timeout(struct socket *socket, int end, const void *value,
		       uint32_t bytes)
{
	struct timeval time;

	if (bytes < sizeof(time))
		return -EINVAL;
	memcpy(&time, value, sizeof(time));
	if (time.tv_usec < 0 || time.tv_usec >= 1000000 || time.tv_sec < 0)
		return -EDOM;
	if (time.tv_sec > UINT32_MAX || (!time.tv_sec && !time.tv_usec))
		socket->timeout_ns[end] = FOREVER;
	else
		socket->timeout_ns[end] = time.tv_sec * NSEC_PER_SEC +
					  time.tv_usec * 1000;
	return 0;
}

static int set_linger(struct socket *socket, const void *value, uint32_t bytes)
{
	if (bytes < sizeof(socket->linger))
		return -EINVAL;
	memcpy(&socket->linger, value, sizeof(socket->linger));
	return 0;
}

/* The value of an option that is a number, or -ENOPROTOOPT. */
static long get_number(struct socket *socket, int option)
{
	switch (option) {
	case SO_TYPE:
		return socket->type;
	case SO_DOMAIN:
		return socket_ops_of(socket)->family;
	case SO_ERROR:
		return -socket_take_error(socket);
	case SO_SNDBUF:
		return socket->room_bytes[END_WRITE];
	case SO_RCVBUF:
		return socket->room_bytes[END_READ];
	case SO_PASSCRED:
		return socket->wants_credentials;
	case SO_REUSEADDR:
		return socket->reuses_address;
	case SO_RCVLOWAT:
	case SO_SNDLOWAT:
		return 1;
	case SO_PROTOCOL:
	case SO_DEBUG:
	case SO_DONTROUTE:
	case SO_OOBINLINE:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int set_number(struct socket *socket, int option, int number)
{
	uint32_t room = MIN(MAX(number, ROOM_LEAST), SOCKET_BYTES_MAX);

	switch (option) {
	case SO_SNDBUF:
		socket->room_bytes[END_WRITE] = room;
		return 0;
	case SO_RCVBUF:
		socket->room_bytes[END_READ] = room;
		return 0;
	case SO_PASSCRED:
		socket->wants_credentials = number != 0;
		return 0;
	case SO_REUSEADDR:
		socket->reuses_address = number != 0;
		return 0;
	case SO_DEBUG:
	case SO_DONTROUTE:
	case SO_OOBINLINE:
		return 0;		/* change nothing here */
	default:
		return -ENOPROTOOPT;
	}
}

static int get_option(struct socket *socket, int level, int option,
		      void *value, uint32_t *bytes)
{
	const struct socket_ops *ops = socket_ops_of(socket);
	int error = ops->get_option
		? ops->get_option(socket, level, option, value, bytes)
		: -ENOPROTOOPT;
	struct timeval time;
	long number;

	if (error != -ENOPROTOOPT || level != SOL_SOCKET)
		return error;
	if (option == SO_RCVTIMEO || option == SO_SNDTIMEO) {
		time = time_of(socket->timeout_ns[option == SO_SNDTIMEO]);
		*bytes = sizeof(time);
		memcpy(value, &time, sizeof(time));
		return 0;
	}
	if (option == SO_LINGER) {
		*bytes = sizeof(socket->linger);
		memcpy(value, &socket->linger, sizeof(socket->linger));
		return 0;
	}
	number = get_number(socket, option);
	if (number < 0)
		return number;
	*bytes = sizeof(int);
	memcpy(value, &number, sizeof(int));
	return 0;
}

static int set_option(struct socket *socket, int level, int option,
		      const void *value, uint32_t bytes)
{
	const struct socket_ops *ops = socket_ops_of(socket);
	int number, error = ops->set_option
		? ops->set_option(socket, level, option, value, bytes)
		: -ENOPROTOOPT;

	if (error != -ENOPROTOOPT || level != SOL_SOCKET)
		return error;
	if (option == SO_RCVTIMEO || option == SO_SNDTIMEO)
		return set_timeout(socket, option == SO_SNDTIMEO, value, bytes);
	if (option == SO_LINGER)
		return set_linger(socket, value, bytes);
	if (bytes < sizeof(int))
		return -EINVAL;
	memcpy(&number, value, sizeof(int));
	return set_number(socket, option, number);
}

long sys_getsockopt(int fd, int level, int option, uaddr_t value_at,
		    uaddr_t length_at)
{
	uint8_t value[SOCKET_OPTION_BYTES];
	struct open_file *file;
	uint32_t bytes = 0;
	int room, error = socket_find(fd, &file);

	if (error)
		return error;
	if (copy_from_user(&room, length_at, sizeof(room)) != 0)
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	error = get_option(socket_of(file), level, option, value, &bytes);
	if (error)
		return error;
	bytes = MIN(bytes, (uint32_t)room);
	if (copy_to_user(value_at, value, bytes) != 0)
		return -EFAULT;
	return copy_to_user(length_at, &bytes, sizeof(bytes));
}

long sys_setsockopt(int fd, int level, int option, uaddr_t value_at,
		    socklen_t bytes)
{
	uint8_t value[SOCKET_OPTION_BYTES] = { 0 };
	struct open_file *file;
	int error = socket_find(fd, &file);

	if (error)
		return error;
	bytes = MIN(bytes, sizeof(value));
	if (copy_from_user(value, value_at, bytes) != 0)
		return -EFAULT;
	return set_option(socket_of(file), level, option, value, bytes);
}
