/* printf.c - formatted text into files. */
#include <stdio.h>

#include "libc/stdio/file.h"
#include "libc/stdio/format.h"

struct file_out {
	struct format_out out;
	FILE *file;
	bool failed;
};

static void put_file(struct format_out *out, const char *text, size_t n)
{
	struct file_out *to = (struct file_out *)out;

	if (!to->failed && __file_write(to->file, text, n) < n)
		to->failed = true;
}

static int print(FILE *file, const char *format, va_list arguments)
{
	struct file_out to = { .out.put = put_file, .file = file };
	int result = __format(&to.out, format, arguments);

	return to.failed ? -1 : result;
}

/* An unbuffered file, such as stderr, borrows a buffer. So the message goes out
   in one write and does not mix with messages of other processes. */
static int print_at_once(FILE *file, const char *format, va_list arguments)
{
	unsigned char buffer[PUSH_BACK + 512];
	int result;

	if (!__file_start_writing(file))
		return -1;
	file->flags &= ~(unsigned int)FILE_DIRECT;
	file->buffer = file->write_at = buffer;
	file->size = sizeof(buffer);
	file->write_end = buffer + file->size;

	result = print(file, format, arguments);
	if (__file_flush(file) < 0)
		result = -1;

	file->flags |= FILE_DIRECT;
	file->buffer = file->write_at = file->write_end = file->tiny;
	file->size = sizeof(file->tiny);
	return result;
}

int vfprintf(FILE *restrict file, const char *restrict format,
	va_list arguments)
{
	FILE_ENTER(file);

	__file_prepare(file);
	if (file->flags & FILE_DIRECT)
		return print_at_once(file, format, arguments);
	return print(file, format, arguments);
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfprintf(file, format, arguments);
	va_end(arguments);
	return result;
}

int vprintf(const char *restrict format, va_list arguments)
{
	return vfprintf(stdout, format, arguments);
}

int printf(const char *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfprintf(stdout, format, arguments);
	va_end(arguments);
	return result;
}
