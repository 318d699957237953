/*
 * crash.c - the report in the log about a program that crashes:
 *
 *	program crash[5]: SIGSEGV: null pointer, write to 0x0
 *	  in write_null (crash.c:30)
 *	  called by main (crash.c:195)
 *	  called by _start (libc/start.asm:44)
 *
 * The words come from kernel/abi/crashes.def; the number of the words is also
 * in the status of the process. crash() finds the cause in the registers, the
 * regions of memory and the stack, as the program left them.
 *
 * Each line begins with a fixed word or blanks, and names hold printable bytes
 * only. So no program can choose a name that looks like a line of the kernel.
 */
#include "kernel/sys/crash.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/abi/wait.h"
#include "kernel/fs/frames.h"
#include "kernel/lib/printk.h"
#include "kernel/machine.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

#define LINES_MOST	24
#define NEAR_BYTES	0x10000u	/* the distance of a near address */
#define TEXT_BYTES	17

static const char *const crash_text[] = {
#define CRASH(name, text) [CRASH_##name] = text,
#include "kernel/abi/crashes.def"
#undef CRASH
};

/* ---- What happened ------------------------------------------------------ */

static bool is_code(uaddr_t address)
{
	int rights = space_rights(process_current()->space, address);

	return rights >= 0 && rights & PROT_EXEC;
}

/* The program jumped to an address without code. */
static enum crash_kind explain_jump(const struct user_frame *frame)
{
	if (arch_came_by_return(task_current(), frame))
		return CRASH_RETURN_ADDRESS;
	return frame->code < USER_LOWEST ? CRASH_NULL_POINTER : CRASH_NO_CODE;
}

/*
 * Has a stack grown beyond the end? The first stack ends at the lowest address
 * that can be mapped, the stack of a thread at a page without access. A large
 * array on the stack can even move the stack pointer below 0, so the pointer
 * wraps.
 */
static bool is_stack_overflow(uaddr_t stack, uaddr_t address, int rights)
{
	if (rights == PROT_NONE)
		return address - (stack - NEAR_BYTES) < 2 * NEAR_BYTES;
	return rights < 0 && (stack < STACK_LOWEST_VA + PAGE_SIZE ||
			      stack >= USER_HIGHEST);
}

static enum crash_kind explain_page_fault(const struct refusal *refusal,
				     const struct user_frame *frame)
{
	uaddr_t address = refusal->address;
	int rights = space_rights(process_current()->space, address);

	if (refusal->info->si_errno == ENOMEM)
		return CRASH_NO_MEMORY;
	if (refusal->info->si_signo == SIGBUS)
		return CRASH_BEYOND_END;
	if (address == frame->code && !is_code(address))
		return explain_jump(frame);
	if (is_stack_overflow(frame->stack, address, rights))
		return CRASH_STACK_OVERFLOW;
	if (address < USER_LOWEST)
		return CRASH_NULL_POINTER;
	if (address >= USER_HIGHEST)
		return CRASH_KERNEL;
	if (rights < 0)
		return CRASH_NOT_MAPPED;
	if (refusal->access & FAULT_WRITE && rights & PROT_EXEC)
		return CRASH_CODE;
	if (refusal->access & FAULT_WRITE && rights & PROT_READ)
		return CRASH_CONSTANT;
	return CRASH_FORBIDDEN;
}

static const char *access_text(const struct refusal *refusal,
			       enum crash_kind kind,
			       const struct user_frame *frame)
{
	if (kind == CRASH_CODE || kind == CRASH_CONSTANT ||
	    kind == CRASH_NO_CODE)
		return "at";			/* the words name the access */
	if (refusal->access & FAULT_WRITE)
		return "write to";
	return refusal->address == frame->code ? "jump to" : "read of";
}

/* The bytes that overwrote the return address, if they are text: the bytes in
 * place of the address, then the next bytes of the stack. */
static bool read_text(const struct user_frame *frame, char text[TEXT_BYTES])
{
	size_t n;

	for (n = 0; n < TEXT_BYTES - 1; n++)
		if (!space_peek(process_current()->space,
				frame->stack - sizeof(uaddr_t) + n, text + n,
				1) || !is_printable(text[n]))
			break;
	text[n] = '\0';
	return n >= sizeof(uaddr_t);
}

