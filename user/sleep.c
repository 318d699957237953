/*
 * sleep.c - wait for some time.
 *
 * `sleep 100 &` and then `why` with its number: the shortest look at a waiting
 * task.
 */
#include <err.h>
#include <errno.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"sleep TIME...\n"
	"Waits for so many seconds (s), minutes (m), hours (h) or days (d) in\n"
	"all, such as: 1.5  0.2s  2m\n";

static double parse_seconds(const char *text)
{
	static const char units[] = "smhd";
	static const int seconds[] = { 1, 60, 3600, 86400 };
	const char *unit = units;
	char *end;
	double time = strtod(text, &end);

	if (end != text && *end)
		unit = strchr(units, *end++);
	if (end == text || !unit || *end || !(time >= 0 && time <= 1e9))
		errx(2, "bad time: '%s'", text);
	return time * seconds[unit - units];
}

int main(int argc, char **argv)
{
	struct timespec left;
	double total = 0;

	argv = parse_no_options(argc, argv, help);
	if (!*argv)
		usage('?', help);
	for (; *argv; argv++)
		total += parse_seconds(*argv);
	left.tv_sec = total;
	left.tv_nsec = (total - left.tv_sec) * 1e9;
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			err(1, NULL);
	return 0;
}
