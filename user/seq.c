/*
 * seq.c - print a sequence of numbers.
 *
 * Each number is computed as first + n * step, because adding up would add up
 * the rounding errors as well. Whole numbers are exact up to 15 digits.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"seq [-w] [-s SEPARATOR] [FIRST [STEP]] LAST\n"
	"Prints the numbers from FIRST, or 1, to LAST in steps of STEP, or 1.\n"
	"  -s  print this instead of a newline between two numbers\n"
	"  -w  the same width for all, with leading zeros\n";

struct number {
	double value;
	int decimals;		/* digits behind the point */
	int width;		/* characters in front of the number */
};

static struct number parse(const char *text)
{
	const char *point = strchr(text, '.');
	struct number number;
	char *end;

	number.value = strtod(text, &end);
	if (end == text || *end)
		errx(2, "bad number: '%s'", text);
	number.decimals = point ? strlen(point + 1) : 0;
	number.width = point ? point - text : (long)strlen(text);
	return number;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

int main(int argc, char **argv)
{
	struct number first = { 1, 0, 1 }, step = { 1, 0, 1 }, last;
	const char *separator = "\n";
	bool equal_width = false;
	int option, decimals, width = 0;
	double value, end;

	while (optind < argc && strspn(argv[optind], "-.0123456789") < 2 &&
	       (option = getopt(argc, argv, "+hs:w")) != -1)
		switch (option) {
		case 's': separator = optarg; break;
		case 'w': equal_width = true; break;
		default: usage(option, help);
		}
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 3)
		usage('?', help);
	last = parse(argv[argc - 1]);
	if (argc > 1)
		first = parse(argv[0]);
	if (argc > 2)
		step = parse(argv[1]);
	if (step.value == 0)
		errx(2, "a step of 0 leads nowhere");

	/* 0.1 * 3 is a hair above 0.3: a billionth of a step is no reason. */
	end = last.value + step.value * 1e-9;
	decimals = max(first.decimals, step.decimals);
	if (equal_width)
		width = max(first.width, last.width) + decimals + !!decimals;
	for (long n = 0; value = first.value + n * step.value,
	     step.value > 0 ? value <= end : value >= end; n++)
		printf("%s%0*.*f", n ? separator : "", width, decimals, value);
	if (step.value > 0 ? first.value <= end : first.value >= end)
		putchar('\n');
	return finish(0);
}
