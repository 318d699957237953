/*
 * backtrace.c - the callers of a function, from the chain of frame pointers.
 *
 * Each function keeps its caller's frame pointer at (ebp) and its return
 * address at 4(ebp). A panic walks stacks that may be damaged, so each frame
 * must lie on the walked stack, above the frame before. The chain ends at the
 * entry to the kernel: the last frame holds the program's own ebp.
 *
 * After a fault in the kernel the trace begins at the faulting instruction. The
 * faulting function would otherwise be missing, since a trap makes no frame.
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/symbols.h"
#include "kernel/task/task.h"

#define PAGE_BYTES	4096u
#define MOST_FRAMES	48
#define LINE_BYTES	160

/* [own] on the stack of a task */
struct frame {
	uint32_t caller_ebp;
	uint32_t return_address;
};

/* From the linker script. */
extern const char __symbols_start[], __symbols_end[];

static struct symbols symbols_of_kernel(void)
{
	struct symbols symbols;

	symbols_open_memory(&symbols, __symbols_start,
			    __symbols_end - __symbols_start);
	return symbols;
}

uint32_t arch_build(void)
{
	return symbols_of_kernel().header.build;
}

/* `address` with the name of the code at `inside`. */
static void print_line(uint32_t address, uint32_t inside)
{
	char text[LINE_BYTES];
	struct symbols symbols = symbols_of_kernel();

	symbols_format(text, sizeof(text), &symbols, inside);
	printk("  %08x %s\n", (unsigned)address, text);
}

/*
 * A return address lies behind the call, and the call may be the last
 * instruction of a function. The byte before always belongs to the function.
 */
static void print_caller(uint32_t address)
{
	print_line(address, address - 1);
}

static bool is_frame(uint32_t ebp, uint32_t lowest, uint32_t end)
{
	return ebp >= lowest && ebp % sizeof(uint32_t) == 0 &&
	       ebp <= end - sizeof(struct frame);
}

static void walk(uint32_t ebp, uint32_t end)
{
	const struct frame *frame;
	uint32_t lowest = ebp;

	for (int i = 0; i < MOST_FRAMES && is_frame(ebp, lowest, end); i++) {
		frame = (const struct frame *)ebp;
		if (frame->return_address < KERNEL_BASE)
			return;
		print_caller(frame->return_address);
		lowest = ebp + sizeof(*frame);
		ebp = frame->caller_ebp;
	}
}

/* switch_to_task() leaves ebp edi esi ebx and the return address. */
static void walk_stopped(const struct task *task)
{
	const uint32_t *saved = (const uint32_t *)task->esp;

	print_caller(saved[4]);
	walk(saved[0], task->stack_top);
}

/* Where a panic's trace begins; eip 0: at the caller. */
static uint32_t start_eip, start_ebp;

void backtrace_start_at(uint32_t eip, uint32_t ebp)
{
	start_eip = eip;
	start_ebp = ebp;
}

static bool is_on_stack_of(const struct task *task, uint32_t ebp)
{
	return task && ebp < task->stack_top &&
	       ebp >= (uintptr_t)task->stack;
}

/*
 * The end of the stack that holds ebp. Before there are tasks, and on the
 * stack of the double fault, only the page of ebp is known to be present.
 */
static uint32_t stack_end(uint32_t ebp)
{
	return is_on_stack_of(task_current(), ebp) ? task_current()->stack_top
						: ALIGN_UP(ebp + 1, PAGE_BYTES);
}

/* A fault can find anything in EBP, also a program's. */
static bool is_safe(uint32_t ebp, uint32_t own_ebp)
{
	return is_on_stack_of(task_current(), ebp) ||
	       ebp / PAGE_BYTES == own_ebp / PAGE_BYTES;
}

void arch_print_backtrace(const struct task *task)
{
	uint32_t ebp = (uint32_t)__builtin_frame_address(0);

	if (task && task != task_current()) {
		walk_stopped(task);
		return;
	}
	if (start_eip) {
		print_line(start_eip, start_eip);
		if (!is_safe(start_ebp, ebp))
			return;
		ebp = start_ebp;
	}
	walk(ebp, stack_end(ebp));
}

/*
 * Never called: a frame for debuggers, between the kernel's stack and the stack
 * of the program. GDB takes a caller's frame at a lower address for a broken
 * stack, except below a function of this name, where gcc's split stacks change
 * from a stack to the next. See tools/gdb/unwind.py.
 */
static __attribute__((used, noinline)) void user_mode(void)
{
	__builtin_trap();
}

__asm__(".globl __morestack\n"
	".type __morestack, @function\n"
	".set __morestack, user_mode\n");
