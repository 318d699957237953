/* id.c - the numbers of tasks, processes, groups and sessions: one table. */
#include "kernel/task/id.h"

#include "kernel/lib/assert.h"

struct id_entry ids[ID_MOST + 1];

pid_t id_alloc(void)
{
	static pid_t last = ID_INIT;	/* [P] */
	pid_t id = last;

	do {
		id = id == ID_MOST ? ID_INIT + 1 : id + 1;
		if (ids[id].uses == 0) {
			ids[id].uses = 1;
			return last = id;
		}
	} while (id != last);
	return -1;
}

void id_get(pid_t id)
{
	ids[id].uses++;
}

void id_put(pid_t id)
{
	ASSERT(ids[id].uses > 0);
	ids[id].uses--;
}

struct task *id_task(pid_t id)
{
	return (uint32_t)id <= ID_MOST ? ids[id].task : NULL;
}

void id_set_task(pid_t id, struct task *task)
{
	ids[id].task = task;
}

void id_set_process(pid_t id, struct process *process)
{
	ids[id].process = process;
}
