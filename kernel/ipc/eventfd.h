/* eventfd.h - a counter behind a descriptor: events, or a semaphore. */
#pragma once

#include "kernel/obj/file.h"

/* An open file for a counter that starts with `value`; is_semaphore: each read
 * takes 1. 0 or -ENOMEM. */
int eventfd_create(uint32_t value, bool is_semaphore, uint32_t flags,
		   struct open_file **out);
