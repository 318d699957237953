/*
 * clear.c - clear the screen.
 *
 * The sequences come from ECMA-48: cursor to the top left, erase all.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	parse_no_options(argc, argv, "clear\nClears the screen.\n");
	fputs("\033[H\033[2J", stdout);
	return finish(0);
}
