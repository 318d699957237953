/*
 * tee.c - copy standard input to standard output and to files.
 *
 * A file that cannot be written is reported and left out; the copy to the
 * remaining files goes on.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char help[] =
	"tee [-ai] [FILE...]\n"
	"Copies standard input to standard output and to each file.\n"
	"  -a  append to the files\n"
	"  -i  go on after ctrl+C\n";

struct output {
	int fd;
	const char *name;
};

static int distribute(struct output *outputs, int count)
{
	char buffer[4096];
	int status = 0;
	ssize_t bytes;

	while ((bytes = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		for (int i = 0; i < count; i++) {
			if (outputs[i].fd < 0 ||
			    write_all(outputs[i].fd, buffer, bytes) == 0)
				continue;
			warn("%s", outputs[i].name);
			outputs[i].fd = -1;
			status = 1;
		}
	if (bytes < 0)
		err(1, "standard input");
	return status;
}

int main(int argc, char **argv)
{
	int option, how = O_TRUNC, status = 0, count = 1;
	struct output *outputs = need(calloc(argc, sizeof(*outputs)));

	while ((option = getopt(argc, argv, "hai")) != -1)
		switch (option) {
		case 'a': how = O_APPEND; break;
		case 'i': signal(SIGINT, SIG_IGN); break;
		default: usage(option, help);
		}
	outputs[0].fd = STDOUT_FILENO;
	outputs[0].name = "standard output";
	for (argv += optind; *argv; argv++, count++) {
		outputs[count].name = *argv;
		outputs[count].fd = open(*argv, O_WRONLY | O_CREAT | how, 0666);
		if (outputs[count].fd < 0) {
			warn("%s", *argv);
			status = 1;
		}
	}
	return distribute(outputs, count) | status;
}
