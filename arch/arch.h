/*
 * arch.h - what the kernel asks of a machine, stated by the portable side.
 *
 * arch/i686/ implements every function here. Nothing above this floor contains
 * an instruction, a port or a page-table bit. It is long because this is all of
 * the contract, and the few functions that must be in line stand at its end.
 */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/lib/types.h"

struct task;
struct registers;		/* the user's, saved at kernel entry */

/* ---- Boot ------------------------------------------------------------- */

/* What the boot loader told us. Addresses are kernel virtual. */
struct boot_info {
	const char *command_line;	/* never NULL */
	const uint8_t *initrd;		/* page-aligned, or NULL */
	size_t initrd_bytes;
	paddr_t free_start_pa;		/* first frame behind kernel + initrd */
	paddr_t free_end_pa;		/* end of the usable memory above it */
};

extern struct boot_info boot_info;

/*
 * Bring up the processor: serial, screen, descriptor tables, exceptions.
 * Interrupts stay masked. Does not return when the machine lacks something: it
 * says what, in one line.
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

static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(pa + KERNEL_BASE);
}

static inline paddr_t virt_to_phys(const void *va)
{
	return (uintptr_t)va - KERNEL_BASE;
}

/*
 * An address space: page tables for the user half; the kernel half is the
 * same in all of them.
 */
struct arch_space {
	uint32_t root_pa;		/* what CR3 gets */
	uint64_t *top;			/* the page-directory-pointer table */
	paddr_t tables;			/* frames of its page tables, linked */
	uint32_t recent_number;		/* the table looked for last: its */
	uint64_t *recent_table;		/* va >> 21 (none yet: ~0), entries, */
	void *recent_notes;		/* and what is noted of them */
};

/* All return 0 or -ENOMEM; none sleeps. prot is PROT_READ|WRITE|EXEC. */
int arch_space_init(struct arch_space *space);
/* Put each page that is mapped, free the page tables; how many pages there
 * were. */
uint32_t arch_space_destroy(struct arch_space *space);
/* Map the frame at pa; a page that is mapped there is replaced. */
int arch_map(struct arch_space *space, uaddr_t va, paddr_t pa, int prot);
/* The frame mapped at va, or 0; *writable_out tells the page-table bit. */
paddr_t arch_lookup(struct arch_space *space, uaddr_t va, bool *writable_out);
/* Take one page out: its frame, with the reference that it had; 0: none. */
paddr_t arch_unmap(struct arch_space *space, uaddr_t va);
/* Take all pages of [start, end) out and hand each to drop(pa); returns how
 * many there were. */
uint32_t arch_unmap_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			  void (*drop)(paddr_t pa));
/* Give the pages of [start, end) that are mapped these rights; a page that
 * may_write(pa) denies does not become writable. PROT_NONE keeps them, but
 * nobody can touch them. */
void arch_protect_range(struct arch_space *space, uaddr_t start, uaddr_t end,
			int prot, bool (*may_write)(paddr_t pa));
/*
 * Fork: map all that is mapped in `from` in `to` as well, read-only in both;
 * what `to` has already stays as it is on both sides. Each page gets a
 * reference more; their number is added to *copied. 0, or -ENOMEM. The caller
 * flushes the TLB.
 */
int arch_space_copy(struct arch_space *to, struct arch_space *from,
		    uint32_t *copied);
/* Make `space` the current one (NULL: the kernel's own). */
void arch_space_switch(struct arch_space *space);
/* The root of the page tables that are in use. */
uint32_t arch_loaded_root(void);
/* Forget what the TLB knows of the current user half. */
void arch_flush_tlb(void);

/* A kernel stack of KERNEL_STACK_BYTES above an unmapped guard page: its
 * base, or NULL. */
#define KERNEL_STACK_BYTES	8192
void *arch_stack_alloc(void);
void arch_stack_free(void *base);

/* ---- User memory ------------------------------------------------------ */

