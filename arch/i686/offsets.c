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
#include "kernel/abi/mailbox.h"
#include "kernel/ipc/mail_line.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

#define VALUE(name, value) \
	__asm__ volatile("\n#->" #name " %c0" :: "i"(value))
#define OFFSET(name, type, member) VALUE(name, offsetof(type, member))

void offsets(void);
void offsets_of_words(void);

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

/* What call.asm needs beside these. */
void offsets_of_words(void)
{
	OFFSET(TASK_STATE, struct task, state);
	OFFSET(TASK_MINDS, struct task, minds);
	OFFSET(TASK_SWITCHES_WAITING, struct task, switches_waiting);
	OFFSET(TASK_WAIT_NODE, struct task, wait.node);
	OFFSET(TASK_WAIT_QUEUE, struct task, wait.queue);
	OFFSET(TASK_WAIT_OBJECT, struct task, wait.object);
	OFFSET(TASK_WAIT_SINCE, struct task, wait.since_cycles);
	OFFSET(TASK_WAIT_CONTEXT, struct task, wait.context);
	OFFSET(PROCESS_DESCRIPTORS, struct process, descriptors);
	OFFSET(PROCESS_DESK, struct process, desk);
	OFFSET(DESCRIPTORS_LIMIT, struct descriptors, limit);
	OFFSET(DESCRIPTORS_FILES, struct descriptors, files);
	OFFSET(FILE_OBJECT, struct open_file, object);
	OFFSET(FILE_FLAGS, struct open_file, flags);
	OFFSET(OBJECT_OPS, struct object, ops);
	OFFSET(BOX_LINE, struct mailbox, line);
	OFFSET(LINE_TASK, struct mail_line, task);
	OFFSET(LINE_QUEUE, struct mail_line, queue);
	OFFSET(LINE_CURRENT, struct mail_line, current);
	OFFSET(CALL_LINE, struct mail_call, line);
	OFFSET(CALL_TASK, struct mail_call, task);
	OFFSET(CALL_ID, struct mail_call, id);
	OFFSET(CALL_CALLER, struct mail_call, caller);
	VALUE(STATE_BLOCKED, TASK_BLOCKED);
	VALUE(TRACE_EVENTS, TRACE_EVENTS);
	VALUE(MAILBOX_WORDS_CALL, MAILBOX_WORDS_CALL);
	VALUE(MAILBOX_WORDS_REPLY, MAILBOX_WORDS_REPLY);
	VALUE(O_WRONLY, O_WRONLY);
	VALUE(O_RDWR, O_RDWR);
	VALUE(O_NONBLOCK, O_NONBLOCK);
	OFFSET(CPU_SWITCHES, struct cpu, switches);
	OFFSET(CPU_IS_SPECIAL, struct cpu, is_special);
}
