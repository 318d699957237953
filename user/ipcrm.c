/*
 * ipcrm.c - remove the name of an IPC object, or an object of System V.
 *
 * An object with a name lives until the last program has closed the object. A
 * program that opens the name afterwards gets a new object. The objects of
 * System V end at once; a segment, with its last mapping.
 */
#include <err.h>
#include <limits.h>
#include <program.h>
#include <stdio.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static const char help[] =
	"ipcrm [-q ID] [-s ID] [-m ID] [KIND/NAME...]\n"
	"Removes names under /ipc, such as mqueue/jobs; `ls /ipc/*` lists\n"
	"them. `ipcs` has the numbers of the objects of System V.\n"
	"  -q  a message queue\n"
	"  -s  a set of semaphores\n"
	"  -m  a segment of shared memory\n";

static int remove_name(char *name)
{
	char *path = join_path("/ipc", name);

	return unlink(path);
}

static int remove_object(int option, int id)
{
	if (option == 'q')
		return msgctl(id, IPC_RMID, NULL);
	if (option == 's')
		return semctl(id, 0, IPC_RMID);
	return shmctl(id, IPC_RMID, NULL);
}

int main(int argc, char **argv)
{
	int option, id, status = 0, removed = 0;

	while ((option = getopt(argc, argv, "hq:s:m:")) != -1)
		switch (option) {
		case 'q':
		case 's':
		case 'm':
			id = parse_number(optarg, 0, INT_MAX, "number");
			removed++;
			if (remove_object(option, id) < 0) {
				warn("-%c %d", option, id);
				status = 1;
			}
			break;
		default: usage(option, help);
		}
	if (!argv[optind] && !removed)
		usage('?', help);
	if (argv[optind])
		status |= for_each_name(argv + optind, remove_name);
	return finish(status);
}
