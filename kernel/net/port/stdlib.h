/* stdlib.h - lwIP includes <stdlib.h>: memory and numbers from net.c. */
#pragma once

#include "kernel/lib/string.h"

void *net_alloc(size_t bytes);
void *net_alloc_zeroed(size_t count, size_t bytes);
void net_free(void *memory);

static inline int atoi(const char *digits)
{
	return parse_number(digits);
}
