/*
 * main.c - the programs in the manual work as the manual says.
 *
 * tools/manual takes the program out of the EXAMPLES of each page of sections 2
 * and 3; all are linked into this program. Each example runs in a child. The
 * child's output is compared with the output on the page: a line `...` on the
 * page stands for any lines, `...` in a line for any text. With the name of a
 * page as argument, the example of the page runs without a comparison.
 */
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/user/man_examples/example.h"

#define SECONDS_MOST	20	/* without a word */
#define OUTPUT_MOST	8192

static char output[OUTPUT_MOST];

/* Does the text fit the pattern, in which `...` fits anything? */
static int fits(const char *pattern, const char *text)
{
	for (; *pattern; pattern++, text++) {
		if (strncmp(pattern, "...", 3) == 0) {
			for (; *text; text++)
				if (fits(pattern + 3, text))
					return 1;
			return fits(pattern + 3, text);
		}
		if (*pattern != *text)
			return 0;
	}
	return *text == '\0';
}

static _Noreturn void run(const struct example *example, int out)
{
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close(out);
	setpgid(0, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	exit(example->run());
}

/* Is there more to read before the example has been silent too long? */
static int has_more(int fd)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN };

	return poll(&entry, 1, SECONDS_MOST * 1000) == 1;
}

/* The wait status; what the example printed is in output[]. */
static int observe(const struct example *example)
{
	size_t bytes = 0;
	int fds[2], status;
	ssize_t n = -1;
	pid_t pid;

	if (pipe(fds) != 0)
		err(1, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		close(fds[0]);
		run(example, fds[1]);
	}
	close(fds[1]);
	while (has_more(fds[0])) {
		n = read(fds[0], output + bytes, sizeof(output) - 1 - bytes);
		if (n <= 0)
			break;
		bytes += n;
	}
	output[bytes] = '\0';
	close(fds[0]);
	if (n)
		kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status;
}

static void comment(const char *what, const char *text)
{
	printf("# %s:\n", what);
	while (*text) {
		int length = strcspn(text, "\n");

		printf("#   %.*s\n", length, text);
		text += length + (text[length] != '\0');
	}
}

static int check(int number, const struct example *example)
{
	int status = observe(example);
	int good = status == 0 && fits(example->printed, output);

	printf("%sok %d - %s does what it says\n", good ? "" : "not ",
	       number, example->page);
	if (good)
		return 0;
	printf("# status 0x%x\n", status);
	comment("the page", example->printed);
	comment("the run", output);
	return 1;
}

int main(int argc, char **argv)
{
	int count = 0, failed = 0;

	for (; examples[count].page; count++) {
		if (argc > 1 && !strcmp(argv[1], examples[count].page))
			return examples[count].run();
		if (argc == 1)
			failed += check(count + 1, &examples[count]);
	}
	printf("1..%d\n", count);
	return failed > 0;
}
