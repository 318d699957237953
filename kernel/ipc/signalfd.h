/* signalfd.h - a descriptor for reading signals. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/obj/file.h"

/* An open file from which the reader's pending signals of the mask are taken.
 * 0 or -ENOMEM. */
int signalfd_create(sigset_t mask, uint32_t flags, struct open_file **out);
/* Change the mask of a signalfd. Tasks of the running process that read it look
 * again. 0, or -EINVAL: the file is no signalfd. */
int signalfd_set_mask(struct open_file *file, sigset_t mask);
