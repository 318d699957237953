/*
 * proc_frames.c - /proc/frames: where in the source each task stands, a line
 * for each of the innermost functions. A user sees the user's own tasks, root
 * all.
 */
#include "kernel/fs/proc.h"

#include "kernel/fs/frames.h"
#include "kernel/obj/object.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

#define FRAMES_SHOWN	16

static bool may_see(const struct task *task)
{
	return task->process &&
	       user_may_signal(process_current(), task->process, SIGKILL);
}

/* The task may end at each pause, or run a different program. The walk uses the
 * symbols of the old program. */
static void put_frames(struct proc_text *text, const struct task *task)
{
	struct frame_walk walk;
	char where[FRAME_BYTES];
	struct object *image = task->process->image;
	pid_t id = task->id;

	if (image)
		object_get(image);
	frames_begin(&walk, task);
	while (id_task(id) == task && may_see(task) &&
	       walk.count < FRAMES_SHOWN && frames_next(&walk)) {
		frames_describe(&walk, walk.inside, where, sizeof(where));
		proc_printf(text, "%d\t%u\t%s\n", id, walk.count, where);
		proc_pause(text);
	}
	if (image)
		object_put(image);
}

void proc_frames(struct proc_text *text)
{
	const struct task *task;
	pid_t id = 0;

	proc_puts(text, "PID\tFRAME\tWHERE\n");
	while ((task = task_after(&id)) != NULL) {
		if (task->state != TASK_TERMINATED && may_see(task))
			put_frames(text, task);
		proc_pause(text);
	}
}
