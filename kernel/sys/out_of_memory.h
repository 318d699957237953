/* out_of_memory.h - a page fault without memory. */
#pragma once

#include "kernel/lib/types.h"

/*
 * A page fault of the running program found no memory. If the user is over the
 * limit, or only root's reserve is left: kill the largest process of the user,
 * let it run, and return true: the program repeats the access. False: a lack of
 * memory that is not the user's. Called with depth 1; may switch tasks.
 */
bool out_of_memory(void);
