/*
 * machine.h - the one header of the kernel's upper floors that arch/ may call.
 *
 * The machine layer knows nothing of tasks' meaning, files or signals. What it
 * learns from the hardware it hands up through these functions.
 */
#pragma once

#include "kernel/lib/types.h"

struct registers;

/* An access that faulted, as the page tables saw it. */
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

/*
 * A program did something that the processor refuses. vector is the i686
 * exception number, address the faulting address for a page fault. Sends the
 * signal; the program dies or its handler runs on return to user mode.
 */
void machine_exception(struct registers *regs, unsigned vector,
		       unsigned error_code, uaddr_t address);

/* The time of arch_timer_arm() has come. Called in interrupt context. */
void machine_timer_interrupt(void);

/* The tick of arch_tick(). From user mode, where nobody is inside the kernel
 * and [P] is held, the first, with interrupts masked; else the second. */
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

/* The system calls, by number. SYSENTER calls through the second table, where
 * more_arguments (entry.asm) stands for those with more than four. */
typedef long syscall_function(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
			      uint32_t);
extern syscall_function *const syscall_table[];
extern syscall_function *const sysenter_table[];
extern syscall_function more_arguments;
extern const uint32_t syscall_count;
/* Does SA_RESTART start call number n again? */
extern const bool syscall_restarts[];

/* A traced task is about to make this call, with six words of arguments, or
 * has made it. */
void machine_call_begins(uint32_t number, const uint32_t *arguments);
void machine_call_ends(uint32_t number, const uint32_t *arguments,
		       int32_t result);

/* Calls of mailboxes by words, where call.asm does not go on alone: make ready
 * for a call or a reply, by its number; receive when there is nothing to
 * answer; and the wait that ended otherwise, of a caller and of a server.
 * -ENOSYS: not by words. */
struct mail_words;
long machine_words_prepare(uint32_t number);
long machine_words_receive(int fd, struct mail_words *words);
long machine_words_called(struct mail_words *words);
long machine_words_received(struct mail_words *words);

/* A kernel task's first steps (entry.asm calls it): release what the switch
 * held, run function(argument), end. */
void kernel_task_start(void (*function)(void *), void *argument)
	__attribute__((noreturn));
