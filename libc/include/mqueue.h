/*
 * mqueue.h - message queues with priorities.
 *
 * A name is "/name" and stands in /ipc/mqueue. A queue descriptor is a file
 * descriptor: poll(), fcntl() and inheritance work; exec closes it. Deadlines
 * are times of CLOCK_REALTIME.
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/mqueue.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"

#include <sys/pthread_types.h>

typedef int mqd_t;

int mq_close(mqd_t queue);
int mq_getattr(mqd_t queue, struct mq_attr *attr);
/* Be told, once, when a message comes to the empty queue; NULL: no longer. */
int mq_notify(mqd_t queue, const struct sigevent *event);
/* With O_CREAT: mode_t mode, const struct mq_attr *attr (NULL: ten messages
 * of 8192 bytes). */
mqd_t mq_open(const char *name, int oflag, ...);
ssize_t mq_receive(mqd_t queue, char *message, size_t bytes,
	unsigned *priority);
int mq_send(mqd_t queue, const char *message, size_t bytes,
	unsigned priority);
/* Only mq_flags counts: O_NONBLOCK or 0. */
int mq_setattr(mqd_t queue, const struct mq_attr *__restrict attr,
	struct mq_attr *__restrict old);
ssize_t mq_timedreceive(mqd_t queue, char *__restrict message, size_t bytes,
	unsigned *__restrict priority,
	const struct timespec *__restrict deadline);
int mq_timedsend(mqd_t queue, const char *message, size_t bytes,
	unsigned priority, const struct timespec *deadline);
int mq_unlink(const char *name);
