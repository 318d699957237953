/* fifo.h - pipes with a name in the file tree. */
#pragma once

#include "kernel/lib/types.h"

struct node;

/* A node_opener: open(2) of a node of type S_IFIFO. 0 or -ENOMEM. */
struct object;
int fifo_open_node(struct node *node, uint32_t flags, struct object **out);
