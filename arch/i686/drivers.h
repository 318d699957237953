/*
 * drivers.h - the devices of a PC, for the drivers and for arch_init().
 *
 * Order of arch_init(): serial_init and vga_init first, since later failures
 * need a place to print; then cpu_init. clock_init needs the page of the local
 * APIC mapped. From arch_devices_init(): pic_init, oneshot_init, keyboard_init,
 * serial_input_init. No function sleeps or enables interrupts.
 */
#pragma once

#include "kernel/lib/types.h"

/* interrupts.c: the trap code calls this for vectors from VECTOR_IRQ on. Runs
 * the driver and ends the interrupt at its controller, in this order, before
 * any task switch. */
void interrupt_dispatch(unsigned vector);

/* serial.c. Output works after serial_init(), input after
 * serial_input_init(). COM1 and COM3 share the interrupt. */
void serial_init(void);
void serial_input_init(void);
void serial_interrupt(void);
void serial_console_write(const char *bytes, size_t length);	/* COM1 */

/* vga.c */
void vga_init(void);

/* keyboard.c */
void keyboard_init(void);
void keyboard_interrupt(void);

/* pci.c: run the handlers of the devices that share this line. */
void bus_interrupt(unsigned irq);
