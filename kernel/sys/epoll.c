/* epoll.c - the system calls of epoll: a set of descriptors with events. */
#include "kernel/ipc/epoll.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"

#define EVENTS_OF_CALL	64u
#define ASKED		(EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLERR | EPOLLHUP | \
			 EPOLLRDHUP | EPOLLONESHOT | EPOLLET)

long sys_epoll_create1(int flags)
{
	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	return descriptor_open(epoll_create(), O_RDWR, flags & EPOLL_CLOEXEC);
}

long sys_epoll_ctl(int epoll, int operation, int fd, uaddr_t event_at)
{
	struct open_file *set = descriptor_file(epoll);
	struct open_file *file = descriptor_file(fd);
	struct epoll_event event = { .events = 0 };

	if (!set || !file)
		return -EBADF;
	if (!file->object->ops->poll)
		return -EPERM;
	if (!epoll_is(set) || set == file)
		return -EINVAL;
	if (operation == EPOLL_CTL_DEL)
		return epoll_remove(set, fd, file);
	if (operation != EPOLL_CTL_ADD && operation != EPOLL_CTL_MOD)
		return -EINVAL;
	if (copy_from_user(&event, event_at, sizeof(event)) != 0)
		return -EFAULT;
	if (event.events & ~ASKED)
		return -EINVAL;
	return operation == EPOLL_CTL_ADD
		? epoll_add(set, fd, file, &event)
		: epoll_modify(set, fd, file, &event);
}

/* timeout_ms: 0 just looks, a negative one waits without end. */
static long wait_for_events(struct epoll_take *take, int timeout_ms)
{
	uint64_t kept_ns = time_restarted_deadline(CALL_epoll_pwait);
	struct object *object = take->set->object;
	struct wait_request request = {
		.queue = &object->queue[END_READ],
		.object = object,
		.event = WAIT_POLL,
		.deadline_ns = FOREVER,
	};
	long result = wait_try(request.queue, epoll_take, take);

	if (result == -EAGAIN && timeout_ms != 0) {
		if (timeout_ms > 0)
			request.deadline_ns = kept_ns
				? kept_ns : time_after_ns(timeout_ms *
							  1000000ull);
		result = wait_for(&request, epoll_take, take);
	}
	return result == -EAGAIN || result == -ETIMEDOUT ? 0 : result;
}

static long take_events(struct epoll_take *take, int timeout_ms)
{
	long result;

	if (!take->set)
		return -EBADF;
	if (!epoll_is(take->set))
		return -EINVAL;
	if (!user_range_is_valid(take->to,
				 take->most * sizeof(struct epoll_event)))
		return -EFAULT;
	file_get(take->set);		/* a second thread may close the set */
	result = wait_for_events(take, timeout_ms);
	file_put(take->set);
	return result;
}

long sys_epoll_pwait(int epoll, uaddr_t events_at, int count, int timeout_ms,
		     uaddr_t mask_at)
{
	struct epoll_take take = { descriptor_file(epoll), events_at,
				   MIN((uint32_t)count, EVENTS_OF_CALL) };
	sigset_t mask;
	long result;

	if (count <= 0)
		return -EINVAL;
	if (mask_at && copy_from_user(&mask, mask_at, sizeof(mask)) != 0)
		return -EFAULT;
	if (mask_at)
		signals_mask_for_wait(mask);
	result = take_events(&take, timeout_ms);
	if (mask_at && result != -EINTR)
		signals_unmask_after_wait();
	return result;
}
