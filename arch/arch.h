/*
 * arch.h - the machine contract, stated by the portable side of the kernel.
 *
 * arch/i686/ implements every function here. Nothing above this floor contains
 * an instruction, a port or a page-table bit. The file is longer than most
 * because it holds the whole contract. arch/i686/inline.h holds the few
 * functions that must be in line.
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/lib/types.h"

struct task;
struct registers;		/* the user's, saved at kernel entry */

/* ---- Boot ------------------------------------------------------------- */

/* [const] frames from `start` to in front of `end` */
struct frame_range {
	frame_t start, end;
};

#define HIGH_RANGES	8

/* [const] the facts from the boot loader. Addresses are kernel virtual. */
struct boot_info {
	const char *command_line;	/* never NULL */
	const uint8_t *initrd;		/* page-aligned, or NULL */
	size_t initrd_bytes;
	struct frame_range low;		/* usable, behind kernel or initrd */
	struct frame_range high[HIGH_RANGES]; /* usable, from DIRECT_FRAMES */
	uint32_t unused_frames;		/* memory that does not fit in here */
};

extern struct boot_info boot_info;

/*
 * Bring up the processor: serial, screen, descriptor tables, exceptions.
 * Interrupts stay masked. Does not return when the machine lacks a required
 * part: one line names the part.
 */
void arch_init(void);

/* After frame_init(): page tables with their final rights, FPU, clock. */
void arch_memory_init(void);

/* Bring up interrupt-driven devices: keyboard, serial input, timer; from here
 * on interrupts are enabled. */
void arch_devices_init(void);

/* ---- Memory ----------------------------------------------------------- */

#define KERNEL_BASE	0xc0000000u	/* physical 0 as the kernel sees it */
#define USER_LOWEST	0x00010000u	/* nothing below is ever mapped */
#define USER_HIGHEST	0xc0000000u	/* first address that is not a user's */
#define DIRECT_BYTES	0x30000000u	/* mapped at KERNEL_BASE: 768 MiB */
#define DIRECT_FRAMES	(DIRECT_BYTES >> 12)

static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(pa + KERNEL_BASE);
}

static inline paddr_t virt_to_phys(const void *va)
{
	return (uintptr_t)va - KERNEL_BASE;
}

/*
 * An address space: page tables for the user half. The kernel half is the same
 * in all address spaces. recent_*: the table of the last search.
 */
struct arch_space {
	uint32_t root_pa;		/* [const] frame of the root */
	uint64_t *top;			/* [const] the root table */
	frame_t tables;			/* [P] list of the tables' frames */
	uint32_t recent_number;		/* [P] its va >> 21; ~0: no search */
	uint64_t *recent_table;		/* [P] its entries */
	void *recent_notes;		/* [P] the notes of its frame */
};

/* All return 0 or -ENOMEM, and never sleep. prot is PROT_READ|WRITE|EXEC. */
int arch_space_init(struct arch_space *space);
/* Put each mapped page and free the page tables; the number of pages. */
uint32_t arch_space_destroy(struct arch_space *space);
/* Map the frame; an earlier page at va is replaced. */
int arch_map(struct arch_space *space, uaddr_t va, frame_t frame, int prot);
/* The frame mapped at va, or 0; *writable_out tells the page-table bit. */
frame_t arch_lookup(struct arch_space *space, uaddr_t va, bool *writable_out);
/* The same for a page of a user that the page tables allow a write to, or 0. */
frame_t arch_lookup_writable(struct arch_space *space, uaddr_t va);
/* Take all pages of [start, end) out and hand each page to drop(). Returns
 * the number of pages. */
uint32_t arch_unmap_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			  void (*drop)(frame_t frame));
/* Give the mapped pages of [start, end) these rights; a page that may_write()
 * denies does not become writable. PROT_NONE keeps the pages, but no program
 * can access them. */
void arch_protect_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			int prot, bool (*may_write)(frame_t frame));
/* [own] How fork copies page tables, in parts. */
struct arch_copy {
	struct arch_space *to, *from;
	bool is_shared;		/* pages stay writable on both sides */
	uint32_t left;		/* falls with each entry and table passed */
	uint32_t copied;	/* grows with each page */
};
/*
 * Map the pages of `from` in [*at, end) in `to` as well, with a reference more,
 * until `left` is 0; *at becomes the first address not reached. Private pages
 * become read-only in both spaces. A page that `to` already maps does not
 * change on either side. 0, or -ENOMEM. The caller flushes the TLB before a
 * program runs.
 */
