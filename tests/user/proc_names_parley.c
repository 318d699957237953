/*
 * proc_names_parley.c - the names in /proc cost no user anything, go with
 * their process, and a load is a load.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define USER		1003
#define CHILDREN	60

static int sleep_long(void)
{
	for (;;)
		pause();
	return 0;
}

static int look(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return access(path, F_OK);
}

/* The case's leak check finds a name that stays. */
CASE(names_of_ended_processes_stay_charged)
{
	pid_t children[CHILDREN];

	require(setuid(USER) == 0);
	for (int i = 0; i < CHILDREN; i++)
		children[i] = start(sleep_long);
	for (int i = 0; i < CHILDREN; i++) {
		expect(look(children[i], "status") == 0);
		expect(look(children[i], "fd/0") == 0);
		expect(look(children[i], "fd/77") < 0 && errno == ENOENT);
		expect(look(children[i], "nothing") < 0 && errno == ENOENT);
	}
	for (int i = 0; i < CHILDREN; i++)
		kill_and_wait(children[i]);
}

CASE(user_changes_a_name)
{
	expect(mkdir("/proc/new", 0777) < 0 && errno == EROFS);
	expect(unlink("/proc/self") < 0 && errno == EROFS);
	expect(unlink("/proc/self/fd/0") < 0 && errno == EROFS);
	expect(rename("/proc/self", "/proc/self/fd/0") < 0 && errno == EROFS);
	expect(rename("/proc/self/fd/0", "/tmp/stolen") < 0);
	expect(link("/proc/self/fd/0", "/proc/self/fd/9") < 0);
	expect(chmod("/proc/self/maps", 0666) < 0 && errno == EROFS);
	expect(open("/proc/self/maps", O_RDWR) < 0 && errno == EACCES);
	expect(access("/proc/00", F_OK) < 0 && errno == ENOENT);
	expect(access("/proc/0", F_OK) < 0 && errno == ENOENT);
	expect(access("/proc/4294967297", F_OK) < 0 && errno == ENOENT);
	expect(access("/proc/self/fd/-1", F_OK) < 0 && errno == ENOENT);
}

CASE(way_back_up_is_lost)
{
	char path[64], wanted[32];

	require(chdir("/proc/self/fd") == 0);
	snprintf(wanted, sizeof(wanted), "/proc/%d/fd", (int)getpid());
	expect(getcwd(path, sizeof(path)) && !strcmp(path, wanted));
	expect(chdir("..") == 0 && access("status", R_OK) == 0);
	expect(chdir("..") == 0 && access("self", F_OK) == 0);
}

/* Short buffers: each call gives some of the names. */
CASE(name_is_listed_twice_or_not)
{
	pid_t children[CHILDREN];
	int count[8192] = { 0 }, numbers[8192] = { 0 };
	struct stat status;
	char name[16];
	struct dirent *entry;
	DIR *directory;

	for (int i = 0; i < CHILDREN; i++)
		children[i] = start(sleep_long);
	directory = opendir("/proc");
	require(directory != NULL);
	while ((entry = readdir(directory)) != NULL)
		if (atoi(entry->d_name) > 0) {
			count[atoi(entry->d_name)]++;
			numbers[atoi(entry->d_name)] = entry->d_ino;
		}
	for (int i = 0; i < CHILDREN; i++) {
		expect(count[children[i]] == 1);
		snprintf(name, sizeof(name), "%d", (int)children[i]);
		expect(fstatat(dirfd(directory), name, &status, 0) == 0);
		expect((int)status.st_ino == numbers[children[i]]);
	}
	closedir(directory);
	for (int i = 0; i < CHILDREN; i++)
		kill_and_wait(children[i]);
}

CASE(load_is_nonsense)
{
	double loads[4] = { -1, -1, -1, -1 };

	expect(getloadavg(loads, 4) == 3);
	for (int i = 0; i < 3; i++)
		expect(loads[i] >= 0 && loads[i] < 100);
	expect(loads[3] == -1);
	expect(getloadavg(loads, 1) == 1 && getloadavg(loads, 0) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