/*
 * The only ways to user memory. Each checks the range, survives any address,
 * and returns 0 or -EFAULT; on -EFAULT a part may have been copied.
 */
int copy_from_user(void *to, uaddr_t from, size_t bytes);
int copy_to_user(uaddr_t to, const void *from, size_t bytes);
int clear_user(uaddr_t to, size_t bytes);
/* A NUL-terminated string of at most size bytes with its NUL. Returns its
 * length, -EFAULT, or -ENAMETOOLONG. */
ssize_t copy_string_from_user(char *to, uaddr_t from, size_t size);

/* The first two in line, check and all, where the call costs as much as the
 * copy. False: -EFAULT. */
static inline bool fetch_user_bytes(void *to, uaddr_t from, size_t bytes);
static inline bool store_user_bytes(uaddr_t to, const void *from, size_t bytes);

/*
 * If the word holds `from`, let it hold `to`. False: it holds something else,
 * or it is not there. The caller knows that the word lies in user space and on
 * a multiple of four. (The routines above look again why it was not possible.)
 */
static inline bool change_user_word(uaddr_t word, uint32_t from, uint32_t to)
{
	__asm__ goto("1:	stac\n"
		     "	cmpl %1, (%0)\n"
		     "	jne 3f\n"
		     "	movl %2, (%0)\n"
		     "2:	clac\n"
		     "	.pushsection .text.unlikely, \"ax\"\n"
		     "3:	clac\n"
		     "	nop\n"
		     "	jmp %l[other]\n"
		     "	.popsection\n"
		     "	.pushsection .smap, \"a\"\n"
		     "	.long 1b, 2b, 3b\n"
		     "	.popsection\n"
		     "	.pushsection .fixups, \"a\"\n"
		     "	.long 1b, 2b, 3b\n"
		     "	.popsection"
		     : : "r"(word), "ri"(from), "ri"(to) : "memory", "cc"
		     : other);
	return true;
other:
	return false;
}

/*
 * The same for a few words on a path where a call would cost more than the
 * copy: no check, the caller knows that the range ends below USER_HIGHEST.
 * Returns the words left to copy: 0, or there was a bad address.
 */
static inline uint32_t copy_words_from_user(void *to, uaddr_t from,
					    uint32_t words);
static inline uint32_t copy_words_to_user(uaddr_t to, const void *from,
					  uint32_t words);

/* Two words in a row, in registers: no check either. False: they cannot be
 * had. */
static inline bool fetch_user_pair(uaddr_t at, uint32_t *first,
				   uint32_t *second);

/* Is [start, start + bytes) wholly inside user space? 0 bytes always are. What
 * lies below USER_LOWEST is as far beyond the end, counted from there. */
static inline bool user_range_is_valid(uaddr_t start, size_t bytes)
{
	uint32_t end;

	if (__builtin_add_overflow(start - USER_LOWEST, bytes, &end))
		return false;
	return LIKELY(end <= USER_HIGHEST - USER_LOWEST) || bytes == 0;
}

/* ---- Tasks ------------------------------------------------------------ */

/*
 * Charge the running task for its time, save it and run `next` (Steps 1 and 3
 * of the tutorial). Called with switches postponed; returns when somebody
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

/* Let system calls of the running task go through machine_call_begins() and
 * machine_call_ends(), or no longer. */
void arch_trace_calls(bool on);

/* Let GS point to this address in user mode; 0: nowhere. */
void arch_set_thread_pointer(uaddr_t address);

/* Leave the kernel for a program's first instruction; all registers but these
 * are zero. */
void arch_enter_program(uaddr_t entry, uaddr_t stack) NORETURN;

/* Where the program was when these registers were saved. */
/* The time that a task has spent in user mode, in cycles. */
uint64_t arch_user_cycles(const struct task *task);

uaddr_t arch_instruction(const struct registers *regs);

/* The running task's user stack pointer and instruction, for reports. */
uaddr_t arch_user_stack(void);

/* FPU state goes with its task: off from each switch until it is used,
 * copied on fork, dropped on exec and at the end. */
