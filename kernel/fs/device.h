/*
 * device.h - the names of devices in /dev.
 *
 * A driver owns an object, static or allocated, and registers a name for the
 * object here. Opening the name opens the object: reads, writes and waits go
 * straight to the driver. A driver needs no stat operation: device_stat()
 * answers for all devices.
 */
#pragma once

#include "kernel/obj/object.h"

/*
 * Make /dev/NAME stand for `object`, with these permission bits. The name takes
 * a reference to the object. object NULL: the name means the controlling
 * terminal of the opening process, and opening without a terminal is -ENXIO.
 * Returns 0, -EEXIST, or -ENOMEM when memory is exhausted.
 */
int device_register(const char *name, struct object *object, mode_t mode);

/* The name makes an object at each open: see node_opener in node.h. -EEXIST or
 * -ENOMEM. */
struct node;
int device_register_maker(const char *name, mode_t mode,
			  int (*open)(struct node *, uint32_t,
				      struct object **));
/* A new directory /dev/NAME, where only the driver adds names; panics without
 * memory. */
struct node *device_directory(const char *name, mode_t mode);

/* A symbolic link /dev/NAME; panics without memory. */
void device_link(const char *name, const char *target);

/* The name in /dev of a device's object, or NULL; no reference is taken. */
struct node *device_node(const struct object *object);
/* Fill in stat(2) of a device's object; false if no name in /dev has `object`.
 */
bool device_stat(const struct object *object, struct stat *status);
