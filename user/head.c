/*
 * head.c - print the beginning of files.
 */
#include <limits.h>
#include <program.h>
#include <unistd.h>

static const char help[] =
	"head [-n LINES | -c BYTES | -LINES] [FILE...]\n"
	"Prints the first 10 lines of each file, or so many lines or bytes.\n";

static long lines = 10, bytes = LONG_MAX;
static const char *title = "==> %s <==\n";
static int several;

static void head(FILE *file, const char *name)
{
	int c;

	if (several) {
		printf(title, name);
		title = "\n==> %s <==\n";
	}
	for (long b = 0, l = 0; b < bytes && l < lines; b++) {
		c = getc(file);
		if (c == EOF)
			break;
		putchar(c);
		l += c == '\n';
	}
}

int main(int argc, char **argv)
{
	int option, digits = 0;

	while ((option = getopt(argc, argv, "hn:c:0123456789")) != -1)
		switch (option) {
		case 'n':
			lines = parse_number(optarg, 0, LONG_MAX, "count");
			break;
		case 'c':
			bytes = parse_number(optarg, 0, LONG_MAX, "count");
			lines = LONG_MAX;
			break;
		case 'h': case '?':
			usage(option, help);
		default:	/* head -20, the traditional spelling */
			digits = digits * 10 + option - '0';
			lines = digits;
		}
	argv += optind;
	several = argv[0] && argv[1];
	return finish(for_each_file(argv, head));
}
