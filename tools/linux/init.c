/*
 * init.c - the first process of Linux, measured beside Parley.
 *
 * Runs each program in /bench, one after the other, as init does with run= on
 * Parley, and ends the machine. If the image has modules, init loads them,
 * mounts the disk at /data as ext3, and runs /bench/disk alone.
 */
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER	"/bench"
#define ORDER	"/modules/order"

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

/* Parley's programs are for the i686, which has no SSE: compare with glibc's
 * code for this processor. */
static void choose_code(const char *path)
{
	unsigned char head[5] = { 0 };
	int file = open(path, O_RDONLY);

	read(file, head, sizeof(head));
	close(file);
	if (head[4] == 1)		/* ELFCLASS32 */
		setenv("GLIBC_TUNABLES", "glibc.cpu.hwcaps="
		       "-SSE2,-SSSE3,-SSE4_1,-SSE4_2", 1);
}

static void run(const char *name)
{
	char *argv[] = { (char *)name, NULL }, path[512];
	pid_t pid = fork();

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	if (pid == 0) {
		choose_code(path);
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

static void load_module(const char *name)
{
	char path[64];
	int file;

	snprintf(path, sizeof(path), "/modules/%s.ko", name);
	file = open(path, O_RDONLY);
	if (syscall(SYS_finit_module, file, "", 0) < 0)
		perror(path);
	close(file);
}

static void measure_disk(void)
{
	FILE *order = fopen(ORDER, "r");
	char name[32];

	while (order && fscanf(order, "%31s", name) == 1)
		load_module(name);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	mount("none", "/proc", "proc", 0, NULL);
	if (mount("/dev/vda", "/data", "ext3", 0, NULL) < 0)
		perror("/data");
	run("disk");
	if (umount("/data") < 0)
		perror("umount");
}

static int is_program(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void measure_all(void)
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
}

int main(void)
{
	if (access(ORDER, F_OK) == 0)
		measure_disk();
	else
		measure_all();
	printf("bench-linux: the end\n");
	fflush(stdout);
	sleep(1);
	reboot(RB_AUTOBOOT);
	return 0;
}
