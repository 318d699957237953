/*
 * kernel.c - the rest of the kernel for tests on the build machine: time,
 * messages, objects.
 */
#include <stdarg.h>

#include "host.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/region.h"
#include "kernel/mm/space.h"
#include "kernel/obj/async.h"
#include "kernel/obj/object.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/cpu.h"
#include "kernel/task/late_page.h"
#include "kernel/task/mutex.h"
#include "kernel/task/signal.h"
#include "kernel/task/task.h"

#define WEAK __attribute__((weak))

WEAK struct cpu cpu;
WEAK uint32_t object_count;
WEAK uint32_t file_count;
uint64_t host_now_ns = 1000;
char host_log[256];

WEAK void panic(const char *format, ...)
{
	va_list args;
	char text[256];

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("Bail out! panic: %s\n", text);
	abort();
}

WEAK void assert_failed(const char *condition, const char *file, int line)
{
	printf("Bail out! %s:%d: ASSERT(%s)\n", file, line, condition);
	abort();
}

WEAK void printk(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(host_log, sizeof(host_log), format, args);
	va_end(args);
}

WEAK void make_printable(char *s)
{
	(void)s;
}

WEAK void sched_point(void)
{
}

/* Tasks lend nothing here: tests/user/inherit.c. */
WEAK void inherit_move(struct loan *loan, pid_t owner)
{
	loan->owner = owner;
}

WEAK void inherit_recount(struct loan *loan)
{
	(void)loan;
}

WEAK bool inherit_is_circle(const struct loan *loan, pid_t owner)
{
	(void)loan;
	(void)owner;
	return false;
}

WEAK int inherit_level(const struct task *task)
{
	return task->own_level;
}

WEAK void inherit_pass_on(struct task *task)
{
	(void)task;
}

WEAK void inherit_update(struct task *task)
{
	(void)task;
}

WEAK bool signal_lets_go_on(void)
{
	return true;
}

WEAK uint64_t arch_now_ns(void)
{
	return host_now_ns;
}

WEAK int64_t arch_boot_time(void)
{
	return 1700000000;
}

WEAK size_t strlcpy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);

	if (size) {
		size_t part = MIN(length, size - 1);

		memcpy(to, from, part);
		to[part] = '\0';
	}
	return length;
}

WEAK void object_init(struct object *object, const struct object_ops *ops)
{
	static uint32_t last_id;

	memset(object, 0, sizeof(*object));
	object->ops = ops;
	object->refs = 1;
	object->id = ++last_id;
	object_count++;
}

WEAK void object_end(struct object *object)
{
	object_count--;
	if (object->ops->destroy)
		object->ops->destroy(object);
}

WEAK void object_destroy_later(struct object *object)
{
	object->ops->destroy(object);
}

uint32_t host_random(uint32_t limit)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % limit;
}

/* ppoll() with a mask is tried in the guest. */
WEAK void signals_set_mask(sigset_t mask)
{
	(void)mask;
}

WEAK void signals_mask_for_wait(sigset_t mask)
{
	(void)mask;
}

WEAK void signals_unmask_after_wait(void)
{
}

WEAK uint64_t time_restarted_deadline(int call)
{
	(void)call;
	return 0;
}

WEAK uint64_t time_after_ns(uint64_t ns)
{
	return arch_now_ns() + ns;
}

/* ---- Sockets: no test here has any --------------------------------------- */

WEAK void mutex_init(struct mutex *mutex, const struct object *object)
{
	mutex->object = object;
}

WEAK int acquire_mutex(struct mutex *mutex, uint64_t deadline_ns)
{
	(void)mutex;
	(void)deadline_ns;
	return 0;
}

WEAK int release_mutex(struct mutex *mutex)
{
	(void)mutex;
	return 0;
}

WEAK void async_end(struct async *async)
{
	(void)async;
}

WEAK bool source_pass_view(const struct page_source *source,
			   struct region *mark)
{
	(void)source;
	(void)mark;
	return false;
}

WEAK struct region *source_view_before(const struct page_source *source,
				       const struct region *mark)
{
	(void)source;
	(void)mark;
	return NULL;
}

WEAK void flight_was_closed(const struct open_file *file)
{
	(void)file;
}

WEAK bool flights_settle(void)
{
	return false;
}

WEAK ssize_t socket_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file;
	(void)to;
	(void)bytes;
	abort();
}

WEAK ssize_t socket_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	(void)file;
	(void)from;
	(void)bytes;
	abort();
}

/* Each page of the host is there. */
WEAK int (*late_page_wait)(void);

WEAK void late_page_note(uaddr_t address, unsigned access)
{
	task_current()->late_page = address;
	task_current()->late_access = access;
}
