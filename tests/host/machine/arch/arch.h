/*
 * arch.h - arch/arch.h for tests on the build machine, instead of the kernel's
 * file.
 *
 * Physical memory is a piece of low memory, so a frame's physical address is
 * also its address here, with 64-bit pointers too. host.h tells how a test gets
 * this memory.
 */
#pragma once

#define phys_to_virt	machine_phys_to_virt
#define virt_to_phys	machine_virt_to_phys
#define arch_irq_save	machine_irq_save
#define arch_irq_restore machine_irq_restore
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include_next "arch/arch.h"
#pragma GCC diagnostic pop
#undef phys_to_virt
#undef virt_to_phys
#undef arch_irq_save
#undef arch_irq_restore

static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(uintptr_t)pa;
}

static inline paddr_t virt_to_phys(const void *va)
{
	return (uintptr_t)va;
}

static inline uint32_t arch_irq_save(void)
{
	return 0;
}

static inline void arch_irq_restore(uint32_t flags)
{
	(void)flags;
}
