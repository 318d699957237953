/*
 * power.c - the end of the machine.
 *
 * A headless run ends through QEMU's debug exit, with a status. Without this
 * device the kernel tries the ports where emulators keep their ACPI power
 * button; proper ACPI would need an interpreter for its byte code. A real PC
 * only halts.
 */
#include "arch/arch.h"
#include "arch/i686/io.h"

#define DEBUG_EXIT	0xf4
#define KEYBOARD_STATUS	0x64
#define KEYBOARD_BUSY	0x02
#define KEYBOARD_COMMAND 0x64
#define PULSE_RESET	0xfe

static void NORETURN halt_for_good(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

void arch_poweroff(uint32_t debug_exit_value)
{
	outl(DEBUG_EXIT, debug_exit_value);
	/* Give the user time to read a panic on the screen. */
	if (debug_exit_value != 0)
		halt_for_good();
	outw(0x604, 0x2000);		/* QEMU */
	outw(0xb004, 0x2000);		/* Bochs, old QEMU */
	outw(0x4004, 0x3400);		/* VirtualBox */
	halt_for_good();
}

/* A third exception that cannot be delivered stops the processor, and the board
 * resets the machine. */
static void triple_fault(void)
{
	static const struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) no_table = { 0, 0 };

	__asm__ volatile("lidt %0; int3" :: "m"(no_table));
}

void arch_reboot(void)
{
	__asm__ volatile("cli");
	for (unsigned tries = 0; tries < 100000; tries++) {
		if (!(inb(KEYBOARD_STATUS) & KEYBOARD_BUSY))
			break;
	}
	outb(KEYBOARD_COMMAND, PULSE_RESET);
	for (unsigned i = 0; i < 1000; i++)
		io_wait();
	triple_fault();
	halt_for_good();
}
