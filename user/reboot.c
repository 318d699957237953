/*
 * reboot.c - start the machine again.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	parse_no_options(argc, argv, "reboot\nStarts the machine again.\n");
	execute((char *[]){ "poweroff", "-r", NULL });
}
