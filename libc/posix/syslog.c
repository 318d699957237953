/*
 * syslog.c - a message becomes a line on the console.
 *
 * Parley has no daemon that collects messages: whoever looks after the machine
 * looks at the console. Each message is one write(2), so lines of different
 * programs do not mix.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

#include "libc/internal.h"

#define LINE_BYTES	1024

static const char *program_name;
static int log_options, log_mask = 0xff;

void openlog(const char *name, int options, int facility)
{
	(void)facility;			/* every line goes to one place */
	program_name = name;
	log_options = options;
}

void closelog(void)
{
	program_name = NULL;
	log_options = 0;
}

int setlogmask(int mask)
{
	int before = log_mask;

	if (mask)
		log_mask = mask;
	return before;
}

static void write_line(const char *line, size_t length)
{
	int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (log_options & LOG_PERROR)
		write(STDERR_FILENO, line, length);
	if (console < 0)
		return;
	write(console, line, length);
	__quiet_close(console);
}

/* The text goes behind the first `used` bytes of the line. Returns how many are
   used then: at most LINE_BYTES - 2, so that a newline and the end fit. */
static size_t append(char *line, size_t used, const char *format,
	va_list arguments)
{
	int length = vsnprintf(line + used, LINE_BYTES - 1 - used, format,
			       arguments);

	if (length < 0)
		return used;
	return used + length > LINE_BYTES - 2 ? LINE_BYTES - 2
					      : used + length;
}

static size_t append_text(char *line, size_t used, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	used = append(line, used, format, arguments);
	va_end(arguments);
	return used;
}

void vsyslog(int priority, const char *format, va_list arguments)
{
	char line[LINE_BYTES];
	const char *name = program_name ? program_name : "syslog";
	int error = errno;
	size_t used;

	if (!(log_mask & LOG_MASK(LOG_PRI(priority))))
		return;
	used = append_text(line, 0, "%.*s", LINE_BYTES / 2, name);
	if (log_options & LOG_PID)
		used = append_text(line, used, "[%d]", (int)getpid());
	used = append_text(line, used, ": ");
	errno = error;			/* for %m */
	used = append(line, used, format, arguments);
	if (line[used - 1] != '\n')
		line[used++] = '\n';
	write_line(line, used);
	errno = error;
}

void syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsyslog(priority, format, arguments);
	va_end(arguments);
}
