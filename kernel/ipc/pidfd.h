/* pidfd.h - a descriptor for a process: POLLIN when the process has ended. */
#pragma once

#include "kernel/obj/file.h"

struct process;

/* 0 or -ENOMEM. */
int pidfd_create(struct process *process, uint32_t flags,
		 struct open_file **out);
