/* grow.c - arrays that get element after element. */
#include <stdlib.h>

#include "libc/internal.h"

void *__grow(void *array, size_t count, size_t size)
{
	size_t room = 1;

	if (array && count & (count - 1))
		return array;
	while (room <= count)
		room *= 2;
	return reallocarray(array, room, size);
}
