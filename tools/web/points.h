/*
 * points.h - a decision before the calls of the locks, too.
 *
 * The compiler knows accesses to memory, and no call of a library. A lock
 * without a conflict makes no system call.
 */
#pragma once

#include <pthread.h>
#include <unistd.h>

#define pthread_mutex_lock(mutex) (getpgrp(), pthread_mutex_lock(mutex))
#define pthread_mutex_unlock(mutex) (getpgrp(), pthread_mutex_unlock(mutex))
