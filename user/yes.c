/*
 * yes.c - print a line again and again.
 *
 * It ends when nobody reads any more: `yes | head -n 3` shows a process that
 * is stopped by SIGPIPE.
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
