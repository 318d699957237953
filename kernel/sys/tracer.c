/* tracer.c - see tracer.h. */
#include "kernel/sys/tracer.h"

#include "kernel/abi/errno.h"
#include "kernel/machine.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

long tracer_attach(int fd, const struct object_ops *ops)
{
	struct process *process = process_current();
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	if (file->object->ops != ops)
		return -EINVAL;
	if (process->tracer)
		return -EBUSY;
	process->tracer = file->object;
	object_get(process->tracer);
	task_set_trace(task_current(), true);
	return 0;
}

void tracer_leave(struct process *process)
{
	struct object *tracer = process->tracer;

	process->tracer = NULL;
	task_set_trace(task_current(), false);
	wait_wake_all(&tracer->queue[END_READ]);
	object_put(tracer);
}

void machine_call_begins(uint32_t number, const uint32_t *arguments)
{
	struct object *tracer = process_current()->tracer;

	tracer->ops->call(tracer, number, arguments, NULL);
}

void machine_call_ends(uint32_t number, const uint32_t *arguments,
		       int32_t result)
{
	struct object *tracer = process_current()->tracer;

	tracer->ops->call(tracer, number, arguments, &result);
}
