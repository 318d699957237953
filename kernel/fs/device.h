/*
 * device.h - the names of devices in /dev.
 *
 * A driver owns its object, static or allocated, and gives it a name here.
 * Opening the name opens the object: reads, writes and waits go straight to
 * the driver. A driver needs no stat operation: device_stat() answers for it.
 */
#pragma once

#include "kernel/obj/object.h"

/*
 * Make /dev/NAME stand for `object`, with these permission bits. Takes its own
 * reference of the object. object NULL: the name means the controlling
 * terminal of whoever opens it, and opening is -ENXIO without one.
 * Returns 0, -EEXIST, or -ENOSPC when memory is exhausted.
 */
int device_register(const char *name, struct object *object, mode_t mode);

/* What stat(2) says of a device's object; false if it is no device's. */
bool device_stat(const struct object *object, struct stat *status);
