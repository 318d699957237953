/* ttyname.c - the name of a terminal: the file in /dev that is the same. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = { "/dev/pts/", "/dev/" };

static bool is_same(const char *path, const struct stat *wanted)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
		status.st_dev == wanted->st_dev &&
		status.st_ino == wanted->st_ino;
}

/* Look in one folder. 0, ERANGE, or ENOTTY: not there. */
static int find_in(const char *folder, const struct stat *wanted, char *name,
		   size_t bytes)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int error = ENOTTY;

	if (!directory)
		return errno;
	while (error == ENOTTY && (entry = readdir(directory)) != NULL) {
		char path[10 + NAME_MAX + 1];

		strcpy(path, folder);
		strcat(path, entry->d_name);
		if (!is_same(path, wanted))
			continue;
		error = strlen(path) < bytes ? 0 : ERANGE;
		if (!error)
			strcpy(name, path);
	}
	closedir(directory);
	return error;
}

int ttyname_r(int fd, char *name, size_t bytes)
{
	struct stat wanted;
	int error = ENOTTY;

	if (fstat(fd, &wanted) < 0)
		return errno;
	if (!isatty(fd))
		return ENOTTY;
	for (int i = 0; i < 2 && error == ENOTTY; i++)
		error = find_in(folders[i], &wanted, name, bytes);
	return error;
}

char *ttyname(int fd)
{
	static char name[TTY_NAME_MAX];
	int error = ttyname_r(fd, name, sizeof(name));

	if (error)
		errno = error;
	return error ? NULL : name;
}