static void print_first_line(const struct refusal *refusal,
			     enum crash_kind kind,
			     const struct user_frame *frame)
{
	const struct process *process = process_current();
	char details[60] = "", text[TEXT_BYTES];

	if (kind == CRASH_RETURN_ADDRESS && read_text(frame, text))
		snprintf(details, sizeof(details), ": it holds the text '%s'",
			 text);
	else if (kind == CRASH_RETURN_ADDRESS)
		snprintf(details, sizeof(details), ": it holds 0x%x",
			 (unsigned)frame->code);
	else if (refusal && !refusal->kind)
		snprintf(details, sizeof(details), ", %s 0x%x",
			 access_text(refusal, kind, frame),
			 (unsigned)refusal->address);
	printk("program %s[%d]: %s: %s%s\n", process->name, process->id,
	       signal_name(refusal ? refusal->info->si_signo : SIGABRT),
	       crash_text[kind], details);
	sched_point();
}

/* ---- The back trace ----------------------------------------------------- */

/* Print a line for `times` calls in a row from the same place. */
static void print_place(const struct frame_walk *walk, uaddr_t inside,
			const char *word, uint32_t times)
{
	char where[FRAME_BYTES];

	sched_point();			/* each search in the table is long */
	frames_describe(walk, inside, where, sizeof(where));
	sched_point();
	if (times > 1)
		printk("  %s %s, %u times\n", word, where, (unsigned)times);
	else
		printk("  %s %s\n", word, where);
	sched_point();
}

static void print_end(const struct frame_walk *walk, uint32_t lines)
{
	if (lines >= LINES_MOST)
		printk("  and more: these are the innermost calls\n");
	else if (walk->end == FRAMES_BROKEN)
		printk("  the stack is damaged or has no frame behind this\n");
	else if (walk->end == FRAMES_TOO_MANY)
		printk("  and more than %u calls in all\n", FRAMES_MOST);
}

/* The return address is lost, but the last call of the function is known. */
static void print_returned(const struct frame_walk *walk)
{
	uaddr_t inside = arch_returned_from(walk->task, &walk->frame);

	if (inside)
		print_place(walk, inside, "probably at the end of", 1);
}

static void print_frames(enum crash_kind kind)
{
	struct frame_walk walk;
	uaddr_t inside = 0;
	const char *word = "in", *next;
	uint32_t times = 0, lines = 0;

	frames_begin(&walk, task_current());
	sched_point();			/* opens the table of symbols */
	if (kind == CRASH_RETURN_ADDRESS) {
		print_returned(&walk);
		return;
	}
	while (lines < LINES_MOST && frames_next(&walk)) {
		next = walk.count == 1 ? "in" : walk.frame.is_caller
			? "called by" : "when a signal came, in";
		if (times > 0 && walk.inside == inside && word == next) {
			times++;
		} else {
			if (times > 0)
				print_place(&walk, inside, word, times);
			lines += times > 0;
			inside = walk.inside;
			word = next;
			times = 1;
		}
		if (walk.count % 4 == 1)
			sched_point();
	}
	if (times > 0 && lines < LINES_MOST)
		print_place(&walk, inside, word, times);
	print_end(&walk, lines);
}

/* ---- What malloc() knows ------------------------------------------------ */

/* Which earlier call malloc() has kept. */
static const char *const call_text[CRASH_KINDS] = {
	[CRASH_FREED_TWICE] = "freed first by",
	[CRASH_OVERRUN] = "the block was allocated by",
	[CRASH_UNDERRUN] = "the block was allocated by",
	[CRASH_USE_AFTER_FREE] = "the block was freed by",
};

static void print_earlier_call(enum crash_kind kind, uaddr_t place)
{
	struct frame_walk walk;

	if (!call_text[kind])
		return;
	frames_begin(&walk, task_current());
	if (is_code(place - 1))
		print_place(&walk, place - 1, call_text[kind], 1);
	else
		printk("  %s a function that is not known\n",
		       call_text[kind]);
}

/* ---- The end ------------------------------------------------------------ */

void crash(const struct refusal *refusal)
{
	int n = refusal->info->si_signo;
	enum crash_kind kind = refusal->kind;
	struct user_frame frame = { .code = 0 };

	arch_user_frame(task_current(), &frame);
	if (!kind)
		kind = explain_page_fault(refusal, &frame);
	print_first_line(refusal, kind, &frame);
	print_frames(kind);
	process_exit(WAIT_STATUS_CRASH(n, kind));
}

void crash_by_abort(unsigned kind, uaddr_t place)
{
	const struct task *task = task_current();

	if (task->process->signals.actions->of[SIGABRT].handler !=
	    HANDLER_DEFAULT || task->signals.blocked & SIGNAL_BIT(SIGABRT))
		return;
	if (kind < CRASH_ABORT || kind > CRASH_USE_AFTER_FREE)
		kind = CRASH_ABORT;
	print_first_line(NULL, kind, NULL);
	print_earlier_call(kind, place);
	print_frames(kind);
	process_exit(WAIT_STATUS_CRASH(SIGABRT, kind));
}
