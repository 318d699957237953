/*
 * named.h - descriptors of the objects with a name: mailboxes, message queues.
 */
#pragma once

#include "kernel/fs/names.h"

/*
 * Fetch the name from name_at into the request, open or make the object, and
 * give a descriptor. O_NONBLOCK and O_ACCMODE of request->flags go to the open
 * file. The number, or an error of names_open() or descriptor_open(), or
 * -EFAULT, -ENAMETOOLONG; a name made by this call is gone again.
 */
long named_open(struct names_request *request, uaddr_t name_at,
		bool close_on_exec);
/* Take the name away. 0, or an error of names_unlink(), -EFAULT. */
long named_unlink(const char *kind, uaddr_t name_at);
