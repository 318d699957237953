/*
 * abuse_state.c - odd processor state on the way into the kernel: flags, stack
 * pointers, arguments at the edge of memory, by both doors.
 */
#include <sched.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define CF	0x00000001
#define TF	0x00000100
#define IF	0x00000200
#define DF	0x00000400
#define IOPL	0x00003000
#define NT	0x00004000
#define RF	0x00010000
#define VM	0x00020000
#define AC	0x00040000
#define VIF	0x00080000
#define VIP	0x00100000

static uint32_t flags_now(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	return flags;
}

/* POPF with these bits added; returns the flags afterwards. */
static uint32_t flags_with(uint32_t bits)
{
	uint32_t flags = flags_now(), after;

	__asm__ volatile("push %1; popf; pushf; pop %0; push %2; popf" :
			 "=&r"(after) : "r"(flags | bits), "r"(flags) :
			 "memory", "cc");
	return after;
}

/* getpid under these flags, through one of the doors. */
static long call_int80_with(uint32_t bits)
{
	static const struct raw_words words;
	uint32_t flags = flags_now();
	long result;

	__asm__ volatile("push %3; popf\n\t"
			 "int $0x80\n\t"
			 "push %4; popf" : "=a"(result) :
			 "a"(RAW_getpid), "c"(&words), "r"(flags | bits),
			 "r"(flags) : "edx", "memory", "cc");
	return result;
}

static long call_sysenter_with(uint32_t bits)
{
	uint32_t flags = flags_now();
	long result;

	__asm__ volatile("sub $64, %%esp\n\t"
			 "mov %%esp, %%ecx\n\t"
			 "mov $1f, %%edx\n\t"
			 "push %2; popf\n\t"
			 "sysenter\n"
			 "1:	push %3; popf\n\t"
			 "add $64, %%esp" : "=a"(result) :
			 "a"(RAW_getpid), "S"(flags | bits), "D"(flags) :
			 "ecx", "edx", "memory", "cc");
	return result;
}

/* ---- Flags --------------------------------------------------------------- */

CASE(popf_gives_no_rights)
{
	expect((flags_with(IOPL) & IOPL) == 0);
	expect((flags_with(IOPL | VM | VIF | VIP | RF) &
		(IOPL | VM | VIF | VIP | RF)) == 0);
	expect(flags_with(0) & IF);
}

CASE_DIES(cli_after_popf_is_still_refused, SIGSEGV)
{
	__asm__ volatile("pushf; orl $0x3000, (%esp); popf; cli");
}

CASE(interrupts_cannot_be_masked_by_popf)
{
	__asm__ volatile("pushf; andl $0xfffffdff, (%%esp); popf" ::: "memory",
			 "cc");
	expect(flags_now() & IF);
}

CASE(every_flag_survives_int80)
{
	pid_t me = getpid();

	for (int bit = 0; bit < 32; bit++)
		if (1u << bit != TF && 1u << bit != NT)
			expect(call_int80_with(1u << bit) == me);
	expect(call_int80_with(AC | DF | CF | IOPL | VIF) == me);
}

CASE(every_flag_survives_sysenter)
{
	pid_t me = getpid();

	for (int bit = 0; bit < 32; bit++)
		if (1u << bit != TF && 1u << bit != NT)
			expect(call_sysenter_with(1u << bit) == me);
	expect(call_sysenter_with(AC | DF | CF | IOPL | VIF) == me);
}

CASE(nested_task_flag_does_not_reach_the_kernels_iret)
{
	pid_t me = getpid();

	expect(call_int80_with(NT) == me);
	expect(call_sysenter_with(NT) == me);
	/* An interrupt while NT is set. */
	__asm__ volatile("pushf; orl $0x4000, (%%esp); popf\n\t"
			 "mov $20000000, %%ecx\n"
			 "1:	dec %%ecx; jnz 1b\n\t"
			 "pushf; andl $0xffffbfff, (%%esp); popf" :::
			 "ecx", "memory", "cc");
	expect(getpid() == me);
}

CASE_DIES(iret_with_nested_task_is_refused, SIGSEGV)
{
	__asm__ volatile("pushf; orl $0x4000, (%esp); popf; iretl");
}

/* NT, AC and ID: a program may set them, with no effect on a different
   process. */
#define ODD_FLAGS	0x244000u

static uint32_t odd_flags(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	return flags & ODD_FLAGS;
}

