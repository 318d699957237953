/*
 * crash.c - break the rules for programs.
 *
 * The promise: a program that breaks a rule dies alone. The program gets a
 * signal, the kernel reports the place, and the system goes on. Each line of
 * the table below is one rule.
 */
#include <err.h>
#include <fcntl.h>
#include <parley.h>
#include <program.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Through volatile, so that the compiler cannot foresee the fault. */
static volatile uintptr_t kernel_address = 0xc0100000;
static volatile uintptr_t null_address;
static volatile int zero;

static void read_null(void)
{
	(void)*(volatile int *)null_address;
}

static void write_null(void)
{
	*(volatile int *)null_address = 1;
}

static void jump_null(void)
{
	((void (*)(void))null_address)();
}

static void read_kernel(void)
{
	(void)*(volatile int *)kernel_address;
}

static void write_kernel(void)
{
	*(volatile int *)kernel_address = 1;
}

static void jump_kernel(void)
{
	((void (*)(void))kernel_address)();
}

static void write_text(void)
{
	*(volatile char *)(uintptr_t)write_text = 0;
}

static void write_constant(void)
{
	static const char constant[] = "constant";

	*(volatile char *)(uintptr_t)constant = 'C';
}

static void read_beyond(void)
{
	int fd = shm_open("/crash", O_RDWR | O_CREAT, 0600);
	volatile char *memory = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	shm_unlink("/crash");
	(void)*memory;		/* the object has 0 bytes */
}

/* Through volatile pointers, or the compiler would see what happens. */
static void copy_text(char *volatile to, const char *volatile from)
{
	strcpy(to, from);
}

static void overwrite_return(void)
{
	char room[4];

	copy_text(room, "far too many bytes for so little room");
}

static void free_twice(void)
{
	char *volatile memory = malloc(24);

	free(memory);
	free(memory);
}

static void run_data(void)
{
	static volatile unsigned char code[] = { 0xc3 };	/* ret */

	((void (*)(void))(uintptr_t)code)();
}

static void overflow_stack(void)
{
	static void (*volatile again)(void) = overflow_stack;
	volatile char frame[1024];

	frame[0] = 0;
	again();
	zero = frame[0];	/* so that the call is no jump */
}

static void divide(void)
{
	/* Not 1: the compiler knows 1 / n without dividing. */
	zero = 1000 / zero;
}

static void illegal(void)
{
	__asm__ volatile("ud2");
}

static void clear_interrupts(void)
{
	__asm__ volatile("cli");
}

static void halt(void)
{
	__asm__ volatile("hlt");
}

static void use_port(void)
{
	__asm__ volatile("outb %%al, $0xf4" : : "a"(0));
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static const struct {
	const char *name, *what;
	void (*act)(void);
} rules[] = {
	{ "null", "read from address 0", read_null },
	{ "write-null", "write to address 0", write_null },
	{ "jump-null", "jump to address 0", jump_null },
	{ "kernel", "read the kernel's memory", read_kernel },
	{ "write-kernel", "write to the kernel's memory", write_kernel },
	{ "jump", "jump into the kernel", jump_kernel },
	{ "write-text", "write to its own code", write_text },
	{ "constant", "write to a constant", write_constant },
	{ "beyond", "read beyond the end of a mapped object", read_beyond },
	{ "data", "run data as code", run_data },
	{ "return", "write over the return address", overwrite_return },
	{ "free", "free memory twice", free_twice },
	{ "stack", "call itself without end", overflow_stack },
	{ "divide", "divide by zero", divide },
	{ "illegal", "run an instruction that does not exist", illegal },
	{ "cli", "switch off interrupts", clear_interrupts },
	{ "hlt", "stop the processor", halt },
	{ "port", "write to an I/O port", use_port },
	{ "int3", "run a breakpoint without a debugger", breakpoint },
	{ "abort", "call abort()", abort },
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

static const char help[] =
	"crash WHAT | crash -a | crash -l\n"
	"Breaks a rule, so that you see how the program dies, and it alone.\n"
	"  -a  all of them, each in a child; status 1 if one survives\n"
	"  -l  list what there is\n";

/* Breaks the rule in a child. Returns whether a signal ended the child. */
static bool try_in_child(size_t rule)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		rules[rule].act();
		_exit(0);
	}
	if (waitpid(child, &status, WCAUSE) < 0)
		err(1, "waitpid");
	printf("%-13s %s\n", rules[rule].name, WIFSIGNALED(status) ?
	       death_text(status) : "survived");
	return WIFSIGNALED(status);
}

static int try_all(void)
{
	int status = 0;

	for (size_t i = 0; i < RULES; i++)
		if (!try_in_child(i))
			status = 1;
	return finish(status);
}

static int list(void)
{
	for (size_t i = 0; i < RULES; i++)
		printf("%-13s %s\n", rules[i].name, rules[i].what);
	return finish(0);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hal")) != -1)
		switch (option) {
		case 'a': return try_all();
		case 'l': return list();
		default: usage(option, help);
		}
	if (optind + 1 != argc)
		usage('?', help);
	for (size_t i = 0; i < RULES; i++) {
		if (strcmp(argv[optind], rules[i].name) != 0)
			continue;
		rules[i].act();
		errx(1, "still alive");
	}
	errx(2, "no such rule: %s (crash -l lists them)", argv[optind]);
}
