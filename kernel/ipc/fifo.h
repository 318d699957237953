/* fifo.h - pipes with a name in the file tree. */
#pragma once

#include "kernel/lib/types.h"

struct node;

/* A node of type S_IFIFO without a name and with one reference; open(2) of the
 * node opens the FIFO. NULL: no memory. */
struct node *fifo_create_node(mode_t mode);
