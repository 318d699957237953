/*
 * mkfifo.c - make FIFOs: pipes with a name.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
	"mkfifo [-m MODE] NAME...\n"
	"Makes FIFOs. What one program writes to the name, another reads\n"
	"from it; opening it waits until the other one comes.\n"
	"  -m  with this mode, in octal (else 666 without the umask)\n";

static mode_t mode = 0666;

static int make(char *path)
{
	return mkfifo(path, mode);
}

int main(int argc, char **argv)
{
	int option;
	char *end;

	while ((option = getopt(argc, argv, "hm:")) != -1)
		switch (option) {
		case 'm':
			umask(0);
			mode = strtoul(optarg, &end, 8);
			if (*end || mode > 0777)
				errx(2, "bad mode: '%s'", optarg);
			break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, make));
}
