/*
 * user_frames.c - from a task into its program, and from a function to its
 * caller.
 *
 * Where a task left its program stands at the top of its kernel stack. SYSENTER
 * has put a struct saved_call there, every other entry a struct registers,
 * whose last word is SS. The last word of a saved_call is the program's stack
 * pointer: a call whose arguments lie below USER_LOWEST has failed and does not
 * wait, and a selector is always smaller.
 *
 * Functions are compiled with frame pointers: the caller's frame pointer lies
 * at (EBP), the return address above it.
 */
#include "arch/arch.h"
#include "arch/i686/signal_frame.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

static bool peek(const struct task *task, uaddr_t from, void *to, size_t bytes)
{
	return space_peek(task->process->space, from, to, bytes);
}

static void from_registers(struct user_frame *frame,
			   const struct registers *regs)
{
	*frame = (struct user_frame){
		.code = regs->eip, .stack = regs->esp, .base = regs->ebp,
	};
}

static void from_call(struct user_frame *frame, const struct task *task)
{
	const struct saved_call *call = saved_call(task->stack_top);

	*frame = (struct user_frame){
		.code = call->eip, .stack = call->esp, .base = call->ebp,
	};
}

bool arch_user_frame(const struct task *task, struct user_frame *frame)
{
	const struct registers *regs = task->frame;

	if (!task->process || !task->process->space)
		return false;
	if (!regs)
		regs = (const struct registers *)task->stack_top - 1;
	if (task->frame || regs->ss < USER_LOWEST)
		from_registers(frame, regs);
	else
		from_call(frame, task);
	return true;
}

/* Where a handler returns to. */
static bool is_restorer(const struct task *task, uaddr_t code)
{
	const struct signal_actions *actions = task->process->signals.actions;
	int n;

	for (n = 1; n < NSIG; n++)
		if (actions->of[n].restorer == code && code)
			return true;
	return false;
}

/* The function that a signal interrupted. `at`: of its struct signal_frame,
 * which begins with the return address. */
static bool interrupted(const struct task *task, struct user_frame *frame,
			uaddr_t at)
{
	struct registers regs;

	if (!peek(task, at + offsetof(struct signal_frame, registers), &regs,
		  sizeof(regs)))
		return false;
	from_registers(frame, &regs);
	return true;
}

#define PUSH_EBP	0x55		/* the first instruction */
#define MOV_EBP_ESP	"\x89\xe5"	/* the second one of gcc and clang */
#define RET		0xc3		/* behind LEAVE or POP EBP */

/* The words above the stack pointer, of a function with a usual beginning and
 * end. tools/frames.py checks each function against the same rule. */
static uint32_t words_by_code(const struct task *task, uaddr_t at)
{
	uint8_t code[2];

	if (!peek(task, at, code, sizeof(code)))
		return FRAME_BY_POINTER;
	if (code[0] == PUSH_EBP || code[0] == RET)
		return 0;
	return memcmp(code, MOV_EBP_ESP, sizeof(code)) == 0 ? 1
							    : FRAME_BY_POINTER;
}

bool arch_user_caller(const struct task *task, struct user_frame *frame,
		      uint32_t words)
{
	uint32_t saved[2];		/* frame pointer, return address */
	uaddr_t at;

	if (words == FRAME_BY_CODE)
		words = words_by_code(task, frame->code);
	if (words == FRAME_BY_POINTER) {
		at = frame->base;
		if (at < frame->stack || at % sizeof(saved[0]) != 0 ||
		    !peek(task, at, saved, sizeof(saved)))
			return false;
		at += sizeof(saved[0]);
	} else {
		at = frame->stack + words * sizeof(uint32_t);
		saved[0] = frame->base;
		if (at < frame->stack ||
		    !peek(task, at, &saved[1], sizeof(saved[1])))
			return false;
	}
	frame->base = saved[0];
	if (is_restorer(task, saved[1]))
		return interrupted(task, frame, at);
	frame->code = saved[1];
	frame->stack = at + sizeof(saved[1]);
	frame->is_caller = true;
	return frame->code != 0;
}

/* ---- What the instructions tell ----------------------------------------- */

#define CALL_NEAR	0xe8		/* with 4 bytes of distance */
#define GROUP_5		0xff		/* with a ModRM byte: */
#define IS_CALL(modrm)	(((modrm) & 0x38) == 0x10)

/* Is there a call right before the address? */
static bool is_behind_call(const struct task *task, uaddr_t address)
{
	uint8_t code[7];		/* the longest call */
	unsigned n;

	if (!peek(task, address - sizeof(code), code, sizeof(code)))
		return false;
	if (code[2] == CALL_NEAR)
		return true;
	for (n = 0; n < sizeof(code) - 1; n++)
		if (code[n] == GROUP_5 && IS_CALL(code[n + 1]))
			return true;
	return false;
}

/* After a RET to this place, the word just below the stack pointer is the
 * address of the place. After a CALL, the word on top of the stack is a return
 * address, behind a call instruction. */
bool arch_came_by_return(const struct task *task,
			 const struct user_frame *frame)
{
	uint32_t words[2];

	return peek(task, frame->stack - sizeof(words[0]), words,
		    sizeof(words)) &&
	       words[0] == frame->code && !is_behind_call(task, words[1]);
}

#define WORDS_SEARCHED	256
#define WORDS_AT_ONCE	64	/* then tasks may switch */

uaddr_t arch_returned_from(const struct task *task,
			   const struct user_frame *frame)
{
	uaddr_t at = frame->stack - sizeof(uint32_t);
	uint32_t word;
	int n;

	for (n = 0; n < WORDS_SEARCHED; n++) {
		at -= sizeof(word);
		if (!peek(task, at, &word, sizeof(word)))
			return 0;
		if (space_rights(task->process->space, word) >= 0 &&
		    space_rights(task->process->space, word) & PROT_EXEC &&
		    is_behind_call(task, word))
			return word - 1;
		if (n % WORDS_AT_ONCE == WORDS_AT_ONCE - 1)
			sched_point();
	}
	return 0;
}

/* CLI STI HLT; IN and OUT, INS and OUTS; and those of the kernel behind 0F:
 * LGDT and the like, CLTS, INVD, WBINVD, MOV to CRn and DRn, WRMSR, RDMSR,
 * SYSEXIT. */
bool arch_is_privileged(const struct task *task)
{
	struct user_frame frame;
	uint8_t code[2];

	if (!arch_user_frame(task, &frame) ||
	    !peek(task, frame.code, code, sizeof(code)))
		return false;
	switch (code[0]) {
	case 0xf4: case 0xfa: case 0xfb:
	case 0x6c: case 0x6d: case 0x6e: case 0x6f:
	case 0xe4: case 0xe5: case 0xe6: case 0xe7:
	case 0xec: case 0xed: case 0xee: case 0xef:
		return true;
	case 0x0f:
		return code[1] <= 0x01 ||
		       (code[1] >= 0x06 && code[1] <= 0x09) ||
		       (code[1] >= 0x20 && code[1] <= 0x23) ||
		       code[1] == 0x30 || code[1] == 0x32 || code[1] == 0x35;
	}
	return false;
}
