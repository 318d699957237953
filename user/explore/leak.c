/*
 * leak.c - the things left behind by a run: names, queues, locks, ids.
 *
 * The kernel counts the things of each user (/proc/limits). After a run, the
 * counts of root must be the counts from before the run. Memory is not
 * compared, because explore takes some for the plans. Things with a name are
 * removed after the run, so all runs begin in the same state.
 */
#include <dirent.h>
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#include "user/explore/explore.h"

#define KINDS_MOST	20
#define NAMES_MOST	256	/* there before the first run */
#define PATIENCE	50	/* milliseconds until ended tasks are gone */

struct count {
	char kind[16];
	long long used;
};

static struct count before[KINDS_MOST];
static char *old_names[NAMES_MOST];
static unsigned old_name_count;

/* The folders in which a run may leave names. */
static const char *const folders[] = {
	"/ipc/mailbox", "/ipc/mqueue", "/ipc/sem", "/ipc/shm", "/tmp",
};

/* The counts of root, but not of memory. */
static void read_counts(struct count *counts)
{
	FILE *file = fopen("/proc/limits", "r");
	unsigned i = 0;

	if (!file)
		err(2, "/proc/limits");
	memset(counts, 0, KINDS_MOST * sizeof(counts[0]));
	fscanf(file, "%*[^\n]");
	while (i < KINDS_MOST - 1 &&
	       fscanf(file, " 0 %15s %lld %*s", counts[i].kind,
		      &counts[i].used) == 2)
		if (!strstr(counts[i].kind, "memory"))
			i++;
	counts[i].kind[0] = '\0';
	fclose(file);
}

/* Hand each name in the folders to the function. */
static void for_all_names(void (*work)(const char *path))
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		DIR *folder = opendir(folders[i]);
		const struct dirent *entry;

		while (folder && (entry = readdir(folder)) != NULL)
			if (entry->d_name[0] != '.')
				work(join_path(folders[i], entry->d_name));
		if (folder)
			closedir(folder);
	}
}

static void remember(const char *path)
{
	if (old_name_count < NAMES_MOST)
		old_names[old_name_count++] = need(strdup(path));
}

static void remove_new(const char *path)
{
	for (unsigned i = 0; i < old_name_count; i++)
		if (strcmp(old_names[i], path) == 0)
			return;
	if (old_name_count < NAMES_MOST)
		unlink(path);
}

/* The objects of System V. Objects from before the first run stay. */
static void remove_keyed(void)
{
	FILE *file = fopen("/proc/ipc", "r");
	char line[160];
	int id;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%d sysv", &id) != 1)
			continue;
		if (strstr(line, "sysv queue"))
			msgctl(id, IPC_RMID, NULL);
		else if (strstr(line, "sysv semaphores"))
			semctl(id, 0, IPC_RMID);
		else if (strstr(line, "sysv memory"))
			shmctl(id, IPC_RMID, NULL);
	}
	if (file)
		fclose(file);
}

void leak_begin(void)
{
	static bool has_names;

	if (!has_names)
		for_all_names(remember);
	has_names = true;
	read_counts(before);
}

/* Write the things with a higher count than before the run. */
static bool compare(char *to, size_t size)
{
	struct count now[KINDS_MOST];
	size_t length = 0;

	read_counts(now);
	*to = '\0';
	for (unsigned i = 0; now[i].kind[0]; i++)
		if (now[i].used > before[i].used && length < size)
			length += snprintf(to + length, size - length,
					   "%s%s %lld", length ? ", " : "",
					   now[i].kind,
					   now[i].used - before[i].used);
	return length > 0;
}

bool leak_find(char *to, size_t size)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	bool has_leak = compare(to, size);

	for (int i = 0; has_leak && i < PATIENCE; i++) {
		nanosleep(&moment, NULL);
		has_leak = compare(to, size);
	}
	if (!has_leak)
		return false;
	for_all_names(remove_new);
	if (strstr(to, "sysv"))
		remove_keyed();
	return true;
}
