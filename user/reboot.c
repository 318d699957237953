/*
 * reboot.c - start the machine again.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, "reboot\nStarts the machine again.\n");
	execute((char *[]){ "poweroff", "-r", NULL });
}
