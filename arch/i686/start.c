/* start.c - the order in which the machine comes up. */
#include "arch/arch.h"
#include "arch/i686/clock.h"
#include "arch/i686/cpu.h"
#include "arch/i686/drivers.h"
#include "arch/i686/fpu.h"
#include "arch/i686/paging.h"
#include "arch/i686/pic.h"
#include "arch/i686/processor.h"

void arch_init(void)
{
	serial_init();		/* first: all that fails wants to say so */
	vga_init();
	cpu_init();
	descriptors_init();
	interrupts_init();
}

void arch_memory_init(void)
{
	kernel_half_init();
	frame_window_init();
	paging_init();
	cpu_protect();
	fpu_init();
	clock_init();
}

void arch_devices_init(void)
{
	pic_init();
	oneshot_init();
	keyboard_init();
	serial_input_init();
	__asm__ volatile("sti");
}
