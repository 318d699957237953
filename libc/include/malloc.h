/* malloc.h - memory at multiples of a power of two (GNU, BSD). */
#pragma once

#include <stdlib.h>

void *memalign(size_t alignment, size_t bytes);
void *valloc(size_t bytes);		/* whole pages begin there */
