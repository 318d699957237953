/*
 * self.c - does the checked kernel find what it looks for? Each test ends in a
 * panic: tests/checked/self.sh boots a machine for the test and looks at the
 * reason.
 */
#include "tests/kernel/ktest.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"

/* The compiler must not see through the pointers. */
static volatile char *volatile bytes;
static volatile int number;

KTEST_PANIC(checked_read_of_a_freed_object)
{
	bytes = heap_alloc(24);
	heap_free((void *)bytes);
	KIS(bytes[8], 0);
}

KTEST_PANIC(checked_write_behind_an_object)
{
	bytes = heap_alloc(24);
	bytes[23] = 1;
	bytes[24] = 1;
}

KTEST_PANIC(checked_write_behind_a_large_object)
{
	bytes = heap_alloc(POOL_LARGEST - 8);
	bytes[POOL_LARGEST - 8] = 1;
}

KTEST_PANIC(checked_copy_behind_an_object)
{
	char text[40] = "";

	bytes = heap_alloc(20);
	number = sizeof(text);
	memcpy((char *)bytes, text, number);
}

KTEST_PANIC(checked_object_is_freed_twice)
{
	void *object = heap_alloc(100);

	heap_free(object);
	heap_free(object);
}

KTEST_PANIC(checked_object_is_freed_in_the_middle)
{
	bytes = heap_alloc(100);
	heap_free((char *)bytes + 100);
}

KTEST_PANIC(checked_write_to_a_free_frame)
{
	bytes = page_alloc(FRAME_BUFFER);
	page_free((void *)bytes);
	bytes[100] = 1;
}

KTEST_PANIC(checked_index_outside_of_an_array)
{
	static volatile int table[4];

	number = 4;
	KIS(table[number], 0);
}

KTEST_PANIC(checked_sum_that_overflows)
{
	number = INT32_MAX;
	number = number + 1;
}

KTEST_PANIC(checked_shift_that_is_too_far)
{
	number = 32;
	number = 1 << number;
}

KTEST_PANIC(checked_pointer_that_is_not_aligned)
{
	bytes = heap_alloc(24);
	*(volatile uint32_t *)(bytes + 2) = 1;
}
