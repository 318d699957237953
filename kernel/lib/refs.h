/*
 * refs.h - count references down: one instruction, and its flags say whether
 * that was the last.
 */
#pragma once

#include "kernel/lib/assert.h"

static inline bool refs_drop(uint32_t *refs)
{
	bool was_last;

	ASSERT(*refs > 0);
	__asm__("subl $1, %0" : "+m"(*refs), "=@ccz"(was_last));
	return was_last;
}
