/*
 * kill.c - send a signal to processes.
 *
 * "-9", "-KILL" and "-s KILL" are the same; a negative process number means a
 * process group. So getopt() cannot read the arguments.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char help[] =
	"kill [-s SIGNAL | -SIGNAL] PID... | kill -l [NUMBER...]\n"
	"Sends a signal (TERM) to processes; to a group if PID is negative.\n"
	"  -l  list the names of signals, or name these (128 + n is n too)\n";

static int parse_signal(const char *text)
{
	char name[SIG2STR_MAX];
	size_t i;
	int number;

	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (i = 0; text[i] && i < sizeof(name) - 1; i++)
		name[i] = text[i] >= 'a' && text[i] <= 'z' ?
			text[i] - 'a' + 'A' : text[i];
	name[i] = '\0';
	if (str2sig(name, &number) < 0)
		errx(2, "no such signal: '%s'", text);
	return number;
}

static void list_all(void)
{
	char name[SIG2STR_MAX];

	for (int signal = 1; signal < 32; signal++)
		if (sig2str(signal, name) == 0)
			printf("%2d %-9s%s", signal, name,
			       signal % 6 ? "" : "\n");
	putchar('\n');
}

static int list(char **numbers)
{
	char name[SIG2STR_MAX];

	if (!*numbers)
		list_all();
	for (; *numbers; numbers++) {
		int number;

		if (strspn(*numbers, "0123456789") < strlen(*numbers)) {
			printf("%d\n", parse_signal(*numbers));
			continue;
		}
		number = parse_number(*numbers, 0, 255, "number") & 127;
		if (sig2str(number, name) < 0)
			errx(1, "no such signal: %s", *numbers);
		puts(name);
	}
	return finish(0);
}

int main(int argc, char **argv)
{
	int signal = SIGTERM, status = 0;

	if (argc < 2 || strcmp(argv[1], "-h") == 0)
		usage(argc < 2 ? '?' : 'h', help);
	if (strcmp(argv[1], "-l") == 0)
		return list(argv + 2);
	argv++;
	if (strcmp(*argv, "-s") == 0 && argv[1]) {
		signal = parse_signal(argv[1]);
		argv += 2;
	} else if (**argv == '-' && strcmp(*argv, "--") != 0) {
		signal = parse_signal(*argv + 1);
		argv++;
	}
	if (*argv && strcmp(*argv, "--") == 0)
		argv++;
	if (!*argv)
		usage('?', help);
	for (; *argv; argv++) {
		pid_t pid = parse_number(*argv, -INT_MAX, INT_MAX,
					 "process number");

		if (kill(pid, signal) < 0) {
			warn("%s", *argv);
			status = 1;
		}
	}
	return status;
}