CASE(odd_flags_do_not_pass_to_another_at_a_switch)
{
	uint32_t mine = odd_flags();
	pid_t child = fork_or_fail();

	if (child == 0)
		for (;;) {
			__asm__ volatile("pushf; orl %0, (%%esp); popf" ::
					 "i"(ODD_FLAGS) : "memory", "cc");
			sched_yield();
		}
	for (int i = 0; i < 200; i++) {
		sched_yield();
		require(odd_flags() == mine);
	}
	kill_and_wait(child);
}

CASE(direction_flag_does_not_turn_copies_round)
{
	static char text[200] = "forwards", copy[200];
	struct raw_words words = { { 0 } };
	uint32_t number;
	int fds[2];

	require(pipe(fds) == 0);
	words.word[1] = fds[1];
	words.word[2] = (uintptr_t)text;
	words.word[3] = sizeof(text);
	number = RAW_write;
	__asm__ volatile("std; int $0x80; cld" : "+a"(number) : "c"(&words) :
			 "edx", "memory", "cc");
	expect(number == sizeof(text));
	words.word[1] = fds[0];
	words.word[2] = (uintptr_t)copy;
	number = RAW_read;
	__asm__ volatile("std; int $0x80; cld" : "+a"(number) : "c"(&words) :
			 "edx", "memory", "cc");
	expect(number == sizeof(text) && memcmp(text, copy, 200) == 0);
}

static volatile uint32_t flags_seen;

static void note_flags(int n)
{
	flags_seen = flags_now();
	caught = n;
}

CASE(handler_starts_with_clean_flags)
{
	set_handler(SIGUSR1, note_flags, 0);
	__asm__ volatile("std" ::: "cc");
	raw_call(RAW_kill, getpid(), SIGUSR1);
	__asm__ volatile("cld" ::: "cc");
	expect(caught == SIGUSR1 && !(flags_seen & (DF | TF)));
}

/* ---- Single steps -------------------------------------------------------- */

CASE_DIES(step_into_int80_is_a_trap_after_it, SIGTRAP)
{
	call_int80_with(TF);
	_exit(0);
}

CASE_DIES(step_into_sysenter_is_a_trap_after_it, SIGTRAP)
{
	call_sysenter_with(TF);
	_exit(0);
}

CASE(steps_with_a_handler_change_no_result)
{
	pid_t me = getpid();

	set_handler(SIGTRAP, catch_it, 0);
	expect(call_int80_with(TF) == me);
	expect(caught > 0);
	caught = 0;
	expect(call_sysenter_with(TF) == me);
	expect(caught > 0);
}

/* Single-step into a call that waits: the trap is for this process, not for the
 * process that runs during the wait. */
static int step_into_a_wait(void)
{
	static const struct timespec long_time = { 1000, 0 };
	struct raw_words words = { {
		0, CLOCK_MONOTONIC, 0, (uintptr_t)&long_time, 0,
	} };

	__asm__ volatile("mov %0, %%esi; sub $64, %%esi\n\t"
			 "mov $1f, %%edx\n\t"
			 "pushf; orl $0x100, (%%esp); popf\n\t"
			 "sysenter\n"
			 "1:	ud2" :: "c"(&words), "a"(RAW_clock_nanosleep) :
			 "edx", "esi", "memory", "cc");
	return 0;
}

CASE(step_into_a_waiting_call_traps_nobody_else)
{
	pid_t stepper = start(step_into_a_wait);

	until_asleep(stepper);
	for (int i = 0; i < 20; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			case_pause();
			_exit(7);
		}
		expect(result_of(child) == 7);
		case_pause();
	}
	expect(is_asleep(stepper));
	kill_and_wait(stepper);
}

CASE(step_with_null_segments_harms_only_the_stepper)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		__asm__ volatile("mov %%esp, %%ecx\n\t"
				 "mov $1f, %%edx\n\t"
				 "xor %%ebx, %%ebx\n\t"
				 "mov %%ebx, %%ds; mov %%ebx, %%es\n\t"
				 "pushf; orl $0x100, (%%esp); popf\n\t"
				 "sysenter\n"
				 "1:	ud2" :: "a"(RAW_getpid) :
				 "ebx", "ecx", "edx", "memory", "cc");
		_exit(0);
	}
	expect(result_of(child) == -SIGTRAP);
}

