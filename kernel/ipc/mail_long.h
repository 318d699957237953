/*
 * mail_long.h - a body of more than COPY_PART_BYTES is copied in parts.
 *
 * All functions give other tasks a chance to run after each part. The errors
 * of all: -EINTR, if the running process was killed.
 */
#pragma once

#include "kernel/ipc/mail.h"

/* Copy the body out of the memory of the running process into mail->pages, or
 * take the whole pages of a gift. 0, -EFAULT, -ENOMEM: the caller frees the
 * message. */
int mail_bring_in(struct mail_send *send);
/* The pages of a gift that no process received go back to the sender, which
 * runs. */
void mail_return_pages(struct mail *mail);

/* Make the buffer of the running process ready for a body of at most so many
 * bytes. 0, or -EFAULT: the call waits for a page from a disk, and is made
 * again. */
int mail_prepare(struct mail_place *to, uint32_t most);
/* The same for the buffer of a receive. */
int mail_prepare_receive(struct mail_receive *receive);
/* A long body has come to the buffer of the running process: copy this body out
 * of to->pages. A negative number of bytes is an error: the body is freed. The
 * bytes, or -EFAULT. */
long mail_collect(struct mail_place *to, long bytes);