void arch_fpu_switch(bool on);
int arch_fpu_copy(struct task *to, struct task *from);
void arch_fpu_drop(struct task *task);

/* For a panic: the registers of the trap that led to it, if one did. */
void arch_print_registers(void);

/* Print a symbolised back trace of a stopped task, or NULL for the caller. */
void arch_print_backtrace(const struct task *task);

/* ---- Signals ---------------------------------------------------------- */

/*
 * A call of a signal handler, to be put on a stack of the user's. stack: where
 * to begin, or 0 to go on below the interrupted stack pointer.
 */
struct handler_call {
	const struct signal_action *action;
	int number;
	uaddr_t stack;
	const siginfo_t *info;
	sigset_t old_mask;
};

/*
 * Make these registers, which are about to be restored, call the handler: put
 * a frame with the interrupted registers, FPU state, details and old mask on
 * the stack. 0, or -EFAULT when the stack cannot be written.
 */
int arch_push_handler(struct registers *regs, const struct handler_call *call);
/*
 * The same in a system call that is going to return, for a handler that takes
 * its number alone: call it in the call's place. After it the call returns 0
 * and the mask is as it is now; until then the action's signals and n are
 * blocked as well. 0; n when that cannot be, and nothing has happened.
 */
int arch_call_handler(const struct signal_action *action, int n);
/* The same at the end of a wait: afterwards the call returns -EINTR, and the
 * mask is `old`. */
int arch_end_by_handler(const struct signal_action *action, int n,
			const sigset_t *old);
/* The interrupted stack pointer. */
uaddr_t arch_stack_pointer(const struct registers *regs);

/* sigreturn(2): go back, with its mask, to what the frame says that the stack
 * points to. Returns the result of the call in whose place the handler ran; if
 * the frame cannot be read, a fault is the program's. */
int arch_leave_handler(void);

/* The number of the system call that ended with -EINTR and is about to return
 * with these registers, or -1. */
int arch_interrupted_syscall(const struct registers *regs);
/* Make them start that call again instead. */
void arch_restart_syscall(struct registers *regs);

/* ---- Interrupts [I] --------------------------------------------------- */

/* Mask interrupts; the result goes to arch_irq_restore(). Nests. */
static inline uint32_t arch_irq_save(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0; cli" : "=r"(flags) :: "memory");
	return flags;
}

static inline void arch_irq_restore(uint32_t flags)
{
	if (flags & 0x200)
		__asm__ volatile("sti" ::: "memory");
}

/*
 * Wait for the next interrupt with interrupts enabled. Call with them masked:
 * enabling and halting are one step, so that no wake-up falls between (trap
 * 21 of the tutorial). Returns with interrupts masked.
 */
static inline void arch_halt(void)
{
	__asm__ volatile("sti; hlt; cli" ::: "memory");
}

/* ---- Time ------------------------------------------------------------- */

/* Cycles of the time-stamp counter: under -icount these are instructions. */
static inline uint64_t arch_cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

uint64_t arch_cycles_to_ns(uint64_t cycles);
/* Nanoseconds since boot, monotonic. */
uint64_t arch_now_ns(void);
/* Seconds since 1970 at boot, from the RTC. */
int64_t arch_boot_time(void);
/* Fire machine_timer_interrupt() once at or soon after deadline (ns since
 * boot); FOREVER switches it off. Fires early rather than never. */
void arch_timer_arm(uint64_t deadline_ns);
/* Call machine_tick() every TICK_NS from now on, or no longer. */
#define TICK_NS			5000000u
void arch_tick(bool on);

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

#if defined(TEST) || defined(HOST_TEST)

/* By way of the functions that tests put themselves in front of. */
static inline bool fetch_user_bytes(void *to, uaddr_t from, size_t bytes)
{
	return copy_from_user(to, from, bytes) == 0;
}

static inline bool store_user_bytes(uaddr_t to, const void *from, size_t bytes)
{
	return copy_to_user(to, from, bytes) == 0;
}

