/*
 * false.c - fail.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (getopt(argc, argv, "h") == 'h')
		usage('h', "false\nDoes nothing, with status 1.\n");
	return 1;
}
