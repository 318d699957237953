/* mqueue.c - message queues: the part that libc does. */
#include <mqueue.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/syscall.h"

int mq_attributes(mqd_t queue, const struct mq_attr *attr,
	struct mq_attr *old);

mqd_t mq_open(const char *name, int oflag, ...)
{
	const struct mq_attr *attr = NULL;
	mode_t mode = 0;
	va_list arguments;

	if (oflag & O_CREAT) {
		va_start(arguments, oflag);
		mode = va_arg(arguments, mode_t);
		attr = va_arg(arguments, const struct mq_attr *);
		va_end(arguments);
	}
	return __sys_mq_open(name, oflag, mode, attr);
}

int mq_close(mqd_t queue)
{
	if (mq_attributes(queue, NULL, NULL) < 0)
		return -1;
	return __quiet_close(queue);
}

int mq_getattr(mqd_t queue, struct mq_attr *attr)
{
	return mq_attributes(queue, NULL, attr);
}

int mq_setattr(mqd_t queue, const struct mq_attr *restrict attr,
	struct mq_attr *restrict old)
{
	return mq_attributes(queue, attr, old);
}
