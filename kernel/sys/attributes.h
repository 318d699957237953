/* attributes.h - the file behind a descriptor. */
#pragma once

struct node;

/* The node that fd is open on; NULL if that is not in the tree. */
struct node *node_of_descriptor(int fd);
