/*
 * sync.c - wait until all changes are on the disk.
 */
#include <program.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	parse_no_options(argc, argv, "sync\nWaits until all changes of files "
			 "are on the disk.\n");
	sync();
	return 0;
}
