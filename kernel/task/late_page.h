/*
 * late_page.h - a page of the user that a call of the kernel cannot have now.
 *
 * See late_page.c.
 */
#pragma once

#include "kernel/task/task.h"

/* The running task's copy to or from user memory gives up at this page, and
 * ends with -EFAULT. Never blocks. */
void late_page_note(uaddr_t address, unsigned access);

/* Wait until the late page of the running task is there. 0, or an error: then
 * the page cannot be had. Handed down by kernel/sys. */
extern int (*late_page_wait)(void);

/* copy_to_user() for a call that cannot be made again, because it has waited:
 * if a page is late, wait for the page. 0 or -EFAULT. */
int late_page_copy_to_user(uaddr_t to, const void *from, size_t bytes);

/* A copy ended early. Was a late page the cause, and is the page there now?
 * Then the call goes on. Blocks only if there is a late page. */
static inline bool late_page_came(void)
{
	return task_current()->late_access && late_page_wait() == 0;
}
