/*
 * tail.c - print the end of files.
 *
 * The end of a pipe is not known in advance, so a window of bytes moves over
 * the input. When the buffer is full, the bytes that can no longer belong to
 * the end are dropped. The buffer grows only if few bytes were dropped: the
 * memory is twice the length of the output, not the length of the input.
 */
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"tail [-n [+]LINES | -c [+]BYTES | -LINES] [FILE...]\n"
	"Prints the last 10 lines of each file, or so many lines or bytes;\n"
	"with + prints from that line or byte on.\n";

static long count = 10;
static bool by_bytes, from_start;
static const char *title = "==> %s <==\n";
static int several;

/* Where in the window the wanted end begins, if this is the end. */
static size_t find_start(const char *window, size_t length)
{
	size_t start = length;
	long wanted = count;

	if (by_bytes)
		return length > (size_t)count ? length - count : 0;
	if (wanted == 0)
		return length;
	/* A newline at the very end closes the last line: skip this newline. */
	while (start > 0 && (start == length || window[start - 1] != '\n' ||
			     --wanted > 0))
		start--;
	return start;
}

static void print_end(FILE *file)
{
	size_t size = 8192, length = 0, bytes, start;
	char *window = need(malloc(size));

	while ((bytes = fread(window + length, 1, size - length, file)) > 0) {
		length += bytes;
		if (length < size)
			continue;
		start = find_start(window, length);
		length -= start;
		memmove(window, window + start, length);
		if (length > size / 2)
			window = need(realloc(window, size *= 2));
	}
	start = find_start(window, length);
	fwrite(window + start, 1, length - start, stdout);
	free(window);
}

static void print_from_start(FILE *file)
{
	long skip = count > 0 ? count - 1 : 0;
	int c;

	while ((c = getc(file)) != EOF)
		if (skip == 0)
			putchar(c);
		else if (by_bytes || c == '\n')
			skip--;
}

static void tail(FILE *file, const char *name)
{
	if (several) {
		printf(title, name);
		title = "\n==> %s <==\n";
	}
	if (from_start)
		print_from_start(file);
	else
		print_end(file);
}

int main(int argc, char **argv)
{
	int option, digits = 0;

	while ((option = getopt(argc, argv, "hn:c:0123456789")) != -1)
		switch (option) {
		case 'c': case 'n':
			by_bytes = option == 'c';
			from_start = optarg[0] == '+';
			count = parse_number(optarg + (optarg[0] == '-'),
					     0, LONG_MAX, "count");
			break;
		case 'h': case '?':
			usage(option, help);
		default:	/* tail -20 */
			digits = digits * 10 + option - '0';
			count = digits;
		}
	argv += optind;
	several = argv[0] && argv[1];
	return finish(for_each_file(argv, tail));
}
