/*
 * date.c - print the date and time, by the time zone in TZ.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"date [-u] [-d @SECONDS] [+FORMAT]\n"
	"Prints the date. FORMAT is that of strftime: date '+%Y-%m-%d %H:%M'\n"
	"  -d  not now, but so many seconds after 1970\n"
	"  -u  UTC, whatever TZ says\n";

int main(int argc, char **argv)
{
	const char *format = "+%a %b %e %H:%M:%S %Z %Y";
	time_t when = time(NULL);
	struct tm *(*to_date)(const time_t *) = localtime;
	char text[1024];
	int option;

	while ((option = getopt(argc, argv, "hd:u")) != -1)
		switch (option) {
		case 'd':
			when = parse_number(optarg + (*optarg == '@'),
					    LLONG_MIN, LLONG_MAX, "time");
			break;
		case 'u': to_date = gmtime; break;
		default: usage(option, help);
		}
	if (optind < argc)
		format = argv[optind++];
	if (optind < argc || *format != '+')
		usage('?', help);
	if (format[1] && !strftime(text, sizeof(text), format, to_date(&when)))
		errx(1, "the format gives nothing, or more than %zu bytes",
		     sizeof(text));
	puts(format[1] ? text + 1 : "");
	return finish(0);
}
