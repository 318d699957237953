/*
 * offsets.c - the structure offsets that assembly needs, taken by the compiler.
 *
 * Never linked: the build reads the markers out of the compiler's output and
 * makes an include file for NASM of them, so that no offset is typed by hand.
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/abi/errno.h"
#include "kernel/task/process.h"

#define VALUE(name, value) \
	__asm__ volatile("\n#->" #name " %c0" :: "i"(value))
#define OFFSET(name, type, member) VALUE(name, offsetof(type, member))

void offsets(void);

void offsets(void)
{
	OFFSET(TASK_ESP, struct task, esp);
	OFFSET(TASK_STACK_TOP, struct task, stack_top);
	OFFSET(TASK_ROOT_PA, struct task, root_pa);
	OFFSET(TASK_TOTAL_CYCLES, struct task, total_cycles);
	OFFSET(TASK_SIGNAL_PENDING, struct task, signal_pending);
	OFFSET(TASK_WAS_STEPPED, struct task, was_stepped);
	OFFSET(CPU_ROOT_PA, struct cpu, root_pa);
	OFFSET(CPU_CURRENT, struct cpu, current);
	OFFSET(CPU_PENDING, struct cpu, pending);
	OFFSET(SEGMENT_ESP0, struct sysenter_area, segment.esp0);
	OFFSET(REG_CS, struct registers, cs);
	OFFSET(REG_EFLAGS, struct registers, eflags);
	OFFSET(REG_SS, struct registers, ss);
	VALUE(REG_BYTES, sizeof(struct registers));
	VALUE(PENDING_SIGNAL_MASK, PENDING(PENDING_SIGNAL));
	VALUE(USER_CS, USER_CS);
	VALUE(USER_DS, USER_DS);
	VALUE(THREAD_GS, THREAD_GS);
	VALUE(EFLAGS_USER, EFLAGS_USER);
	VALUE(EFLAGS_IF, EFLAGS_IF);
	VALUE(EFLAGS_TF, EFLAGS_TF);
	VALUE(VECTOR_SYSCALL, VECTOR_SYSCALL);
	VALUE(VECTOR_APIC_TIMER, VECTOR_APIC_TIMER);
	VALUE(USER_HIGHEST, USER_HIGHEST);
	VALUE(ENOSYS, ENOSYS);
	VALUE(EFAULT, EFAULT);
	VALUE(ENAMETOOLONG, ENAMETOOLONG);
}
