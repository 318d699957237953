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

/* ---- User memory ------------------------------------------------------ */

#if defined(TEST) || defined(HOST_TEST)

/* Through the functions that tests replace. */
static inline bool fetch_user_word(uaddr_t at, uint32_t *value)
{
	return copy_from_user(value, at, sizeof(*value)) == 0;
}

static inline bool store_user_word(uaddr_t at, uint32_t value)
{
	return copy_to_user(at, &value, sizeof(value)) == 0;
}

#else

#define USER_WORD(at)	(*(volatile uint32_t *)(uintptr_t)(at))
/* One instruction with user memory open; a fault goes on at the label `bad`. */
#define USER_MOVE(move)					\
	"1:	stac\n"					\
	move						\
	"2:	clac\n"					\
	"	.pushsection .text.unlikely, \"ax\"\n"	\
	"3:	clac\n"					\
	"	nop\n"					\
	"	jmp %l[bad]\n"				\
	"	.popsection\n"				\
	"	.pushsection .smap, \"a\"\n"		\
	"	.long 1b, 2b, 3b\n"			\
	"	.popsection\n"				\
	"	.pushsection .fixups, \"a\"\n"		\
	"	.long 1b, 2b, 3b\n"			\
	"	.popsection"

static inline bool fetch_user_word(uaddr_t at, uint32_t *value)
{
	uint32_t word;

	if (at > USER_HIGHEST - sizeof(word))
		return false;
	__asm__ volatile goto(USER_MOVE("	movl %1, %0\n")
			      : "=r"(word) : "m"(USER_WORD(at)) : : bad);
	*value = word;
	return true;
bad:
	return false;
}

static inline bool store_user_word(uaddr_t at, uint32_t value)
{
	if (at > USER_HIGHEST - sizeof(value))
		return false;
	__asm__ volatile goto(USER_MOVE("	movl %1, (%0)\n")
			      : : "r"(at), "r"(value) : "memory" : bad);
	return true;
bad:
	return false;
}

#endif
