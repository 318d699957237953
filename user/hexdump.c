/*
 * hexdump.c - show bytes as hexadecimal numbers and as characters.
 *
 * Several files are read as one stream. Lines equal to the line before are
 * shown as an asterisk.
 */
#include <ctype.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"hexdump [-Cv] [-n BYTES] [-s BYTES] [FILE...]\n"
	"Shows the bytes of the files, 16 on a line, as 16-bit words.\n"
	"  -C  as bytes and characters     -v  repeated lines as well\n"
	"  -n  only so many                -s  skip so many\n";

#define WIDTH 16

static bool with_characters, verbose;
static long long limit = LLONG_MAX, skip, offset;
static unsigned char line[WIDTH], last[WIDTH];
static int filled;
static bool have_last, starred;

static void print_bytes(void)
{
	printf("%08llx", offset);
	for (int i = 0; i < WIDTH; i++) {
		printf(i % 8 ? " " : "  ");
		if (i < filled)
			printf("%02x", line[i]);
		else
			printf("  ");
	}
	printf("  |");
	for (int i = 0; i < filled; i++)
		putchar(isprint(line[i]) ? line[i] : '.');
	puts("|");
}

static void print_words(void)
{
	printf("%07llx", offset);
	for (int i = 0; i < WIDTH; i += 2)
		if (i < filled)
			printf(" %04x", line[i] | line[i + 1] << 8);
		else
			printf("     ");
	putchar('\n');
}

static void print_line(void)
{
	bool same = have_last && filled == WIDTH &&
		memcmp(line, last, WIDTH) == 0;

	if (same && !verbose) {
		if (!starred)
			puts("*");
		starred = true;
	} else {
		with_characters ? print_bytes() : print_words();
		starred = false;
	}
	memcpy(last, line, WIDTH);
	have_last = true;
	offset += filled;
	filled = 0;
	memset(line, 0, sizeof(line));
}

static void dump(FILE *file, const char *name)
{
	int c;

	(void)name;
	while (limit > 0 && (c = getc(file)) != EOF) {
		if (skip > 0) {
			skip--;
			offset++;
			continue;
		}
		limit--;
		line[filled++] = c;
		if (filled == WIDTH)
			print_line();
	}
}

int main(int argc, char **argv)
{
	int option, status;

	while ((option = getopt(argc, argv, "hCn:s:v")) != -1)
		switch (option) {
		case 'C': with_characters = true; break;
		case 'n':
			limit = parse_number(optarg, 0, LLONG_MAX, "count");
			break;
		case 's':
			skip = parse_number(optarg, 0, LLONG_MAX, "count");
			break;
		case 'v': verbose = true; break;
		default: usage(option, help);
		}
	status = for_each_file(argv + optind, dump);
	if (filled)
		print_line();
	if (offset)
		printf(with_characters ? "%08llx\n" : "%07llx\n", offset);
	return finish(status);
}
