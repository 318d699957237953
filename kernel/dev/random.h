/* random.h - random bytes: /dev/random, /dev/urandom, getrandom(2). */
#pragma once

#include "kernel/lib/types.h"

/* Once at boot. */
void random_init(void);
/* Random bytes to the user, in parts: other tasks may run meanwhile. A signal
 * ends a call for more than 256 bytes early. The number of bytes, or -EFAULT.
 */
ssize_t random_to_user(uaddr_t to, size_t bytes);
