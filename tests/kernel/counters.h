/*
 * counters.h - the resources in use in the kernel, compared before and after a
 * test.
 */
#pragma once

#include "kernel/lib/printk.h"
#include "kernel/mm/frame.h"
#include "tests/kernel/test_call.h"

/* Take stock. [P] */
void counters_take(struct test_counters *counters);

/* How much more there is now, all kinds together; `out` gets the names and
 * numbers of what is more or less. */
uint32_t counters_compare(const struct test_counters *before,
			  const struct test_counters *now, struct text *out);
