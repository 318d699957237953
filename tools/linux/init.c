/*
 * init.c - the first process of Linux, measured beside Parley.
 *
 * Runs each program in /bench, one after the other, as init does with run= on
 * Parley, and ends the machine.
 */
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER	"/bench"

/* Wait until pid ends; orphans that end meanwhile are collected too. */
static void wait_for(pid_t pid, const char *name)
{
	int status = 0;
	pid_t ended;

	do
		ended = wait(&status);
	while (ended > 0 && ended != pid);
	if (status)
		printf("%s: status %#x\n", name, status);
}

static void run(const char *name)
{
	char *argv[] = { (char *)name, NULL }, path[512];
	pid_t pid = fork();

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	if (pid == 0) {
		execv(path, argv);
		_exit(127);
	}
	wait_for(pid, name);
	fflush(stdout);
}

/* The loopback is down at first. */
static void start_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		perror("lo");
	close(fd);
}

static int is_program(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(void)
{
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	struct dirent **entries;
	int count, i;

	mkdir("/dev/shm", 0777);
	mount("none", "/dev/shm", "tmpfs", 0, NULL);
	setrlimit(RLIMIT_MSGQUEUE, &any);
	start_loopback();
	count = scandir(FOLDER, &entries, is_program, alphasort);
	for (i = 0; i < count; i++)
		run(entries[i]->d_name);
	printf("bench-linux: the end\n");
	fflush(stdout);
	sleep(1);
	reboot(RB_AUTOBOOT);
	return 0;
}