int arch_copy_pages(struct arch_copy *copy, uaddr_t *at, uaddr_t end);
/* Make `space` the current address space (NULL: the kernel's own). */
void arch_space_switch(struct arch_space *space);
/* The root of the page tables that are in use. */
uint32_t arch_loaded_root(void);
/* Drop the entries of the current user half from the TLB. */
void arch_flush_tlb(void);

/*
 * [P] The kernel's address of a frame from DIRECT_FRAMES on, until the close.
 * Windows nest: a copy may fault, and the fault copies a page. No task switch
 * may come in between. Called by frame_open() and frame_close() only.
 */
void *arch_window_open(frame_t frame);
void arch_window_close(void);

/* A kernel stack of KERNEL_STACK_BYTES above an unmapped guard page: its
 * base, or NULL. */
#define KERNEL_STACK_BYTES	8192
void *arch_stack_alloc(void);
void arch_stack_free(void *base);

/* ---- User memory ------------------------------------------------------ */

/*
 * The only ways to user memory. Each checks the range, survives any address,
 * and returns 0 or -EFAULT; on -EFAULT a part may have been copied. The first
 * three give a range outside of user space to machine_copy_from_vector(),
 * machine_copy_to_vector() or machine_clear_vector().
 */
int copy_from_user(void *to, uaddr_t from, size_t bytes);
int copy_to_user(uaddr_t to, const void *from, size_t bytes);
int clear_user(uaddr_t to, size_t bytes);
/* A NUL-terminated string of at most size bytes with its NUL. Returns its
 * length, -EFAULT, or -ENAMETOOLONG. */
ssize_t copy_string_from_user(char *to, uaddr_t from, size_t size);

/* One word, at an address that is a multiple of four. False: a bad address, and
 * nothing has changed. */
bool fetch_user_word(uaddr_t at, uint32_t *value);
bool store_user_word(uaddr_t at, uint32_t value);

/* Is [start, start + bytes) wholly inside user space? 0 bytes always are.
 * start - USER_LOWEST wraps around for a start below USER_LOWEST, and so lies
 * beyond the end. */
static inline bool user_range_is_valid(uaddr_t start, size_t bytes)
{
	const uint32_t most = USER_HIGHEST - USER_LOWEST;

	return (bytes <= most && start - USER_LOWEST <= most - bytes) ||
	       bytes == 0;
}

/* ---- Tasks ------------------------------------------------------------ */

struct cpu;
/* The state of the processor that runs this code. In line. */
static inline struct cpu *arch_cpu(void);

/*
 * Charge the running task for its time, save it and run `next` (Steps 1 and 3
 * of the tutorial). Called with switches postponed; returns when a task
 * switches back. In switch.asm.
 */
void switch_to_task(struct task *next);

/* Forge the stack of a new kernel task: its first switch starts entry(arg),
 * with switches allowed and interrupts on. */
void arch_task_prepare(struct task *task, void (*entry)(void *), void *arg);

/* Forge the stack of fork's child: it returns to user mode where the running
 * task, which is inside a system call, is going to, but with result 0. */
void arch_task_prepare_fork(struct task *task);

/* Forge the stack of a new thread: it starts in user mode at entry. */
void arch_task_prepare_thread(struct task *task, uaddr_t entry, uaddr_t stack);

/* on: system calls of the running task go through machine_call_begins() and
 * machine_call_ends(). */
void arch_trace_calls(bool on);

/* The address of the thread's own memory in user mode; 0: none. */
void arch_set_thread_pointer(uaddr_t address);

/* Leave the kernel for a program's first instruction. All registers except for
 * the instruction and stack pointers are zero. */
void arch_enter_program(uaddr_t entry, uaddr_t stack) NORETURN;

/* The time that a task has spent in user mode, in cycles. */
uint64_t arch_user_cycles(const struct task *task);

