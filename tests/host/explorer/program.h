/* program.h - what user/explore/ needs of libc's program.h, on the host. */
#pragma once

static inline void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}
