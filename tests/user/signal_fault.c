/*
 * signal_fault.c - each exception of the processor becomes a signal of the
 * right kind, with the address; a handler can handle the signal. Any POSIX
 * system on an x86.
 */
#include <setjmp.h>
#include <stdint.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE	4096

static sigjmp_buf escape;
static siginfo_t seen;

static void jump_out(int n, siginfo_t *info, void *context)
{
	(void)context;
	seen = *info;
	siglongjmp(escape, n);
}

static void catch_faults(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE,
				       SIGTRAP };
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = jump_out;
	action.sa_flags = SA_SIGINFO;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		require(sigaction(signals[i], &action, NULL) == 0);
}

/* The signal that the statement raises, 0 if none. */
#define fault_of(statement) ({			\
	volatile int signal_ = 0;		\
						\
	memset(&seen, 0, sizeof(seen));		\
	signal_ = sigsetjmp(escape, 1);		\
	if (signal_ == 0) {			\
		statement;			\
	}					\
	(int)signal_;				\
})

static void *volatile null;

static char *map(size_t bytes, int prot)
{
	char *pages = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	require(pages != MAP_FAILED);
	return pages;
}

static int is_fault(int code, const volatile void *address)
{
	return seen.si_code == code && seen.si_addr == address;
}

/* ---- Memory -------------------------------------------------------------- */

CASE(null_is_a_mapping_error_at_null)
{
	catch_faults();
	expect(fault_of(*(volatile int *)null = 1) == SIGSEGV);
	expect(is_fault(SEGV_MAPERR, null));
	expect(fault_of((void)*(volatile int *)null) == SIGSEGV);
	expect(is_fault(SEGV_MAPERR, null));
}

CASE(address_is_the_exact_one)
{
	char *page = map(PAGE, PROT_NONE);

	catch_faults();
	for (int i = 0; i < PAGE; i += 333) {
		expect(fault_of(*(volatile char *)(page + i) = 1) == SIGSEGV);
		expect(is_fault(SEGV_ACCERR, page + i));
	}
	munmap(page, PAGE);
	expect(fault_of(*(volatile char *)(page + 77) = 1) == SIGSEGV);
	expect(is_fault(SEGV_MAPERR, page + 77));
}

CASE(rights_are_an_access_error)
{
	volatile char *page = map(PAGE, PROT_READ);
	void *volatile text = (void *)(uintptr_t)map;

	catch_faults();
	expect(fault_of(*page = 1) == SIGSEGV);
	expect(is_fault(SEGV_ACCERR, page));
	expect(fault_of(*(volatile char *)text = 1) == SIGSEGV);
	expect(is_fault(SEGV_ACCERR, text));
}

CASE(access_across_pages_names_the_missing_one)
{
	char *pages = map(2 * PAGE, PROT_READ | PROT_WRITE);
	volatile uint32_t *across = (uint32_t *)(pages + PAGE - 2);

	catch_faults();
	require(munmap(pages + PAGE, PAGE) == 0);
	expect(fault_of(*across = 1) == SIGSEGV);
	expect(seen.si_code == SEGV_MAPERR);
	expect((char *)seen.si_addr >= pages + PAGE - 2 &&
	       (char *)seen.si_addr <= pages + PAGE);
}

/* What CPUID gives for this leaf in EDX and EAX. */
static uint32_t cpuid_edx(uint32_t leaf, uint32_t *eax)
{
	uint32_t ebx, ecx, edx;

	__asm__ volatile("cpuid" : "=a"(*eax), "=b"(ebx), "=c"(ecx), "=d"(edx)
			 : "a"(leaf));
	return edx;
}

/* An old processor runs whatever can be read. */
static int processor_has_nx(void)
{
	uint32_t highest, unused;

	cpuid_edx(0x80000000, &highest);
	return highest >= 0x80000001 && highest < 0x80001000 &&
	       cpuid_edx(0x80000001, &unused) & 1u << 20;
}

CASE(jump_into_data_is_a_fault_there)
{
	char *page = map(PAGE, PROT_READ | PROT_WRITE);

	*page = (char)0xc3;
	catch_faults();
	if (processor_has_nx()) {
		expect(fault_of(((void (*)(void))(uintptr_t)page)()) ==
		       SIGSEGV);
		expect(is_fault(SEGV_ACCERR, page));
	}
	expect(fault_of(((void (*)(void))(uintptr_t)null)()) == SIGSEGV);
	expect(seen.si_addr == null);
}

static void mend(int n, siginfo_t *info, void *context)
{
	uintptr_t page = (uintptr_t)info->si_addr & -(uintptr_t)PAGE;

	(void)context;
	caught++;
	if (mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE) < 0)
		_exit(n);
}

CASE(handler_may_mend_the_page_and_go_on)
{
	volatile char *page = map(3 * PAGE, PROT_NONE);
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = mend;
	action.sa_flags = SA_SIGINFO;
	require(sigaction(SIGSEGV, &action, NULL) == 0);
	page[0] = 1;
	page[PAGE + 5] = 2;
	page[2 * PAGE] = 3;
	page[0] = 4;
	expect(caught == 3);
	expect(page[0] == 4 && page[PAGE + 5] == 2 && page[2 * PAGE] == 3);
}