static inline uint32_t copy_words_from_user(void *to, uaddr_t from,
					    uint32_t words)
{
	return copy_from_user(to, from, words * 4) ? words : 0;
}

static inline uint32_t copy_words_to_user(uaddr_t to, const void *from,
					  uint32_t words)
{
	return copy_to_user(to, from, words * 4) ? words : 0;
}

static inline bool fetch_user_pair(uaddr_t at, uint32_t *first,
				   uint32_t *second)
{
	return copy_from_user(first, at, 4) == 0 &&
	       copy_from_user(second, at + 4, 4) == 0;
}

#else

/* A fault goes on behind the copy, with ECX telling what was left to do. */
static inline uint32_t arch_copy_words(uint32_t to, uint32_t from,
				       uint32_t words)
{
	__asm__ volatile("1:	stac\n"
			 "	rep movsl\n"
			 "2:	clac\n"
			 "	.pushsection .smap, \"a\"\n"
			 "	.long 1b, 2b\n"
			 "	.popsection\n"
			 "	.pushsection .fixups, \"a\"\n"
			 "	.long 1b, 2b, 2b\n"
			 "	.popsection"
			 : "+D"(to), "+S"(from), "+c"(words) :: "memory");
	return words;
}

static inline uint32_t copy_words_from_user(void *to, uaddr_t from,
					    uint32_t words)
{
	return arch_copy_words((uintptr_t)to, from, words);
}

static inline uint32_t copy_words_to_user(uaddr_t to, const void *from,
					  uint32_t words)
{
	return arch_copy_words(to, (uintptr_t)from, words);
}

#define USER_WORD(at)	(*(volatile uint32_t *)(uintptr_t)(at))
/* `moves` with user memory open; a fault in them goes to the label `bad`. */
#define USER_MOVES(moves)				\
	"1:	stac\n"					\
	moves						\
	"2:	clac\n"					\
	"	.pushsection .text.unlikely, \"ax\"\n"	\
	"3:	clac\n"					\
	"	nop\n"					\
	"	jmp %l[bad]\n"				\
	"	.popsection\n"				\
	"	.pushsection .smap, \"a\"\n"		\
	"	.long 1b, 2b, 3b\n"			\
	"	.popsection\n"				\
	"	.pushsection .fixups, \"a\"\n"		\
	"	.long 1b, 2b, 3b\n"			\
	"	.popsection"

static inline bool fetch_user_pair(uaddr_t at, uint32_t *first,
				   uint32_t *second)
{
	uint32_t a, b;

	__asm__ volatile goto(USER_MOVES("	movl %2, %0\n"
					 "	movl %3, %1\n")
			      : "=&r"(a), "=r"(b)
			      : "m"(USER_WORD(at)), "m"(USER_WORD(at + 4)) :
			      : bad);
	*first = a;
	*second = b;
	return true;
bad:
	return false;
}

/* As USER_COPY of usercopy.asm; `user` is the user's one of the two. */
static inline bool arch_copy_bytes(uint32_t to, uint32_t from, size_t bytes,
				   uaddr_t user)
{
	uint32_t words = bytes / 4;

	if (UNLIKELY(user + bytes < bytes || user + bytes > USER_HIGHEST))
		return false;
	__asm__ volatile goto(USER_MOVES("	rep movsl\n"
					 "	movl %3, %%ecx\n"
					 "	rep movsb\n")
			      : "+D"(to), "+S"(from), "+c"(words)
			      : "r"(bytes % 4) : "memory" : bad);
	return true;
bad:
	return false;
}

static inline bool fetch_user_bytes(void *to, uaddr_t from, size_t bytes)
{
	return arch_copy_bytes((uintptr_t)to, from, bytes, from);
}

static inline bool store_user_bytes(uaddr_t to, const void *from, size_t bytes)
{
	return arch_copy_bytes(to, (uintptr_t)from, bytes, to);
}

#endif
