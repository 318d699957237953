/* harness_self.c - the harness finds the failures that it must find. */
#include "tests/kernel/ktest.h"

#include "kernel/mm/heap.h"
#include "tests/kernel/counters.h"

KTEST(leak_of_one_frame_and_one_object_is_seen_by_name)
{
	struct test_counters before, now;
	char names[100] = "";
	struct text text = { names, sizeof(names) - 1, 0 };
	void *object, *page;

	counters_take(&before);
	page = page_alloc(FRAME_BUFFER);
	object = heap_alloc(100);
	counters_take(&now);
	KIS(counters_compare(&before, &now, &text), 2);
	KOK(text.length > 0);
	page_free(page);
	heap_free(object);
	counters_take(&now);
	KIS(counters_compare(&before, &now, &text), 0);
}
