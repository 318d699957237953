/*
 * yes.c - print a line again and again.
 *
 * The program ends when its reader has gone: `yes | head -n 3` shows a process
 * ended by SIGPIPE.
 */
#include <program.h>
#include <unistd.h>

static const char help[] =
	"yes [WORD...]\n"
	"Prints the words, or y, until it is stopped.\n";

int main(int argc, char **argv)
{
	static char *just_y[] = { "y", NULL };
	char **words;

	argv = parse_no_options(argc, argv, help);
	argv = *argv ? argv : just_y;
	while (!ferror(stdout))
		for (words = argv; *words; words++)
			printf("%s%c", *words, words[1] ? ' ' : '\n');
	return finish(1);
}
