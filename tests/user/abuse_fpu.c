/*
 * abuse_fpu.c - the floating-point registers: each process keeps its values,
 * and sees no value of a different process.
 */
#include <sched.h>
#include <stdint.h>

#include "tests/user/helpers.h"

struct fpu_image {
	uint8_t bytes[512];
} __attribute__((aligned(16)));

#define MARK	0x5e

static struct fpu_image image_now(void)
{
	struct fpu_image image;

	memset(&image, 0, sizeof(image));
	__asm__ volatile("fxsave %0" : "=m"(image));
	return image;
}

/* All eight SSE and all eight x87 registers get this byte. */
static void fill(uint8_t byte)
{
	struct fpu_image image = image_now();

	for (int i = 0; i < 8; i++) {
		memset(image.bytes + 32 + i * 16, byte, 10);
		memset(image.bytes + 160 + i * 16, byte, 16);
	}
	image.bytes[4] = 0xff;		/* all are in use */
	__asm__ volatile("fxrstor %0" :: "m"(image) : "memory");
}

static int is_filled(uint8_t byte)
{
	struct fpu_image image = image_now();

	for (int i = 0; i < 8; i++) {
		for (int j = 0; j < 10; j++)
			if (image.bytes[32 + i * 16 + j] != byte)
				return 0;
		for (int j = 0; j < 16; j++)
			if (image.bytes[160 + i * 16 + j] != byte)
				return 0;
	}
	return 1;
}

static int holds_mark(void)
{
	struct fpu_image image = image_now();

	for (int i = 32; i < 288; i++)
		if (image.bytes[i] == MARK)
			return 1;
	return 0;
}

/* As a processor starts: FCW, FTW and MXCSR by default, no values. */
static int is_fresh(void)
{
	struct fpu_image image = image_now();
	uint16_t control;
	uint32_t mxcsr;

	memcpy(&control, image.bytes, 2);
	memcpy(&mxcsr, image.bytes + 24, 4);
	for (int i = 32; i < 288; i++)
		if (image.bytes[i])
			return 0;
	return control == 0x37f && image.bytes[4] == 0 && mxcsr == 0x1f80;
}

static int fill_and_spin(void)
{
	for (;;) {
		fill(MARK);
		sched_yield();
	}
	return 0;
}

/* ---- No values of a different process ------------------------------------ */

CASE(fresh_process_has_a_fresh_fpu)
{
	char *argv[] = { (char *)case_program, "--fresh", NULL };
	pid_t spinner = start(fill_and_spin), child;

	for (int i = 0; i < 20; i++) {
		child = fork_or_fail();
		if (child == 0) {
			execv(case_program, argv);
			_exit(126);
		}
		expect(result_of(child) == 0);
	}
	kill_and_wait(spinner);
}

CASE(exec_forgets_the_registers)
{
	char *argv[] = { (char *)case_program, "--fresh", NULL };
	pid_t child = fork_or_fail();

	if (child == 0) {
		fill(MARK);
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(child) == 0);
}

CASE(registers_of_others_are_never_seen)
{
	pid_t spinners[3];

	for (int i = 0; i < 3; i++)
		spinners[i] = start(fill_and_spin);
	for (int i = 0; i < 300; i++) {
		fill(i & 0x1f);
		sched_yield();
		if (i % 10 == 0)
			case_pause();
		require(is_filled(i & 0x1f) && !holds_mark());
	}
	for (int i = 0; i < 3; i++)
		kill_and_wait(spinners[i]);
}

CASE(registers_survive_a_wait)
{
	pid_t spinner = start(fill_and_spin);

	fill(0x11);
	case_pause();
	expect(is_filled(0x11));
	require(run_in_child(getpid) >= 0);
	expect(is_filled(0x11));
	kill_and_wait(spinner);
	expect(is_filled(0x11));
}

CASE(dead_owner_leaves_nothing)
{
	for (int i = 0; i < 30; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			fill(MARK);
			_exit(0);
		}
		require(result_of(child) == 0);
		require(!holds_mark());
	}
}

/* ---- One's own ----------------------------------------------------------- */

CASE(child_has_the_parents_registers)
{
	fill(0x22);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(!is_filled(0x22));
	expect(is_filled(0x22));
	expect(result_of(child) == 0);
	expect(is_filled(0x22));
}

