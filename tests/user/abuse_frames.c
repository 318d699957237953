/*
 * abuse_frames.c - signal frames written by the program. The layout of the
 * frame is Parley's: see arch/i686/signal.c.
 */
#include <setjmp.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE	4096

/* The third argument of a handler points here. */
struct frame {
	uint32_t has_fpu;
	uint32_t mask[2];
	uint32_t edi, esi, ebp, unused, ebx, edx, ecx, eax;
	uint32_t vector, error_code;
	uint32_t eip, cs, eflags, esp, ss;
	siginfo_t info;
	uint8_t fpu[512];
};

static void (*change)(struct frame *frame, uint32_t value);
static uint32_t change_value;

static void forge(int n, siginfo_t *info, void *context)
{
	(void)info;
	caught = n;
	change(context, change_value);
}

static uint32_t flags_now(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	return flags;
}

static void use_fpu(void)
{
	volatile double x = 1.5;

	x = x * x;
}

/* A handler of a child changes the frame; the child goes on, makes calls,
   ends. */
static int result_with(void (*how)(struct frame *, uint32_t), uint32_t value)
{
	struct sigaction action;
	pid_t child = fork_or_fail();

	if (child)
		return result_of(child);
	change = how;
	change_value = value;
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = forge;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR1, &action, NULL);
	use_fpu();
	raw_call(RAW_kill, getpid(), SIGUSR1);
	use_fpu();
	_exit(caught == SIGUSR1 && getpid() > 0 &&
	      (flags_now() & 0x27200) == 0x200 ? 0 : 1);
}

static int is_alone(int result)
{
	return result == 0 || result == -SIGSEGV || result == -SIGBUS ||
	       result == -SIGILL || result == -SIGTRAP;
}

/* ---- Forged fields ------------------------------------------------------- */

static void set_cs(struct frame *frame, uint32_t value)
{
	frame->cs = value;
}

static void set_ss(struct frame *frame, uint32_t value)
{
	frame->ss = value;
}

static void set_flags(struct frame *frame, uint32_t value)
{
	frame->eflags = value;
}

static void set_eip(struct frame *frame, uint32_t value)
{
	frame->eip = value;
}

static void set_esp(struct frame *frame, uint32_t value)
{
	frame->esp = value;
}

static void set_has_fpu(struct frame *frame, uint32_t value)
{
	frame->has_fpu = value;
}

static void set_fpu(struct frame *frame, uint32_t value)
{
	frame->has_fpu = 1;
	memset(frame->fpu, value, sizeof(frame->fpu));
}

static void set_mxcsr(struct frame *frame, uint32_t value)
{
	frame->has_fpu = 1;
	memcpy(frame->fpu + 24, &value, 4);
	memcpy(frame->fpu + 28, &value, 4);
}

static void set_call(struct frame *frame, uint32_t value)
{
	frame->vector = value;
	frame->error_code = RAW_exit;
	frame->eax = -EINTR;
}

static void set_mask(struct frame *frame, uint32_t value)
{
	frame->mask[0] = frame->mask[1] = value;
}

static void set_everything(struct frame *frame, uint32_t value)
{
	memset(frame, value, sizeof(*frame));
}

CASE(an_untouched_frame_is_harmless)
{
	expect(result_with(set_cs, 0x1b) == 0);
}

CASE(forged_code_selector_gains_nothing)
{
	static const uint32_t values[] = { 0, 8, 0x0b, 0x10, 0x18, 0x0f, 0x2b,
					   0x28, 0x33, 0x3b, 0xffff,
					   0xffffffff };

	for (size_t i = 0; i < sizeof(values) / 4; i++)
		expect(result_with(set_cs, values[i]) == 0);
}

CASE(forged_stack_selector_gains_nothing)
{
	static const uint32_t values[] = { 0, 3, 8, 0x10, 0x13, 0x1b, 0x0f,
					   0x2b, 0xffff, 0xffffffff };

	for (size_t i = 0; i < sizeof(values) / 4; i++)
		expect(result_with(set_ss, values[i]) == 0);
}

CASE(forged_flags_gain_nothing)
{
	for (int bit = 0; bit < 32; bit++)
		if (bit != 8)
			expect(result_with(set_flags, 1u << bit) == 0);
	expect(result_with(set_flags, 0) == 0);
	expect(result_with(set_flags, ~0x100u) == 0);
	expect(result_with(set_flags, 0x100) == -SIGTRAP);
}

CASE(forged_place_to_go_on_is_the_forgers_problem)
{
	static const uint32_t values[] = { 0, 8, 0xffff, 0xbfffffff,
					   0xc0000000, 0xc0100000,
					   0xffffffff };

	for (size_t i = 0; i < sizeof(values) / 4; i++)
		expect(result_with(set_eip, values[i]) == -SIGSEGV);
}

CASE(forged_stack_is_the_forgers_problem)
{
	static const uint32_t values[] = { 0, 1, 0xffff, 0xbfffffff,
					   0xc0000000, 0xc0100000,
					   0xffffffff };

	for (size_t i = 0; i < sizeof(values) / 4; i++)
		expect(result_with(set_esp, values[i]) == -SIGSEGV);
}

