/* signalfd.h - a descriptor for reading signals. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/obj/file.h"

/* An object with one reference; NULL: no memory. A read takes the reader's
 * pending signals of the mask. */
struct object *signalfd_create(sigset_t mask);
/* Change the mask of a signalfd. Tasks of the running process that read it look
 * again. 0, or -EINVAL: the file is no signalfd. */
int signalfd_set_mask(struct open_file *file, sigset_t mask);
