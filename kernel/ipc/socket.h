/* socket.h - pairs of local sockets, for their system calls. */
#pragma once

#include "kernel/obj/file.h"

/* Two sockets, connected; flags may have O_NONBLOCK. Returns 0, or -ENOMEM
 * with nothing made. */
int socket_create_pair(uint32_t flags, struct open_file *files[2]);

bool socket_is(const struct open_file *file);

/* End a direction, or both, and wake the tasks that wait there. Never sleeps.
 * 0; -EINVAL: `how` is not SHUT_RD, SHUT_WR or SHUT_RDWR; -ENOTCONN: both have
 * ended already because the peer is closed. */
int socket_shut_down(struct open_file *file, int how);
