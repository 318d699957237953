/*
 * print.c - the layouts of ls: long, columns, or one per line.
 */
#include "user/ls/ls.h"

#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* The mark of -F behind a name. */
static const char *mark(mode_t mode)
{
	if (!show_marks)
		return "";
	if (S_ISDIR(mode))
		return "/";
	if (S_ISFIFO(mode))
		return "|";
	if (S_ISLNK(mode))
		return "@";
	return S_ISREG(mode) && mode & 0111 ? "*" : "";
}

static int digits(unsigned long long number)
{
	int count = 1;

	while (number /= 10)
		count++;
	return count;
}

static void print_time(time_t when)
{
	char text[32];
	time_t age = time(NULL) - when;
	const char *format = age >= 0 && age < 365 * 86400 / 2 ?
		"%b %e %H:%M" : "%b %e  %Y";

	strftime(text, sizeof(text), format, localtime(&when));
	printf(" %s ", text);
}

/* In blocks of 1024 bytes; stat() counts them by 512. */
void print_total(const struct entry *entries, size_t count)
{
	blkcnt_t blocks = 0;

	for (size_t i = 0; i < count; i++)
		blocks += entries[i].status.st_blocks;
	printf("total %lld\n", (long long)blocks / 2);
}

static void print_long(const struct entry *entries, size_t count)
{
	int links = 1, size = 1;
	char mode[11];

	for (size_t i = 0; i < count; i++) {
		const struct stat *status = &entries[i].status;

		if (digits(status->st_nlink) > links)
			links = digits(status->st_nlink);
		if (digits(status->st_size) > size)
			size = digits(status->st_size);
	}
	for (size_t i = 0; i < count; i++) {
		const struct stat *status = &entries[i].status;

		if (show_inodes)
			printf("%6lu ", (unsigned long)status->st_ino);
		mode_string(status->st_mode, mode);
		printf("%s %*lu %u %u %*lld", mode, links,
		       (unsigned long)status->st_nlink,
		       (unsigned)status->st_uid, (unsigned)status->st_gid,
		       size, (long long)status->st_size);
		print_time(status->st_mtime);
		if (S_ISLNK(status->st_mode))
			printf("%s -> %s\n", entries[i].name,
			       entries[i].target);
		else
			printf("%s%s\n", entries[i].name,
			       mark(status->st_mode));
	}
}

static void print_name(const struct entry *entry, size_t width)
{
	const char *behind = mark(entry->status.st_mode);
	int padding = width - strlen(entry->name) - strlen(behind);

	if (show_inodes)
		printf("%6lu ", (unsigned long)entry->status.st_ino);
	printf("%s%s%*s", entry->name, behind, padding > 0 ? padding : 0, "");
}

/* Down the columns, as people read lists. */
static void print_columns(const struct entry *entries, size_t count,
			  size_t line_width)
{
	size_t width = 0, columns, rows;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(entries[i].name) + 2 + show_marks;

		if (length > width)
			width = length;
	}
	columns = line_width / (width + (show_inodes ? 7 : 0));
	columns = columns ? columns : 1;
	rows = (count + columns - 1) / columns;
	for (size_t row = 0; row < rows; row++) {
		for (size_t i = row; i < count; i += rows)
			print_name(&entries[i], i + rows < count ? width : 0);
		putchar('\n');
	}
}

void print_entries(const struct entry *entries, size_t count)
{
	struct winsize window;

	if (count == 0)
		return;
	if (show_long)
		print_long(entries, count);
	else if (one_per_line || !isatty(STDOUT_FILENO))
		print_columns(entries, count, 0);
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 &&
		 window.ws_col > 0)
		print_columns(entries, count, window.ws_col);
	else
		print_columns(entries, count, 80);
}
