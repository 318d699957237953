/* object.c - the life of an object: references, and a name for people. */
#include "kernel/obj/object.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/flight.h"
#include "kernel/task/cpu.h"

uint32_t object_count;
struct list object_list = LIST_INIT(object_list);
static struct list ended = LIST_INIT(ended);	/* [P] to destroy, in parts */

void object_init(struct object *object, const struct object_ops *ops)
{
	static uint32_t last_id;	/* [P] */

	object->ops = ops;
	object->refs = 1;
	object->ends[END_READ] = object->ends[END_WRITE] = 0;
	wait_queue_init(&object->queue[END_READ]);
	wait_queue_init(&object->queue[END_WRITE]);
	object->id = ++last_id;
	list_node_init(&object->all);
	list_append(&object_list, &object->all);
	object_count++;
	trace(TRACE_CREATE, object, object->id, 0);
	trace_name(TRACE_OBJECT_NAME, object, ops->kind);
}

void object_end(struct object *object)
{
	ASSERT(object->ends[END_READ] == 0 && object->ends[END_WRITE] == 0);
	ASSERT(wait_queue_is_idle(&object->queue[END_READ]));
	ASSERT(wait_queue_is_idle(&object->queue[END_WRITE]));
	trace(TRACE_DESTROY, object, object->id, 0);
	object_count--;
	list_remove(&object->all);
	object->ops->destroy(object);
}

void object_destroy_later(struct object *object)
{
	list_append(&ended, &object->all);
	cpu_pend(PENDING_OBJECTS);
}

static bool destroy_first_ended(void)
{
	struct list_node *first = list_take_first(&ended);
	struct object *object;

	if (!first)
		return false;
	object = LIST_ENTRY(first, struct object, all);
	object->ops->destroy(object);
	return true;
}

void objects_destroy_ended(void)
{
	while (destroy_first_ended() || flights_settle()) {
		/* This loop goes on: no other task needs to begin it. */
		cpu_unpend(PENDING_OBJECTS);
		sched_point();
	}
}

void object_describe(const struct object *object, char *to, size_t size)
{
	if (object->ops->describe && object->ops->describe(object, to, size))
		make_printable(to);
	else
		snprintf(to, size, "%s %u", object->ops->kind, object->id);
}

void object_trace(const struct object *object)
{
	char name[OBJECT_NAME_BYTES];

	trace(TRACE_OPEN, object, object->id, 0);
	object_describe(object, name, sizeof(name));
	trace_name(TRACE_OBJECT_NAME, object, name);
}

void objects_trace(void)
{
	const struct object *object;

	LIST_FOR_EACH(object, &object_list, all) {
		if (!object->ends[END_READ] && !object->ends[END_WRITE] &&
		    !object->ops->report)
			continue;	/* a file that is not open */
		trace(TRACE_CREATE, object, object->id, 0);
		trace_name(TRACE_OBJECT_NAME, object, object->ops->kind);
		object_trace(object);
	}
}
