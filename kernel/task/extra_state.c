/*
 * extra_state.c - the state of a task beside registers and page tables.
 *
 * Most tasks have no such state. A task with extra state makes a switch a
 * little slower: the FPU and the thread pointer get the values of the task, and
 * a task without page tables borrows the loaded page tables. The first threads
 * of all processes have the same thread pointer, which is no extra state.
 */
#include "arch/arch.h"
#include "kernel/mm/space.h"
#include "kernel/task/sched.h"
#include "kernel/task/trace.h"

void load_extra_state(struct task *task)
{
	arch_fpu_switch(task);
	if (!task->space)
		task->root_pa = arch_loaded_root();
	if (arch_cpu()->thread_pointer != task->thread_pointer)
		arch_set_thread_pointer(task->thread_pointer);
	if (arch_cpu()->is_traced != task->is_traced)
		arch_trace_calls(task->is_traced || trace_wants_calls());
	arch_cpu()->thread_pointer = task->thread_pointer;
	arch_cpu()->is_traced = task->is_traced;
	arch_cpu()->has_extra_state = task->has_extra_state;
}

void task_extra_state_changed(struct task *task)
{
	task->has_extra_state = !task->space || task->is_traced || task->fpu ||
				task->thread_pointer != FIRST_THREAD_VA;
	if (task == task_current())
		load_extra_state(task);
}

void task_set_thread_pointer(struct task *task, uaddr_t pointer)
{
	task->thread_pointer = pointer;
	task_extra_state_changed(task);
}

void task_set_trace(struct task *task, bool is_traced)
{
	task->is_traced = is_traced;
	task_extra_state_changed(task);
}

void task_set_space(struct task *task, struct arch_space *space)
{
	task->space = space;
	task->root_pa = space ? space->root_pa : 0;
	task_extra_state_changed(task);
}
