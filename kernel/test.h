/* test.h - the door to the tests inside the kernel: see tests/kernel. */
#pragma once

/* Run the tests named in a comma-separated list, or "all", and power off. A
 * kernel built without tests panics. */
void kernel_tests_run(const char *names);
