/* socket.h - what the files of socket calls share. */
#pragma once

#include "kernel/obj/socket.h"

/* The open file of a socket: 0, -EBADF or -ENOTSOCK. */
int socket_find(int fd, struct open_file **out);

/* The result of a receive: with MSG_TRUNC the full length of the message. */
static inline long socket_result(const struct socket_call *call, int flags,
				 long result)
{
	return flags & MSG_TRUNC && !socket_is_stream(call->socket)
		? (long)call->length : result;
}

/* Fetch an address of so many bytes. 0, -EINVAL, -EFAULT. */
int socket_fetch_address(struct socket_address *address, uaddr_t at,
			 socklen_t bytes);
