/* memalign.c - old relatives of posix_memalign(). */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

void *memalign(size_t alignment, size_t bytes)
{
	void *memory = NULL;
	int error;

	if (alignment < sizeof(void *))
		alignment = sizeof(void *);
	error = posix_memalign(&memory, alignment, bytes);
	if (error)
		errno = error;
	return error ? NULL : memory;
}

void *valloc(size_t bytes)
{
	return memalign(PAGE_SIZE, bytes);
}
