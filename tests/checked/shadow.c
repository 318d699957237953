/*
 * shadow.c - the shadow, and the functions that the compiler calls before each
 * load and store.
 *
 * This file is compiled without the checks. Before frame_init() the shadow is
 * all zeros: everything is allowed.
 */
#include "tests/checked/shadow.h"

#include "arch/arch.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

#define GRAIN		8u		/* bytes for a byte of the shadow */
#define COVERED_BYTES	(192u << 20)	/* of physical memory */

static uint8_t shadow[COVERED_BYTES / GRAIN];
static bool is_reporting;		/* the panic itself is not checked */

static bool is_covered(uintptr_t address, size_t bytes)
{
	return address >= KERNEL_BASE && bytes <= COVERED_BYTES &&
	       address - KERNEL_BASE <= COVERED_BYTES - bytes;
}

static uint8_t *shadow_at(uintptr_t address)
{
	return &shadow[(address - KERNEL_BASE) / GRAIN];
}

void shadow_allow(const void *start, size_t bytes)
{
	uintptr_t at = (uintptr_t)start;

	if (!is_covered(at, ALIGN_UP(bytes, GRAIN)))
		return;
	(memset)(shadow_at(at), 0, bytes / GRAIN);
	if (bytes % GRAIN)
		*shadow_at(at + bytes) = bytes % GRAIN;
}

void shadow_forbid(const void *start, size_t bytes, enum shadow why)
{
	if (is_covered((uintptr_t)start, bytes))
		(memset)(shadow_at((uintptr_t)start), why, bytes / GRAIN);
}

uint8_t shadow_of(uintptr_t address, size_t bytes)
{
	uintptr_t at = address, end = address + bytes;

	if (!is_covered(address, bytes))
		return 0;
	while (at < end) {
		uintptr_t next = ALIGN_DOWN(at, GRAIN) + GRAIN;
		uint8_t value = *shadow_at(at);
		uintptr_t last = MIN(next, end) - 1;

		if (value >= GRAIN)
			return value;
		if (value && last % GRAIN >= value)
			return SHADOW_BEHIND;
		at = next;
	}
	return 0;
}

static const char *reason(uint8_t value)
{
	switch (value) {
	case SHADOW_FREED:
		return "the object was freed";
	case SHADOW_FREE_FRAME:
		return "the frame is free";
	case SHADOW_HEADER:
		return "the header of a page of the heap";
	default:
		return "behind the end of the object";
	}
}

void shadow_check(uintptr_t address, size_t bytes, const char *what)
{
	uint8_t value = shadow_of(address, bytes);

	if (!value || is_reporting)
		return;
	is_reporting = true;
	panic("checked: %s of %u bytes at 0x%x: %s", what, (unsigned)bytes,
	      (unsigned)address, reason(value));
}

/* ---- Called by the compiler's code --------------------------------------- */

#define CHECKS(size)							\
	void __asan_load##size##_noabort(uintptr_t address);		\
	void __asan_store##size##_noabort(uintptr_t address);		\
									\
	void __asan_load##size##_noabort(uintptr_t address)		\
	{								\
		shadow_check(address, size, "read");			\
	}								\
									\
	void __asan_store##size##_noabort(uintptr_t address)		\
	{								\
		shadow_check(address, size, "write");			\
	}

CHECKS(1)
CHECKS(2)
CHECKS(4)
CHECKS(8)
CHECKS(16)

void __asan_loadN_noabort(uintptr_t address, size_t bytes);
void __asan_storeN_noabort(uintptr_t address, size_t bytes);
void __asan_handle_no_return(void);

void __asan_loadN_noabort(uintptr_t address, size_t bytes)
{
	shadow_check(address, bytes, "read");
}

void __asan_storeN_noabort(uintptr_t address, size_t bytes)
{
	shadow_check(address, bytes, "write");
}

/* The stack has no shadow that would have to be cleaned. */
void __asan_handle_no_return(void)
{
}

/* ---- Copies, see LINK_FLAGS_checked in the Makefile ---------------------- */

void *__real_memcpy(void *to, const void *from, size_t bytes);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__real_memset(void *to, int byte, size_t bytes);
void *__wrap_memcpy(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memset(void *to, int byte, size_t bytes);

void *__wrap_memcpy(void *to, const void *from, size_t bytes)
{
	shadow_check((uintptr_t)from, bytes, "copy");
	shadow_check((uintptr_t)to, bytes, "copy over");
	return __real_memcpy(to, from, bytes);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes)
{
	shadow_check((uintptr_t)from, bytes, "move");
	shadow_check((uintptr_t)to, bytes, "move over");
	return __real_memmove(to, from, bytes);
}

void *__wrap_memset(void *to, int byte, size_t bytes)
{
	shadow_check((uintptr_t)to, bytes, "fill");
	return __real_memset(to, byte, bytes);
}