CASE(forged_fpu_state_harms_nobody)
{
	for (int byte = 0; byte < 256; byte += 15)
		expect(is_alone(result_with(set_fpu, byte)) ||
		       result_with(set_fpu, byte) == -SIGFPE);
	for (int bit = 0; bit < 32; bit++)
		expect(is_alone(result_with(set_mxcsr, 1u << bit)) ||
		       result_with(set_mxcsr, 1u << bit) == -SIGFPE);
	expect(is_alone(result_with(set_has_fpu, 0)));
	expect(is_alone(result_with(set_has_fpu, 0xffffffff)));
	use_fpu();
}

CASE(frame_that_says_it_is_a_call_restarts_none)
{
	expect(result_with(set_call, 0x80) == 0);
	expect(result_with(set_call, 0xffffffff) == 0);
}

CASE(frame_of_garbage_harms_nobody)
{
	for (int byte = 0; byte < 256; byte += 5)
		expect(is_alone(result_with(set_everything, byte)));
}

CASE(forged_mask_does_not_block_kill_and_stop)
{
	struct sigaction action;
	pid_t child = fork_or_fail();
	int status;

	if (child == 0) {
		change = set_mask;
		change_value = 0xffffffff;
		memset(&action, 0, sizeof(action));
		action.sa_sigaction = forge;
		action.sa_flags = SA_SIGINFO;
		sigaction(SIGUSR1, &action, NULL);
		raise(SIGUSR1);
		for (;;)
			continue;
	}
	case_pause();
	kill(child, SIGSTOP);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(WIFSTOPPED(status));
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- The contents of a frame --------------------------------------------- */

static volatile int kernel_words;

static void look(int n, siginfo_t *info, void *context)
{
	const uint32_t *word = (uint32_t *)&n - 1;
	const uint32_t *end = &((struct frame *)context)->mask[1];

	(void)info;
	for (; word < end; word++)
		kernel_words += *word >= 0xc0000000 && *word < 0xfffff000;
	caught = n;
}

CASE(frame_shows_no_kernel_address)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = look;
	action.sa_flags = SA_SIGINFO;
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	kill(getpid(), SIGUSR1);
	raw_call(RAW_kill, getpid(), SIGUSR1);
	use_fpu();
	kill(getpid(), SIGUSR1);
	expect(caught == SIGUSR1 && kernel_words == 0);
}

/* ---- Returning from nothing ---------------------------------------------- */

CASE_DIES(return_without_a_frame_is_fatal, SIGSEGV)
{
	static uint32_t zeros[1000];

	__asm__ volatile("mov %0, %%esp; int $0x80" :: "r"(zeros + 500),
			 "a"(RAW_sigreturn), "c"(zeros));
}

CASE(return_from_odd_stacks_is_fatal_for_the_caller_only)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uint32_t values[] = {
		0, 4, 0xffff, 0xbfffffff, 0xc0000000, 0xc0000004, 0xc0100000,
		0xffffffff, (uintptr_t)pages + PAGE, (uintptr_t)pages + PAGE -
		8, (uintptr_t)pages + PAGE - 100, (uintptr_t)pages + PAGE -
		200, (uintptr_t)pages + PAGE - 240,
	};

	int result;

	munmap(pages + PAGE, PAGE);
	for (size_t i = 0; i < sizeof(values) / 4; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			__asm__ volatile("mov %0, %%esp; int $0x80; ud2" ::
					 "r"(values[i]), "a"(RAW_sigreturn),
					 "c"(&values));
		}
		expect(result_of(child) == -SIGSEGV);
		child = fork_or_fail();
		if (child == 0) {
			set_handler(SIGSEGV, catch_it, 0);
			__asm__ volatile("mov $1f, %%edx; sysenter; 1: ud2" ::
					 "c"(values[i]), "a"(RAW_sigreturn) :
					 "edx");
		}
		/* Or the call's arguments are not there: -EFAULT, ud2. */
		result = result_of(child);
		expect(result == -SIGSEGV || result == -SIGILL);
	}
}

static sigjmp_buf back;

static void jump_back(int n)
{
	(void)n;
	siglongjmp(back, 1);
}

static uint32_t mxcsr_now(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return mxcsr;
}

/* The page ends within the FPU state, behind MXCSR. A kernel that loads the
 * first half loads an MXCSR with reserved bits: on a processor that is a fault
 * in the kernel, under QEMU the bits stay. */
CASE(fpu_state_that_breaks_off_is_not_loaded)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *stack = pages + PAGE - 64 - offsetof(struct frame, fpu) - 12;
	uint32_t mxcsr;

	require(pages != MAP_FAILED);
	memset(pages, 0xff, PAGE);
	munmap(pages + PAGE, PAGE);
	set_handler(SIGSEGV, jump_back, 0);
	use_fpu();
	mxcsr = mxcsr_now();
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("mov %0, %%esp; int $0x80; ud2" ::
				 "r"(stack), "a"(RAW_sigreturn), "c"(stack));
	use_fpu();
	expect(mxcsr_now() == mxcsr);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
