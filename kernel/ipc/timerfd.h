/* timerfd.h - a timer whose expiries are read from a descriptor. */
#pragma once

#include "kernel/obj/file.h"

/* A stopped timer for times of this clock. 0 or -ENOMEM. */
int timerfd_create(clockid_t clock, uint32_t flags, struct open_file **out);
/* The clock of a file that is one; -EINVAL when it is not. */
int timerfd_clock(const struct open_file *file);
/* Start at an absolute time, since boot (FOREVER: stop), and repeat every
 * interval (0: do not). Expiries that were not read are forgotten. */
void timerfd_set(struct open_file *file, uint64_t deadline_ns,
		 uint64_t interval_ns);
/* When it expires next (FOREVER: stopped), and its interval. */
void timerfd_get(const struct open_file *file, uint64_t *deadline_ns,
		 uint64_t *interval_ns);
