/* pipe.h - pipes, for their system call and for FIFOs. */
#pragma once

#include "kernel/obj/file.h"

/* A new pipe, open at both ends; flags may have O_NONBLOCK. Returns 0, or
 * -ENOMEM with nothing made. */
int pipe_create(uint32_t flags, struct open_file **reader,
		struct open_file **writer);