static void spoil(int n)
{
	fill(MARK);
	caught = n;
}

CASE(handler_does_not_disturb_them)
{
	set_handler(SIGUSR1, spoil, 0);
	fill(0x33);
	kill(getpid(), SIGUSR1);
	expect(caught == SIGUSR1 && is_filled(0x33));
}

static double sum_of_inverses(int count)
{
	volatile double sum = 0;

	for (int i = 1; i <= count; i++)
		sum += 1.0 / i;
	return sum;
}

static volatile double handled;

static void compute(int n)
{
	handled = sum_of_inverses(50);
	caught = n;
}

CASE(computations_in_turn_all_come_out_right)
{
	double wanted = sum_of_inverses(200000);
	pid_t children[5];

	for (int i = 0; i < 5; i++) {
		children[i] = fork_or_fail();
		if (children[i] == 0) {
			set_handler(SIGUSR1, compute, 0);
			for (int j = 0; j < 5; j++)
				if (sum_of_inverses(200000) != wanted)
					_exit(1);
			_exit(0);
		}
	}
	for (int i = 0; i < 50; i++) {
		kill(children[i % 5], 0);
		case_pause();
	}
	for (int i = 0; i < 5; i++)
		expect(result_of(children[i]) == 0);
}

CASE(computation_under_signals_comes_out_right)
{
	double wanted = sum_of_inverses(200000), inside = sum_of_inverses(50);
	pid_t parent = getpid(), child;

	set_handler(SIGUSR1, compute, 0);
	child = fork_or_fail();
	if (child == 0)
		for (;;) {
			kill(parent, SIGUSR1);
			case_pause();
		}
	while (!caught)
		sched_yield();
	for (int i = 0; i < 10; i++)
		expect(sum_of_inverses(200000) == wanted);
	expect(handled == inside);
	kill_and_wait(child);
}

/* ---- Exceptions ---------------------------------------------------------- */

CASE_DIES(unmasked_x87_exception_is_sigfpe, SIGFPE)
{
	uint16_t control = 0x360;

	__asm__ volatile("fldcw %0; fldz; fld1; fdivp; fwait" ::
			 "m"(control));
}

/* Emulators may not notice: then nothing at all happens. */
CASE(unmasked_sse_exception_is_sigfpe)
{
	pid_t child = fork_or_fail();
	int result;

	if (child == 0) {
		uint32_t mxcsr = 0;

		__asm__ volatile("ldmxcsr %0; xorps %%xmm0, %%xmm0\n\t"
				 "divss %%xmm0, %%xmm0" :: "m"(mxcsr));
		_exit(0);
	}
	result = result_of(child);
	expect(result == -SIGFPE || result == 0);
}

/* The exception waits in the registers until the next x87 instruction. */
CASE(pending_exception_comes_to_its_owner_only)
{
	pid_t owner = fork_or_fail();

	if (owner == 0) {
		uint16_t control = 0x360;

		__asm__ volatile("fldcw %0; fldz; fld1; fdivp" ::
				 "m"(control));
		raise(SIGSTOP);
		__asm__ volatile("fwait");
		_exit(0);
	}
	int status;

	expect(waitpid(owner, &status, WUNTRACED) == owner);
	expect(WIFSTOPPED(status));
	fill(0x44);
	expect(is_filled(0x44));
	/* All x87 registers are in use now: a processor answers the next load
	 * with NaN, QEMU with the value. */
	__asm__ volatile("emms");
	expect(sum_of_inverses(1000) > 7);
	__asm__ volatile("fninit");
	for (int i = 0; i < 5; i++)
		expect(run_in_child(getpid) >= 0);
	kill(owner, SIGCONT);
	expect(result_of(owner) == -SIGFPE);
}

CASE(reserved_bits_of_mxcsr_are_refused)
{
	pid_t child = fork_or_fail();
	int result;

	if (child == 0) {
		uint32_t mxcsr = 0xffff0000;

		__asm__ volatile("ldmxcsr %0" :: "m"(mxcsr));
		sched_yield();
		_exit(0);
	}
	result = result_of(child);
	expect(result == -SIGSEGV || result == 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--fresh") == 0)
		return !is_fresh();
	return run_cases(argc, argv);
}
