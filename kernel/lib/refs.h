/* refs.h - counting references down. */
#pragma once

#include "kernel/lib/assert.h"

/* Give a reference back. True: the last reference has gone. */
static inline bool refs_drop(uint32_t *refs)
{
	ASSERT(*refs > 0);
	return --*refs == 0;
}