/* The program's next instruction in these saved registers. */
uaddr_t arch_instruction(const struct registers *regs);

/* The running task's user stack pointer and instruction, for reports. */
uaddr_t arch_user_stack(void);

/* A task has FPU state from its first FPU instruction on. Before the task
 * runs: give its state to the FPU, or switch the FPU off. */
void arch_fpu_switch(struct task *task);
/* Give a new task a copy of the running task's state, if there is one. 0, or
 * -ENOMEM. */
int arch_fpu_copy(struct task *task);
/* Exec, and the end of a task: the state is lost. */
void arch_fpu_drop(struct task *task);

/* ---- Back traces of programs ------------------------------------------ */

/* [own] Where a function of a program stands, as far as back traces need it. */
struct user_frame {
	uaddr_t code;		/* the instruction that comes next */
	uaddr_t stack;		/* the stack pointer there */
	uaddr_t base;		/* the frame pointer there */
	bool is_caller;		/* `code` is a return address */
};

/* Let the program with these saved registers trap before each instruction, in
 * machine_step(). The next system call ends this. */
void arch_step(struct registers *regs);
/* [own] */
struct memory_access {
	uaddr_t address;
	bool is_write;
};
/* The memory that the next instruction of the program uses. False: no memory,
 * the thread's own memory, the stack by a call or a push, or an instruction
 * that compilers do not make. Of a string instruction, the first word. */
bool arch_next_access(const struct registers *regs,
		      struct memory_access *access);

/* The place where a task in the kernel left its program. The task may be
 * blocked, stopped, preempted or running. False: a kernel task. */
bool arch_user_frame(const struct task *task, struct user_frame *frame);
/*
 * From a function of this task's program to its caller, or from a signal
 * handler to the interrupted function. The return address lies `words` words
 * above the stack pointer. FRAME_BY_POINTER: above the saved frame pointer.
 * FRAME_BY_CODE: the function sets up the frame pointer as usual, and the
 * instruction tells whether the frame pointer is set. False: there is no
 * caller, or the memory cannot be read. Programs can write all of this memory,
 * so the result may be wrong; but the stack pointer only grows, except from a
 * handler.
 */
#define FRAME_BY_POINTER	UINT32_MAX
#define FRAME_BY_CODE		(UINT32_MAX - 1)
bool arch_user_caller(const struct task *task, struct user_frame *frame,
		      uint32_t words);
/* Has a return led to frame->code, and not a call or a jump? */
bool arch_came_by_return(const struct task *task,
			 const struct user_frame *frame);
/* An address in the function that has just returned, from the return addresses
 * that its own calls have left below the stack pointer; 0: not found. */
uaddr_t arch_returned_from(const struct task *task,
			   const struct user_frame *frame);
/* Is the task's next instruction allowed in the kernel only? */
bool arch_is_privileged(const struct task *task);

/* For a panic: the registers of the trap that caused the panic, if any. */
void arch_print_registers(void);

/* A number that differs from kernel to kernel: a sum of the kernel's bytes. */
uint32_t arch_build(void);
/* Print a symbolised back trace of a stopped task, or NULL for the caller. */
void arch_print_backtrace(const struct task *task);

/* ---- Signals ---------------------------------------------------------- */

/*
 * [own] A call of a signal handler, to be put on a stack of the user's. stack:
 * the start, or 0 to go on below the interrupted stack pointer.
 */
struct handler_call {
	const struct signal_action *action;
	uaddr_t stack;
	uaddr_t lowest;		/* of the frame: the end of its stack, or 0 */
	const siginfo_t *info;
	sigset_t old_mask;
};

/*
 * Make these registers, which are about to be restored, call the handler: put
 * a frame with the interrupted registers, FPU state, details and old mask on
 * the stack. 0, or -EFAULT when the stack cannot be written, or is too small.
 */
int arch_push_handler(struct registers *regs, const struct handler_call *call);
/* The interrupted stack pointer. */
uaddr_t arch_stack_pointer(const struct registers *regs);

/*
 * sigreturn(2): go back to the registers and the mask of the frame that the
 * user's stack points to. Does not return, unless the frame cannot be read:
 * then the result is -EFAULT. The page is late, or the task has been sent
 * SIGSEGV.
 */
