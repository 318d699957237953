/*
 * flock.c - run a program while a file is locked.
 *
 * Programs that start each other through flock with the same file run one after
 * the other.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <program.h>
#include <sys/file.h>
#include <unistd.h>

static const char help[] =
	"flock [-sn] FILE PROGRAM [ARGUMENT...]\n"
	"Locks FILE, which is made if missing, and runs the program.\n"
	"  -s  shared: any number of programs with -s run together\n"
	"  -n  do not wait: the status is 1 if the file is locked\n";

int main(int argc, char **argv)
{
	int option, kind = LOCK_EX, flags = 0, fd, status;

	while ((option = getopt(argc, argv, "+hsn")) != -1)
		switch (option) {
		case 's':
			kind = LOCK_SH;
			break;
		case 'n':
			flags = LOCK_NB;
			break;
		default: usage(option, help);
		}
	argv += optind;
	if (!argv[0] || !argv[1])
		usage('?', help);
	fd = open(argv[0], O_RDONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		err(1, "%s", argv[0]);
	if (flock(fd, kind | flags) < 0) {
		if (errno != EWOULDBLOCK)
			warn("%s", argv[0]);
		return 1;
	}
	status = run(argv + 1);
	if (status < 0)
		err(1, "%s", argv[1]);
	return finish(status);
}
