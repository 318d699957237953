/*
 * machine.h - the only functions of the upper floors that arch/ may call.
 *
 * The machine layer knows nothing of tasks' meaning, files or signals. Through
 * these functions, the machine layer reports events of the hardware.
 */
#pragma once

#include "kernel/lib/types.h"

struct registers;

/* A faulting access, as the processor reports the fault. */
#define FAULT_PRESENT	1	/* a page was there, the access not allowed */
#define FAULT_WRITE	2
#define FAULT_USER	4	/* in user mode */
#define FAULT_EXECUTE	16

/*
 * Make the page at address usable for this access. Called with interrupts as
 * they were at the fault, for user addresses only. Returns 0, or -EFAULT:
 * the machine layer then applies a copy routine's fix-up or, from user mode,
 * calls machine_exception(). Never sleeps.
 */
int machine_page_fault(uaddr_t address, unsigned access);

/* [const] What an exception of the processor means for a program. */
struct exception {
	uint8_t signal;		/* the signal that the program gets */
	uint8_t code;		/* si_code of this signal */
	uint8_t crash;		/* enum crash_kind, for the report */
};

/*
 * The processor refuses an instruction of a program. Sends the signal of this
 * exception; on the return to user mode the program dies, or the handler runs.
 */
void machine_exception(struct registers *regs, const struct exception *what);

/* The same after a page fault: machine_page_fault() made no page usable for
 * this access, or the address is the kernel's. */
void machine_page_refused(uaddr_t address, unsigned access);

/* The time of arch_timer_arm() has come. Called in interrupt context. */
void machine_timer_interrupt(void);

/* The tick of arch_tick(). After an interrupt in user mode, with [P] held and
 * interrupts masked, machine_tick(); after an interrupt in the kernel, the
 * second function. */
void machine_tick(void);
void machine_tick_interrupt(void);

/* A byte came from the terminal (serial or keyboard). Interrupt context. */
void machine_console_input(uint8_t byte);

/*
 * A byte came from the host channel. Interrupt context. Returns false when
 * there is no room: the driver then stops reading until
 * arch_host_input_resume(), and nothing is lost.
 */
bool machine_host_input(uint8_t byte);

/* The Scroll Lock key was pressed, by a person or by tools/run: why do the
 * programs not go on? Interrupt context. */
void machine_report_wanted(void);

/*
 * Pending work before going on in the interrupted context: called at the end
 * of each interrupt that came while task switches were not postponed, after
 * the end-of-interrupt command. May switch tasks.
 */
void machine_interrupt_exit(void);

/*
 * Deliver signals and reschedule before a return to user mode; regs is the
 * full frame that will be restored, and may be changed (handlers).
 * Called with switches postponed; interrupts on.
 */
void machine_return_to_user(struct registers *regs);

/*
 * The system calls, by number. The fast entry fetches four arguments and calls
 * through fast_call_table. In this table more_arguments (entry.asm) stands for
 * each call with more than four arguments, and fetches the rest.
 */
typedef long syscall_function(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
			      uint32_t);
#define SYSCALLS_MOST	256	/* numbers are below this */
extern syscall_function *const syscall_table[];
extern syscall_function *const fast_call_table[];
extern syscall_function more_arguments;
extern const uint32_t syscall_count;
/* Does SA_RESTART start call number n again? */
extern const bool syscall_restarts[];

/* A traced task begins this call, with six words of arguments, or ends the
 * call. */
void machine_call_begins(uint32_t number, const uint32_t *arguments);
void machine_call_ends(uint32_t number, const uint32_t *arguments,
		       int32_t result);

/*
 * A copy routine was given a range that is not wholly in user space. Make the
 * copy if the range lies in the joined range of the running task
 * (kernel/obj/vector.c). 0, or -EFAULT. Never sleeps.
 */
int machine_copy_from_vector(void *to, uaddr_t from, size_t bytes);
int machine_copy_to_vector(uaddr_t to, const void *from, size_t bytes);
int machine_clear_vector(uaddr_t to, size_t bytes);

/* A task with is_stepped is about to run the instruction at which these
 * registers point. */
void machine_step(const struct registers *regs);

/* The first steps of a kernel task, called by entry.asm: enable interrupts,
 * release [P], run function(argument), end. */
void kernel_task_start(void (*function)(void *), void *argument)
	__attribute__((noreturn));
