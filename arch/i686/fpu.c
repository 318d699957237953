/*
 * fpu.c - the FPU state of tasks.
 *
 * Most programs use no floating point. So a task gets memory for FPU state with
 * its first FPU instruction: CR0.TS is set while a task without state runs, and
 * the instruction traps to fpu_begin().
 *
 * From then on, each switch to the task gives its state to the FPU before the
 * task runs. A program that once used the FPU mostly goes on, and to save and
 * load the state costs less than a trap. The values stay in the FPU while tasks
 * without state run: cpu.fpu_owner. If the owner is the next task with state,
 * nothing is saved or loaded. So a task never sees the values of a different
 * task.
 */
#include "arch/i686/fpu.h"

#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/io.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/task.h"

#define MXCSR_AT	24
#define MXCSR_MASK_AT	28	/* bits that FXRSTOR accepts */
#define MXCSR_MASK_DEFAULT 0xffbf
#define MXCSR_DEFAULT	0x1f80

/* Nothing reads the bytes above FPU_USED_BYTES: they stay as they come. */
static struct pool fpu_pool = POOL("fpu-state", FPU_BYTES);
static uint8_t fresh_state[FPU_BYTES] __attribute__((aligned(16)));

static void fpu_save(void *state)
{
	__asm__ volatile("fxsave (%0)" :: "r"(state) : "memory");
}

static void fpu_load(const void *state)
{
	__asm__ volatile("fxrstor (%0)" :: "r"(state) : "memory");
}

static void turn(bool on)
{
	if (on)
		__asm__ volatile("clts");
	else
		write_cr0(read_cr0() | CR0_TS);
	arch_cpu()->fpu_is_on = on;
}

void fpu_init(void)
{
	uint32_t mxcsr = MXCSR_DEFAULT;

	turn(true);
	__asm__ volatile("fninit");
	fpu_save(fresh_state);
	memset(fresh_state + 32, 0, FPU_BYTES - 32);	/* the registers */
	memcpy(fresh_state + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	turn(false);
}

void arch_fpu_switch(struct task *task)
{
	bool on = task->fpu != NULL;
	struct task *owner = arch_cpu()->fpu_owner;

	if (on != arch_cpu()->fpu_is_on)
		turn(on);
	if (!on || owner == task)
		return;
	if (owner)
		fpu_save(owner->fpu);
	fpu_load(task->fpu);
	arch_cpu()->fpu_owner = task;
}

bool fpu_begin(void)
{
	struct task *task = task_current();

	ASSERT(!task->fpu);
	task->fpu = pool_alloc_dirty(&fpu_pool);
	if (!task->fpu)
		return false;
	memcpy(task->fpu, fresh_state, FPU_USED_BYTES);
	task_extra_state_changed(task);
	return true;
}

/* The state goes to memory, and the FPU becomes fresh: the handler of a signal
 * begins as a function does, with an empty stack of x87 registers. */
int fpu_to_user(uaddr_t at)
{
	struct task *task = task_current();

	fpu_save(task->fpu);
	if (copy_to_user(at, task->fpu, FPU_USED_BYTES) != 0)
		return -EFAULT;
	fpu_load(fresh_state);
	return 0;
}

/* While the registers hold the state, task->fpu is free for the user's image.
 * FXRSTOR faults in the kernel when a reserved bit of MXCSR is set. */
int fpu_from_user(uaddr_t at)
{
	struct task *task = task_current();
	uint32_t *mxcsr, mask;

	if (!task->fpu)
		return -EFAULT;
	if (copy_from_user(task->fpu, at, FPU_USED_BYTES) != 0)
		return -EFAULT;
	memcpy(&mask, fresh_state + MXCSR_MASK_AT, sizeof(mask));
	mxcsr = (uint32_t *)((char *)task->fpu + MXCSR_AT);
	*mxcsr &= mask ? mask : MXCSR_MASK_DEFAULT;
	fpu_load(task->fpu);
	return 0;
}

int arch_fpu_copy(struct task *task)
{
	if (!task_current()->fpu)
		return 0;
	task->fpu = pool_alloc_dirty(&fpu_pool);
	if (!task->fpu)
		return -ENOMEM;
	fpu_save(task->fpu);
	task_extra_state_changed(task);
	return 0;
}

void arch_fpu_drop(struct task *task)
{
	if (!task->fpu)
		return;
	if (arch_cpu()->fpu_owner == task)
		arch_cpu()->fpu_owner = NULL;
	pool_free(&fpu_pool, task->fpu);
	task->fpu = NULL;
	task_extra_state_changed(task);
}
