/*
 * ifconfig.c - the addresses of this machine.
 *
 * The kernel writes the text; the addresses themselves come from the kernel's
 * command line (ip=) or from the network, by DHCP.
 */
#include <program.h>

static const char help[] =
	"ifconfig\n"
	"Shows the interfaces of the network, and their addresses.\n";

static void copy(char *line, size_t length)
{
	(void)length;
	puts(line);
}

int main(int argc, char **argv)
{
	char *file[] = { "/proc/net", NULL };

	parse_no_options(argc, argv, help);
	return finish(for_each_line(file, copy));
}
