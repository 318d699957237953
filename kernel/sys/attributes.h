/* attributes.h - the file behind a descriptor. */
#pragma once

struct node;

/* The node behind fd; NULL if fd is no file of the tree. */
struct node *node_of_descriptor(int fd);
