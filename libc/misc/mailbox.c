/* mailbox.c - mailboxes: the optional arguments of mailbox_open(). */
#include <mailbox.h>
#include <stdarg.h>

#include "libc/syscall.h"

int mailbox_open(const char *name, int oflag, ...)
{
	const struct mailbox_attr *attr = NULL;
	mode_t mode = 0;
	va_list arguments;

	if (oflag & O_CREAT) {
		va_start(arguments, oflag);
		mode = va_arg(arguments, mode_t);
		attr = va_arg(arguments, const struct mailbox_attr *);
		va_end(arguments);
	}
	return __sys_mailbox_open(name, oflag, mode, attr);
}