CASE(stack_switch_then_call_is_no_trap)
{
	static const struct raw_words words;
	long result = RAW_getpid;

	__asm__ volatile("mov %%ss, %%edx; mov %%edx, %%ss; int $0x80" :
			 "+a"(result) : "c"(&words) : "edx", "memory", "cc");
	expect(result == getpid());
	result = 0;
	set_handler(SIGTRAP, catch_it, 0);
	__asm__ volatile("pushf; orl $0x100, (%%esp); popf\n\t"
			 "mov %%ss, %%edx; mov %%edx, %%ss; int3\n\t"
			 "pushf; andl $0xfffffeff, (%%esp); popf" :::
			 "edx", "memory", "cc");
	expect(caught > 0);
}

/* ---- Stack pointers ------------------------------------------------------ */

/* getpid through INT 0x80 with this ESP; the call returns ESP in a register. */
static long call_with_stack(uint32_t stack)
{
	static const struct raw_words words;
	long result;

	__asm__ volatile("mov %%esp, %%esi\n\t"
			 "mov %2, %%esp\n\t"
			 "int $0x80\n\t"
			 "mov %%esi, %%esp" : "=a"(result) :
			 "a"(RAW_getpid), "r"(stack), "c"(&words) :
			 "esi", "edx", "memory", "cc");
	return result;
}

static const uint32_t odd_stacks[] = {
	0, 1, 3, 4, 16, 0xffff, 0x10000, 0xbffffffc, 0xbfffffff, 0xc0000000,
	0xc0000004, 0xc0100000, 0xfffffffc, 0xffffffff,
};

CASE(calls_do_not_need_a_stack)
{
	pid_t me = getpid();

	for (size_t i = 0; i < sizeof(odd_stacks) / 4; i++)
		expect(call_with_stack(odd_stacks[i]) == me);
}

CASE(faults_on_odd_stacks_are_fatal_for_the_faulter_only)
{
	for (size_t i = 0; i < sizeof(odd_stacks) / 4; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			set_handler(SIGSEGV, catch_it, 0);
			__asm__ volatile("mov %0, %%esp; push %%eax; hlt" ::
					 "r"(odd_stacks[i]) : "memory");
		}
		expect(result_of(child) == -SIGSEGV);
	}
}

CASE(signal_on_an_odd_stack_is_fatal_for_its_owner_only)
{
	for (size_t i = 0; i < sizeof(odd_stacks) / 4; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			set_handler(SIGUSR1, catch_it, 0);
			__asm__ volatile("mov %0, %%esp; 1: jmp 1b" ::
					 "r"(odd_stacks[i]) : "memory");
		}
		case_pause();
		kill(child, SIGUSR1);
		for (int tries = 0; tries < 100; tries++)
			case_pause();
		kill(child, SIGUSR1);
		int result = result_of(child);

		expect(result == -SIGSEGV || result == -SIGUSR1);
	}
}

/* ---- Arguments at the edge ----------------------------------------------- */

CASE(arguments_that_are_not_there_are_efault)
{
	static const uint32_t places[] = {
		0, 4, 0xfff0, 0xbfffffe4, 0xbfffffe8, 0xbffffffc, 0xbfffffff,
		0xc0000000, 0xc0100000, 0xffffffe0, 0xfffffffc, 0xffffffff,
	};

	for (size_t i = 0; i < sizeof(places) / 4; i++)
		expect(raw_int80(RAW_close, (void *)places[i]) == -EFAULT);
	for (size_t i = 0; i < sizeof(places) / 4; i++)
		expect(raw_sysenter(RAW_close, (void *)places[i]) == -EFAULT);
}

CASE(arguments_across_the_end_of_a_mapping)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *end = pages + 4096;

	require(pages != MAP_FAILED && munmap(end, 4096) == 0);
	memset(pages, 0xff, 4096);
	for (int i = 0; i < 40; i++) {
		long here = raw_int80(RAW_close, end - i);
		long there = raw_sysenter(RAW_close, end - i);

		expect(here == (i < 28 ? -EFAULT : -EBADF));
		/* sysenter may leave out the last two arguments, which close()
		   does not use. */
		expect(there == here || (i >= 20 && there == -EBADF));
	}
}

CASE(sysenter_to_odd_places_is_fatal_for_its_caller_only)
{
	static const uint32_t places[] = {
		0, 0xffff, 0xbfffffff, 0xc0000000, 0xc0100000, 0xffffffff,
	};

	for (size_t i = 0; i < sizeof(places) / 4; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			__asm__ volatile("mov %%esp, %%ecx; sysenter" ::
					 "a"(RAW_getpid), "d"(places[i]) :
					 "ecx", "memory");
			_exit(0);
		}
		expect(result_of(child) == -SIGSEGV);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
