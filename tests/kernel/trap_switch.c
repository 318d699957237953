/*
 * trap_switch.c - the tutorial's traps of switching: stacks, depths, tables.
 *
 * These look below arch.h, at what switch.asm and context.c promise.
 */
#include "tests/kernel/ktest.h"

#include "arch/i686/paging.h"
#include "arch/i686/processor.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/space.h"
#include "kernel/task/semaphore.h"

void new_task_entry(void);		/* entry.asm */

static volatile uint32_t count;
static struct semaphore turn[2];

/* Ask for a switch, as an interrupt does. */
static void want_switch(void)
{
	struct task *task = arch_cpu()->current;

	task->slice_used = task->slice_ticks;
	cpu_pend(PENDING_RESCHEDULE);
}

static void play_ping_pong(void *side)
{
	struct semaphore *mine = side, *other = side == turn ? turn + 1 : turn;
	unsigned i;

	for (i = 0; i < 300; i++) {
		unlock_stuff();
		want_switch();
		lock_stuff();
		want_switch();		/* preempted just before the block */
		KIS(acquire_semaphore(mine, FOREVER), 0);
		want_switch();
		KIS(release_semaphore(other), 0);
	}
	count++;
}

/* list.h asserts that a task is linked only once. */
KTEST(trap_08_preempted_before_blocking_is_linked_twice)
{
	count = 0;
	semaphore_init(&turn[0], 1);
	semaphore_init(&turn[1], 0);
	ktest_start(play_ping_pong, &turn[0], PRIORITY_NORMAL);
	ktest_start(play_ping_pong, &turn[1], PRIORITY_NORMAL);
	KOK(ktest_wait_count(&count, 2));
}

static void run_unlocked(void *unused)
{
	(void)unused;
	ktest_spin_ms(20);
	lock_stuff();
	KIS(arch_cpu()->postpone_depth, 2);
	unlock_stuff();
	count++;
}

/* A single counter for all tasks is wrong when tasks switch at different
   depths. */
KTEST(trap_09_depth_of_one_task_shows_in_another)
{
	count = 0;
	ktest_start(run_unlocked, NULL, PRIORITY_NORMAL);
	ktest_start(run_unlocked, NULL, PRIORITY_NORMAL);
	while (count < 2) {
		KIS(arch_cpu()->postpone_depth, 1);
		ktest_sleep_ms(1);
	}
	KIS(arch_cpu()->postpone_depth, 1);
}

/* A switch at depth 2 would end at depth 2 in a task that holds 1. */
KTEST_PANIC(panic_switch_at_depth_two)
{
	lock_stuff();
	nano_sleep_until(FOREVER);
}

static uint32_t first_depth;
static bool first_interrupts;

static void look_at_start(void *unused)
{
	(void)unused;
	first_depth = arch_cpu()->postpone_depth;
	first_interrupts = ktest_interrupts_are_on();
	count++;
}

static void start_from_timer(struct timer *timer)
{
	(void)timer;
	create_kernel_task("helper", look_at_start, NULL, PRIORITY_NORMAL);
}

KTEST(trap_10_new_task_keeps_what_the_switch_held)
{
	struct timer timer;

	count = 0;
	create_kernel_task("helper", look_at_start, NULL, PRIORITY_NORMAL);
	ktest_sleep_ms(2);
	KIS(count, 1);
	KIS(first_depth, 0);
	KOK(first_interrupts);

	/* And when the switch is made at the end of an interrupt. */
	timer_init(&timer, start_from_timer);
	timer_start(&timer, arch_now_ns() + 1000000);
	ktest_sleep_ms(10);
	KIS(count, 2);
	KIS(first_depth, 0);
	KOK(first_interrupts);
}

/* The same for a task that goes on after a wait with interrupts on. */
KTEST(trap_10_task_woken_by_an_interrupt_runs_with_them_off)
{
	unsigned i;

	for (i = 0; i < 5; i++) {
		ktest_sleep_ms(1);
		if (!KOK(ktest_interrupts_are_on()))
			return;
	}
}

static void *seen_argument;

static void take_argument(void *argument)
{
	seen_argument = argument;
	count++;
}

KTEST(trap_12_forged_stack_does_not_mirror_the_pops)
{
	struct task *task = task_create("forged", 0);
	const uint32_t *at;
	unsigned i;

	if (!KOK(task != NULL))
		return;
	arch_task_prepare(task, take_argument, (void *)&count);
	at = (const uint32_t *)task->esp;
	for (i = 0; i < 4; i++)
		KIS(at[i], 0);			/* ebp edi esi ebx */
	KIS(at[4], (uintptr_t)new_task_entry);
	KIS(at[5], (uintptr_t)take_argument);
	KIS(at[6], (uintptr_t)&count);
	KIS((uintptr_t)&at[7], task->stack_top);
	KIS(task->stack_top + sizeof(uint64_t),
	    (uintptr_t)task->stack + KERNEL_STACK_BYTES);
	KIS(arch_user_cycles(task), 0);

	count = 0;
	unblock_task(task);
	ktest_sleep_ms(2);
	KIS(count, 1);
	KOK(seen_argument == &count);
}

