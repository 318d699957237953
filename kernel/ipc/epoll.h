/*
 * epoll.h - a set of open files that tells of their events. See epoll.c.
 *
 * All functions need [P]; only epoll_take() lets other tasks run.
 */
#pragma once

#include "kernel/abi/epoll.h"
#include "kernel/obj/file.h"

/* An empty set with one reference; NULL: no memory. */
struct object *epoll_create(void);
/* Is this an open file of a set? */
bool epoll_is(const struct open_file *file);

/* Put a file into the set, under its descriptor. 0, -EEXIST, -ELOOP (the file
 * is a set that is too high, or holds the set), -ENOSPC (too many entries of
 * the set or of the file), -ENOMEM. */
int epoll_add(struct open_file *set, int fd, struct open_file *file,
	      const struct epoll_event *event);
/* Change what the set looks for, and end the rest after EPOLLONESHOT. 0, or
 * -ENOENT: not in the set. */
int epoll_modify(struct open_file *set, int fd, struct open_file *file,
		 const struct epoll_event *event);
/* 0 or -ENOENT. */
int epoll_remove(struct open_file *set, int fd, struct open_file *file);

/* An attempt (kernel/task/wait.h): copy at most so many events. How many there
 * are, -EAGAIN (none) or -EFAULT. The caller holds a reference of the set. */
struct epoll_take {			/* [own] */
	struct open_file *set;
	uaddr_t to;
	uint32_t most;
};
long epoll_take(void *take);
