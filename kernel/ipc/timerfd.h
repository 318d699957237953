/* timerfd.h - a timer with a descriptor for reading the expiries. */
#pragma once

#include "kernel/obj/file.h"

/* A stopped timer for times of this clock, with one reference; NULL: no memory.
 */
struct object *timerfd_create(clockid_t clock);
/* The clock of a timerfd; -EINVAL: the file is no timerfd. */
int timerfd_clock(const struct open_file *file);
/* Start: expire at deadline_ns, in ns since boot (FOREVER: stop), and then
 * every interval_ns (0: never again). Unread expiries are lost. */
void timerfd_set(struct open_file *file, uint64_t deadline_ns,
		 uint64_t interval_ns);
/* The next expiry, in ns since boot (FOREVER: stopped), and the interval. */
void timerfd_get(const struct open_file *file, uint64_t *deadline_ns,
		 uint64_t *interval_ns);