int arch_leave_handler(void);

/* The number of the system call that failed with this error and is about to
 * return with these registers, or -1. */
int arch_failed_syscall(const struct registers *regs, int error);
/* Make these registers start the failed call again. */
void arch_restart_syscall(struct registers *regs);

/* ---- Interrupts [I] --------------------------------------------------- */

/* Mask interrupts; the result goes to arch_irq_restore(). Nests. In line. */
static inline uint32_t arch_irq_save(void);
static inline void arch_irq_restore(uint32_t flags);

/*
 * Wait for the next interrupt with interrupts enabled. Call with them masked:
 * enabling and halting are one step, so no wake-up comes in between (trap 21 of
 * the tutorial). Returns with interrupts masked. In line.
 */
static inline void arch_halt(void);

/* Set or clear bits of a word in one step, as an interrupt sees it. In line. */
static inline void arch_set_bits(volatile uint32_t *word, uint32_t bits);
static inline void arch_clear_bits(volatile uint32_t *word, uint32_t bits);

/* ---- Time ------------------------------------------------------------- */

/* Cycles of the time-stamp counter: under -icount these are instructions. In
 * line. */
static inline uint64_t arch_cycles(void);
uint64_t arch_cycles_to_ns(uint64_t cycles);
uint64_t arch_ns_to_cycles(uint64_t ns);	/* of less than 36 years */
/* Nanoseconds since boot, monotonic. */
uint64_t arch_now_ns(void);
/* Seconds since 1970 at boot, from the RTC. */
int64_t arch_boot_time(void);
/* A random word from the processor. False, and nothing changes: the processor
 * has no source of random words. */
bool arch_random(uint32_t *word);
/* The processor in lines of words, with a NUL, for /proc/cpuinfo. */
void arch_cpu_describe(char *to, size_t size);
/* Fire machine_timer_interrupt() once at or soon after deadline (ns since
 * boot); FOREVER switches it off. Fires early rather than never. */
void arch_timer_arm(uint64_t deadline_ns);
/* on: call machine_tick() every TICK_NS. */
#define TICK_NS			2500000u
void arch_tick(bool on);

/* ---- Devices on the bus ----------------------------------------------- */

/* [own] A device that arch_bus_find() has found. */
struct bus_device {
	uint16_t port;			/* its registers begin here */
	uint8_t irq;			/* the line of its interrupt */
};

/* [I] What runs at an interrupt of a line. Several devices may share the line,
 * so run() asks its device first. */
struct bus_interrupt {
	void (*run)(struct bus_interrupt *interrupt);
	struct bus_interrupt *next;
};

/* Find a device and let the device use the memory. False: the bus has no such
 * device. Reads each place on the bus: call this at boot. */
bool arch_bus_find(uint16_t vendor, uint16_t device, struct bus_device *found);
/* From now on interrupt->run() runs at each interrupt of the line. For ever. */
void arch_bus_attach(unsigned irq, struct bus_interrupt *interrupt);
/* A register of a device: 1, 2 or 4 bytes. */
uint32_t arch_port_read(uint16_t port, unsigned bytes);
void arch_port_write(uint16_t port, unsigned bytes, uint32_t value);

/* ---- Console and power ------------------------------------------------ */

/* Bytes to the terminal: serial port COM1 and screen. Polls, never sleeps. */
void arch_console_write(const char *bytes, size_t length);
/* Bytes to COM2, where a headless run keeps the kernel log. */
void arch_log_write(const char *bytes, size_t length);
/* Bytes to the host channel, COM3. */
void arch_host_write(const char *bytes, size_t length);
/* There is room for host input again. */
void arch_host_input_resume(void);
/* Is there a host channel (a UART at COM3)? */
bool arch_host_is_present(void);
/* Bytes to the trace port, COM4, if there is one. */
void arch_trace_write(const char *bytes, size_t length);
bool arch_trace_is_present(void);

/* End the machine: QEMU's debug exit with value, else power off, else halt. */
void arch_poweroff(uint32_t debug_exit_value) NORETURN;
void arch_reboot(void) NORETURN;

/* ---- In line ---------------------------------------------------------- */

#include "arch/i686/inline.h"
