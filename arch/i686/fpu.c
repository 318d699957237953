/*
 * fpu.c - lazy FPU state.
 *
 * The registers belong to cpu.fpu_owner, which need not be the running task.
 * Every switch sets CR0.TS: the next FPU instruction traps to fpu_take(), which
 * saves the registers of the owner and loads the registers of the running task,
 * or the state of a fresh FPU. So a task never sees the values of a different
 * task, and two tasks without floating point switch without touching CR0.
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

void arch_fpu_switch(bool on)
{
	if (on)
		__asm__ volatile("clts");
	else
		write_cr0(read_cr0() | CR0_TS);
	arch_cpu()->fpu_is_on = on;
	arch_cpu()->has_extra_state |= on;
}

void fpu_init(void)
{
	uint32_t mxcsr = MXCSR_DEFAULT;

	arch_fpu_switch(true);
	__asm__ volatile("fninit");
	fpu_save(fresh_state);
	memset(fresh_state + 32, 0, FPU_BYTES - 32);	/* the registers */
	memcpy(fresh_state + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	arch_fpu_switch(false);
}

bool fpu_take(void)
{
	struct task *task = task_current();
	bool is_new = !task->fpu;

	if (is_new)
		task->fpu = pool_alloc_dirty(&fpu_pool);
	if (!task->fpu)
		return false;
	arch_fpu_switch(true);
	if (arch_cpu()->fpu_owner == task)
		return true;
	if (arch_cpu()->fpu_owner)
		fpu_save(arch_cpu()->fpu_owner->fpu);
	fpu_load(is_new ? fresh_state : task->fpu);
	arch_cpu()->fpu_owner = task;
	return true;
}

/* The state goes to memory, and the FPU becomes fresh: the handler of a signal
 * begins as a function does, with an empty stack of x87 registers. */
int fpu_to_user(uaddr_t at)
{
	struct task *task = task_current();

	fpu_take();
	fpu_save(task->fpu);
	fpu_load(fresh_state);
	return copy_to_user(at, task->fpu, FPU_USED_BYTES);
}

/* While the registers hold the state, task->fpu is free for the user's image.
 * FXRSTOR faults in the kernel when a reserved bit of MXCSR is set. */
int fpu_from_user(uaddr_t at)
{
	struct task *task = task_current();
	uint32_t *mxcsr, mask;

	if (!task->fpu)
		return -EFAULT;
	fpu_take();
	if (copy_from_user(task->fpu, at, FPU_USED_BYTES) != 0)
		return -EFAULT;
	memcpy(&mask, fresh_state + MXCSR_MASK_AT, sizeof(mask));
	mxcsr = (uint32_t *)((char *)task->fpu + MXCSR_AT);
	*mxcsr &= mask ? mask : MXCSR_MASK_DEFAULT;
	fpu_load(task->fpu);
	return 0;
}

int arch_fpu_copy(struct task *to, struct task *from)
{
	if (!from->fpu)
		return 0;
	to->fpu = pool_alloc_dirty(&fpu_pool);
	if (!to->fpu)
		return -ENOMEM;
	if (arch_cpu()->fpu_owner == from) {
		bool was_on = arch_cpu()->fpu_is_on;

		arch_fpu_switch(true);
		fpu_save(from->fpu);
		arch_fpu_switch(was_on);
	}
	memcpy(to->fpu, from->fpu, FPU_USED_BYTES);
	return 0;
}

void arch_fpu_drop(struct task *task)
{
	if (arch_cpu()->fpu_owner == task) {
		arch_cpu()->fpu_owner = NULL;
		arch_fpu_switch(false);
	}
	if (task->fpu)
		pool_free(&fpu_pool, task->fpu);
	task->fpu = NULL;
}
