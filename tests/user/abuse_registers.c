/*
 * abuse_registers.c - selectors and general registers: no process sees or
 * changes the registers of a different process, and no call returns values of
 * the kernel's registers.
 */
#include <sched.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define THREAD_GS	0x3b	/* of each program, with FS null */

/* FS and GS. */
static uint32_t selectors_now(void)
{
	uint32_t fs, gs;

	__asm__ volatile("mov %%fs, %0; mov %%gs, %1" : "=r"(fs), "=r"(gs));
	return (fs & 0xffff) << 16 | (gs & 0xffff);
}

CASE(selectors_of_others_are_never_seen)
{
	uint32_t mine = selectors_now();
	pid_t child = fork_or_fail();

	if (child == 0)
		for (;;) {
			__asm__ volatile("mov %0, %%fs; mov %0, %%gs" ::
					 "r"(0x23));
			sched_yield();
		}
	for (int i = 0; i < 50; i++) {
		case_pause();
		require(selectors_now() == mine);
	}
	kill_and_wait(child);
}

/* The first word of a thread's block is the address of the block. */
static uint32_t thread_pointer_now(void)
{
	uint32_t seen;

	__asm__ volatile("mov %%gs:0, %0" : "=r"(seen));
	return seen;
}

/* A thread pointer at the same address as ours, and then no segment at all. */
CASE(thread_pointer_cannot_be_taken_away_by_another)
{
	uint32_t mine = thread_pointer_now();
	pid_t child;

	require(raw_call(RAW_thread_pointer, mine) == 0);
	child = fork_or_fail();
	if (child == 0)
		for (;;) {
			__asm__ volatile("mov %0, %%gs" :: "r"(0));
			sched_yield();
		}
	for (int i = 0; i < 50; i++) {
		case_pause();
		require(thread_pointer_now() == mine);
	}
	kill_and_wait(child);
}

CASE(selectors_do_not_pass_through_exec)
{
	char *argv[] = { (char *)case_program, "--selectors", NULL };
	pid_t child = fork_or_fail();

	if (child == 0) {
		__asm__ volatile("mov %0, %%fs; mov %0, %%gs" :: "r"(0x23));
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(child) == 0);
}

/* EBX, ESI, EDI, EBP are the same after every call; no register returns an
 * address of the kernel. */
CASE(calls_give_back_registers_and_no_secrets)
{
	struct raw_words words = { { 0, 1, 1, 1, 1, 1, 1 } };

	for (uint32_t number = 0; number < 120; number++) {
		uint32_t eax = number, ecx = (uintptr_t)&words, edx = 0;
		uint32_t ebx = 0xb0b0b0b0, esi = 0x51515151, edi = 0xd1d1d1d1;

		if (number == RAW_exit || number == RAW_fork ||
		    number == RAW_sigsuspend || number == RAW_sigreturn ||
		    number == RAW_thread_create ||	/* runs at address 1 */
		    number == RAW_thread_exit || number == RAW_test ||
		    number == RAW_thread_pointer)	/* takes errno away */
			continue;
		__asm__ volatile("int $0x80" : "+a"(eax), "+b"(ebx),
				 "+c"(ecx), "+d"(edx), "+S"(esi), "+D"(edi) ::
				 "memory", "cc");
		require(ebx == 0xb0b0b0b0 && esi == 0x51515151 &&
			edi == 0xd1d1d1d1);
		require(ecx < 0xc0000000 && edx < 0xc0000000);
		require(eax < 0xc0000000 || eax > 0xfffff000);
	}
}

CASE(sysenter_gives_back_no_secrets)
{
	struct raw_words words = { { 0, 1, 1, 1, 1, 1, 1 } };
	uint32_t ecx, edx, eax = RAW_getpid;

	__asm__ volatile("mov %%esp, %%esi\n\t"
			 "mov $1f, %%edx\n\t"
			 "sysenter\n"
			 "1:	mov %%esp, %%edi\n\t"
			 "mov %%esi, %%esp" : "+a"(eax), "=c"(ecx),
			 "=d"(edx) : "1"(&words) : "esi", "edi", "memory",
			 "cc");
	expect(ecx < 0xc0000000 && edx < 0xc0000000);
}

/* A timer tick keeps all registers, and the flags DF and AC. During the tick DS
 * and ES are null in the program, and the kernel needs them. */
CASE(ticks_change_registers)
{
	pid_t child = fork_or_fail();

	if (child == 0)
		for (;;)
			continue;
	for (int i = 0; i < 20; i++) {
		uint32_t eax = 0xa0a0a0a0, ecx = 20000000, edx = 0xd0d0d0d0;
		uint32_t ebx = 0xb0b0b0b0, esi = 0x51515151, edi = 0xd1d1d1d1;

		__asm__ volatile("pushl %%ebp\n\t"
				 "pushl $0x40cd7\n\t"	/* AC DF SF ZF.. */
				 "mov $0xe0e0e0e0, %%ebp\n\t"
				 "pushl %%eax\n\t"
				 "xor %%eax, %%eax\n\t"
				 "mov %%eax, %%ds\n\t"
				 "mov %%eax, %%es\n\t"
				 "popl %%eax\n\t"
				 "popfl\n"
				 "1:	lea -1(%%ecx), %%ecx\n\t"
				 "jecxz 2f\n\t"
				 "jmp 1b\n"
				 "2:	pushfl\n\t"
				 "popl %%ecx\n\t"
				 "pushl $2\n\t"
				 "popfl\n\t"
				 "push %%ss\n\t"
				 "push %%ss\n\t"
				 "pop %%ds\n\t"
				 "pop %%es\n\t"
				 "sub %%ebp, %%eax\n\t"
				 "popl %%ebp"
				 : "+a"(eax), "+b"(ebx), "+c"(ecx), "+d"(edx),
				   "+S"(esi), "+D"(edi) :: "memory", "cc");
		require(eax == 0xa0a0a0a0 - 0xe0e0e0e0 && edx == 0xd0d0d0d0);
		require(ebx == 0xb0b0b0b0 && esi == 0x51515151 &&
			edi == 0xd1d1d1d1);
		require((ecx & 0x40cd5) == 0x40cd5);
	}
	kill_and_wait(child);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--selectors") == 0)
		return selectors_now() != THREAD_GS;
	return run_cases(argc, argv);
}
