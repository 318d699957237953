/* socket.h - pairs of local sockets, for their system calls. */
#pragma once

#include "kernel/obj/file.h"

/* Two sockets, connected; flags may have O_NONBLOCK. Returns 0, or -ENOMEM
 * with nothing made. */
int socket_create_pair(uint32_t flags, struct open_file *files[2]);

bool socket_is(const struct open_file *file);

/* Ends one or both directions, and wakes who waits for them. 0; -EINVAL when
 * `how` is none of SHUT_...; -ENOTCONN when both have ended already because
 * the other socket is gone. */
int socket_shut_down(struct open_file *file, int how);