static uint32_t loaded_root(void)
{
	uint32_t root;

	__asm__ volatile("mov %%cr3, %0" : "=r"(root));
	return root;
}

/* The expected CR3 of a task; root 0: the CR3 of the task before. */
struct root_check {
	struct space *space;
	unsigned rounds;
};

static uint32_t last_root;

static void check_root(void *at)
{
	struct root_check *check = at;

	for (; check->rounds > 0; check->rounds--) {
		if (check->space)
			KIS(loaded_root(), check->space->arch.root_pa);
		else
			KIS(loaded_root(), last_root);
		KIS(loaded_root(), arch_cpu()->root_pa);
		last_root = loaded_root();
		yield_task();
	}
	task_set_space(arch_cpu()->current, NULL);
	if (check->space)
		arch_space_switch(NULL);
	last_root = loaded_root();
	count++;
}

static void start_in_space(struct root_check *check, struct space *space)
{
	struct task *task;

	check->space = space;
	check->rounds = 10;
	task = ktest_start(check_root, check, PRIORITY_NORMAL);
	if (task && space)
		task_set_space(task, &space->arch);
}

/* Two spaces and a kernel task that borrows a space: each task must find the
   right space. */
KTEST(trap_13_cr3_is_not_reloaded_when_it_differs)
{
	struct space *a = space_create(), *b = space_create();
	struct root_check checks[4];

	if (!KOK(a && b))
		return;
	count = 0;
	start_in_space(&checks[0], a);
	start_in_space(&checks[1], NULL);
	start_in_space(&checks[2], b);
	start_in_space(&checks[3], a);
	KOK(ktest_wait_count(&count, 4));
	space_destroy(a);
	space_destroy(b);
}

static void touch_stack(void *unused)
{
	volatile uint8_t deep[KERNEL_STACK_BYTES / 2];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(deep); i += 256)
		deep[i] = i;
	count++;
	task_set_space(arch_cpu()->current, NULL);
	arch_space_switch(NULL);
}

/*
 * The switch uses the new stack while the old tables are loaded. So the stack
 * must be mapped in spaces older than the stack, even when a later page table
 * maps the stack (2 MiB of stacks are 128).
 */
KTEST(trap_14_new_stack_is_missing_in_an_older_space)
{
	struct space *a = space_create(), *b = space_create();
	struct task *task;
	unsigned i;

	if (!KOK(a && b))
		return;
	count = 0;
	for (i = 0; i < 140; i++) {
		task = ktest_start(touch_stack, NULL, PRIORITY_NORMAL);
		if (!task)
			break;
		task_set_space(task, &(i % 2 ? a : b)->arch);
	}
	KOK(ktest_wait_count(&count, 140));
	space_destroy(a);
	space_destroy(b);
}

static void check_entry_stack(void *unused)
{
	unsigned i;
	uint16_t selector;

	(void)unused;
	for (i = 0; i < 10; i++) {
		KIS(task_area.segment.esp0, arch_cpu()->current->stack_top);
		__asm__ volatile("str %0" : "=r"(selector));
		KIS(selector, TASK_SELECTOR);
		yield_task();
	}
	count++;
}

/* The kernel needs the TSS for one field only; the TSS switches no task. */
KTEST(trap_15_kernel_entry_lands_on_another_tasks_stack)
{
	count = 0;
	ktest_start(check_entry_stack, NULL, PRIORITY_NORMAL);
	ktest_start(check_entry_stack, NULL, PRIORITY_NORMAL);
	check_entry_stack(NULL);
	KOK(ktest_wait_count(&count, 3));
}

static void count_and_end(void *unused)
{
	(void)unused;
	count++;
}

/* The tutorial's cleaner had no loop, and freed a stack by its top. */
KTEST(trap_18_only_the_first_that_ends_is_freed)
{
	uint32_t tasks = task_count, stacks = frame_count[FRAME_STACK];
	unsigned round, i;

	for (round = 0; round < 10; round++) {
		count = 0;
		for (i = 0; i < 20; i++)
			ktest_start(count_and_end, NULL, PRIORITY_NORMAL + 1);
		KIS(task_count, tasks + 20);
		KOK(ktest_wait_count(&count, 20));
		KIS(task_count, tasks);
		if (!KIS(frame_count[FRAME_STACK], stacks))
			return;
	}
}
