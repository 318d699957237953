/* dprintf.c - formatted text straight into a descriptor. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libc/stdio/format.h"

struct descriptor_out {
	struct format_out out;
	int fd;
	bool failed;
	size_t used;
	char text[512];		/* so that short text is one write() */
};

static void send(struct descriptor_out *d)
{
	size_t sent = 0;

	while (sent < d->used && !d->failed) {
		ssize_t n = write(d->fd, d->text + sent, d->used - sent);

		if (n < 0)
			d->failed = true;
		else
			sent += (size_t)n;
	}
	d->used = 0;
}

static void put_descriptor(struct format_out *out, const char *text, size_t n)
{
	struct descriptor_out *d = (struct descriptor_out *)out;

	while (n > 0) {
		size_t part = sizeof(d->text) - d->used;

		part = n < part ? n : part;
		memcpy(d->text + d->used, text, part);
		d->used += part;
		text += part;
		n -= part;
		if (d->used == sizeof(d->text))
			send(d);
	}
}

int vdprintf(int fd, const char *restrict format, va_list arguments)
{
	struct descriptor_out d;
	int result;

	d.out.put = put_descriptor;
	d.out.written = 0;
	d.fd = fd;
	d.failed = false;
	d.used = 0;
	result = __format(&d.out, format, arguments);
	send(&d);
	return d.failed ? -1 : result;
}

int dprintf(int fd, const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vdprintf(fd, format, arguments);
	va_end(arguments);
	return result;
}