/* ---- Instructions -------------------------------------------------------- */

CASE(division_by_zero_is_sigfpe)
{
	volatile int zero = 0, one = 1;

	catch_faults();
	expect(fault_of(__asm__ volatile("cltd; idivl %1" :: "a"(one),
					 "m"(zero) : "edx", "cc")) == SIGFPE);
	expect(seen.si_code == FPE_INTDIV && seen.si_addr);
}

CASE(division_overflow_is_sigfpe)
{
	volatile int minus_one = -1;

	catch_faults();
	expect(fault_of(__asm__ volatile("cltd; idivl %1" ::
					 "a"(0x80000000u), "m"(minus_one) :
					 "edx", "cc")) == SIGFPE);
}

CASE(bad_instruction_is_sigill)
{
	catch_faults();
	expect(fault_of(__asm__ volatile("ud2")) == SIGILL);
	expect(seen.si_addr != NULL);
}

CASE(breakpoint_is_sigtrap)
{
	catch_faults();
	expect(fault_of(__asm__ volatile("int3")) == SIGTRAP);
}

CASE(privileged_instruction_is_sigsegv)
{
	catch_faults();
	expect(fault_of(__asm__ volatile("cli")) == SIGSEGV);
	expect(fault_of(__asm__ volatile("hlt")) == SIGSEGV);
}

CASE(single_step_is_sigtrap_after_each_instruction)
{
	unsigned long flags;

	catch_faults();
	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	expect(fault_of(__asm__ volatile("push %0; popf; nop; nop" ::
					 "r"(flags | 0x100) : "memory",
					 "cc")) == SIGTRAP);
	expect(seen.si_code == TRAP_TRACE);
}

/* ---- What cannot be handled ---------------------------------------------- */

CASE_DIES(blocked_fault_is_fatal, SIGSEGV)
{
	set_handler(SIGSEGV, catch_it, 0);
	block(SIGSEGV);
	*(volatile int *)null = 1;
}

CASE_DIES(ignored_fault_is_fatal, SIGSEGV)
{
	set_handler(SIGSEGV, SIG_IGN, 0);
	*(volatile int *)null = 1;
}

static void fault_again(int n)
{
	*(volatile int *)null = n;
}

CASE_DIES(fault_in_its_own_handler_is_fatal, SIGSEGV)
{
	set_handler(SIGSEGV, fault_again, 0);
	*(volatile int *)null = 1;
}

CASE_DIES(endless_faults_use_up_the_stack_and_end, SIGSEGV)
{
	set_handler(SIGSEGV, fault_again, SA_NODEFER);
	*(volatile int *)null = 1;
}

CASE(fault_in_another_handler_is_handled)
{
	catch_faults();
	set_handler(SIGUSR1, fault_again, 0);
	expect(fault_of(raise(SIGUSR1)) == SIGSEGV);
	expect(is_fault(SEGV_MAPERR, null));
}

CASE_DIES(sent_segv_of_default_action_is_fatal, SIGSEGV)
{
	kill(getpid(), SIGSEGV);
}

CASE(sent_segv_can_be_ignored)
{
	set_handler(SIGSEGV, SIG_IGN, 0);
	kill(getpid(), SIGSEGV);
	raise(SIGSEGV);
}

CASE_DIES(a_stack_that_cannot_take_a_frame_is_fatal, SIGSEGV)
{
	set_handler(SIGILL, catch_it, 0);
	__asm__ volatile("xorl %%esp, %%esp\n\tud2" ::: "memory");
}

static volatile double loaded;

static void load_one(int n, siginfo_t *info, void *context)
{
	double one;

	(void)info, (void)context;
	__asm__ volatile("fld1; fstpl %0" : "=m"(one));
	loaded = one;
	siglongjmp(escape, n);
}

/* With the registers of the program, the load would overflow and give a NaN. */
CASE(handler_begins_with_an_empty_stack_of_fpu_registers)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = load_one;
	action.sa_flags = SA_SIGINFO;
	require(sigaction(SIGILL, &action, NULL) == 0);
	if (sigsetjmp(escape, 1) == 0)
		__asm__ volatile("fld1; fld1; fld1; fld1\n\t"
				 "fld1; fld1; fld1; fld1\n\tud2");
	__asm__ volatile("fninit");
	expect(loaded == 1.0);
}

static double rounded_in_the_handler;
static const volatile double third = 1.0;

static void divide(int n)
{
	(void)n;
	rounded_in_the_handler = third / 3.0;
}

/* The values in the registers, and the way of rounding, are as before. */
CASE(program_goes_on_with_its_own_fpu_registers)
{
	const uint16_t down = 0x077f;
	uint16_t control = 0;
	double value = 0;

	signal(SIGUSR1, divide);
	__asm__ volatile("fldcw %0" :: "m"(down));
	__asm__ volatile("fldpi");
	raise(SIGUSR1);
	__asm__ volatile("fstpl %0" : "=m"(value));
	__asm__ volatile("fnstcw %0; fninit" : "=m"(control));
	expect(value > 3.14159 && value < 3.1416);
	expect(control == down);
	expect(rounded_in_the_handler > 0.33);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
