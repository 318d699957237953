/* greet.c - say hello to everybody by name. */
#include <program.h>

static const char help[] =
	"greet [NAME...]\n"
	"Says hello to everybody, or to the world.\n";

int main(int argc, char **argv)
{
	argv = parse_no_options(argc, argv, help);
	if (!*argv)
		printf("Hello, world!\n");
	for (; *argv; argv++)
		printf("Hello, %s!\n", *argv);
	return finish(0);
}
