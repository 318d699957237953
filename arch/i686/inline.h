/*
 * inline.h - the functions of arch.h that must be in line. Only arch.h includes
 * this file.
 */
#pragma once

extern struct cpu cpu;

static inline struct cpu *arch_cpu(void)
{
	return &cpu;
}

static inline uint32_t arch_irq_save(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0; cli" : "=r"(flags) :: "memory");
	return flags;
}

static inline void arch_irq_restore(uint32_t flags)
{
	if (flags & 0x200)
		__asm__ volatile("sti" ::: "memory");
}

static inline void arch_halt(void)
{
	__asm__ volatile("sti; hlt; cli" ::: "memory");
}

/* One instruction: an interrupt comes before or after it. */
static inline void arch_set_bits(volatile uint32_t *word, uint32_t bits)
{
	__asm__ volatile("orl %1, %0" : "+m"(*word) : "ri"(bits) : "memory");
}

static inline void arch_clear_bits(volatile uint32_t *word, uint32_t bits)
{
	__asm__ volatile("andl %1, %0" : "+m"(*word) : "ri"(~bits) : "memory");
}

static inline uint64_t arch_cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}
