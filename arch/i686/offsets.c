/*
 * offsets.c - the structure offsets that assembly needs, taken by the compiler.
 *
 * Never linked: the build reads the markers out of the compiler's output and
 * makes an include file for NASM of them, so that no offset is typed by hand.
 */
#include "arch/arch.h"
#include "arch/i686/call_frame.h"
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
	OFFSET(TASK_FRAME, struct task, frame);
	OFFSET(TASK_FPU, struct task, fpu);
	OFFSET(TASK_PROCESS, struct task, process);
	OFFSET(TASK_RESTARTED_CALL, struct task, restarted_call);
	OFFSET(TASK_BLOCKED, struct task, signals.blocked);
	OFFSET(TASK_PENDING, struct task, signals.pending);
	OFFSET(TASK_SIGNAL_PENDING, struct task, signal_pending);
	OFFSET(TASK_WAS_STEPPED, struct task, was_stepped);
	OFFSET(TASK_THREAD_POINTER, struct task, thread_pointer);
	OFFSET(PROCESS_PENDING, struct process, signals.pending);
	OFFSET(ACTION_HANDLER, struct signal_action, handler);
	OFFSET(ACTION_MASK, struct signal_action, mask);
	OFFSET(ACTION_RESTORER, struct signal_action, restorer);
	OFFSET(CALL_FRAME_RETURN, struct call_frame, return_address);
	OFFSET(CALL_FRAME_NUMBER, struct call_frame, number);
	OFFSET(CALL_FRAME_MASK, struct call_frame, mask);
	OFFSET(CALL_FRAME_RESULT, struct call_frame, result);
	OFFSET(CALL_FRAME_EIP, struct call_frame, eip);
	OFFSET(CALL_FRAME_ESP, struct call_frame, esp);
	VALUE(CALL_FRAME_BYTES, sizeof(struct call_frame));
	VALUE(NO_CALL, NO_CALL);
	VALUE(SIGNALS_UNSTOPPABLE, SIGNALS_UNSTOPPABLE);
	VALUE(EINTR, EINTR);
	OFFSET(CPU_CURRENT, struct cpu, current);
	OFFSET(CPU_PENDING, struct cpu, pending);
	OFFSET(SEGMENT_ESP0, struct sysenter_area, segment.esp0);
	OFFSET(REG_EIP, struct registers, eip);
	OFFSET(REG_CS, struct registers, cs);
	OFFSET(REG_EFLAGS, struct registers, eflags);
	OFFSET(REG_ESP, struct registers, esp);
	OFFSET(REG_SS, struct registers, ss);
	OFFSET(REG_VECTOR, struct registers, vector);
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
