/* eventfd.h - a counter behind a descriptor: events, or a semaphore. */
#pragma once

#include "kernel/obj/file.h"

/* A counter that starts with `value`, with one reference; NULL: no memory. With
 * is_semaphore each read takes 1. */
struct object *eventfd_create(uint32_t value, bool is_semaphore);
