/*
 * true.c - succeed.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (getopt(argc, argv, "h") == 'h')
		usage('h', "true\nDoes nothing, with status 0.\n");
	return 0;
}
