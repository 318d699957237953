/*
 * cp.c - copy files and trees.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"cp [-fpr] FROM... TO\n"
	"Copies a file to TO, or files into the directory TO.\n"
	"  -r  copy whole directories       -p  keep times\n"
	"  -f  remove what is in the way and cannot be opened\n";

static bool recursive, force, keep_times;
static int status;

static void fail(const char *path)
{
	warn("%s", path);
	status = 1;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int open_copy(const char *to, mode_t mode)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC;
	int fd = open(to, how, mode & 0777);

	if (fd < 0 && force && unlink(to) == 0)
		fd = open(to, how, mode & 0777);
	return fd;
}

static void copy_data(int in, int out, const char *from, const char *to)
{
	char buffer[16384];
	ssize_t bytes;

	while ((bytes = read(in, buffer, sizeof(buffer))) > 0)
		if (write_all(out, buffer, bytes) < 0) {
			fail(to);
			return;
		}
	if (bytes < 0)
		fail(from);
}

static void copy_file(const char *from, const char *to,
		      const struct stat *source)
{
	struct stat target;
	int in, out;

	if (stat(to, &target) == 0 && is_same_file(source, &target)) {
		warnx("%s and %s are the same file", from, to);
		status = 1;
		return;
	}
	in = open(from, O_RDONLY);
	if (in < 0) {
		fail(from);
		return;
	}
	out = open_copy(to, source->st_mode);
	if (out < 0)
		fail(to);
	else
		copy_data(in, out, from, to);
	if (out >= 0 && close(out) < 0)
		fail(to);
	close(in);
	if (keep_times) {
		struct timespec times[2] = { source->st_atim, source->st_mtim };

		if (utimensat(AT_FDCWD, to, times, 0) < 0)
			fail(to);
	}
}

static void copy_link(const char *from, const char *to)
{
	char text[PATH_MAX];
	ssize_t length = readlink(from, text, sizeof(text) - 1);

	if (length < 0) {
		fail(from);
		return;
	}
	text[length] = '\0';
	if (force)
		unlink(to);
	if (symlink(text, to) < 0)
		fail(to);
}

/* The tree to copy: from the root, to the target. */
static const char *root, *target;

static int copy_entry(const char *path, const struct stat *source, int type,
		      struct FTW *where)
{
	const char *rest = path + strlen(root);
	char *to = join_path(target, rest + (*rest == '/'));

	(void)where;
	if (*rest == '\0')
		to[strlen(target)] = '\0';
	if (type == FTW_D) {
		if (mkdir(to, source->st_mode & 0777) < 0 && errno != EEXIST)
			fail(to);
	} else if (type == FTW_SL) {
		copy_link(path, to);
	} else if (type == FTW_F) {
		copy_file(path, to, source);
	} else {
		fail(path);
	}
	free(to);
	return 0;
}

static int copy(const char *from, const char *to)
{
	struct stat source;

	if (stat(from, &source) < 0) {
		fail(from);
	} else if (!S_ISDIR(source.st_mode)) {
		copy_file(from, to, &source);
	} else if (!recursive) {
		errno = EISDIR;
		fail(from);
	} else {
		root = from;
		target = to;
		if (nftw(from, copy_entry, 8, FTW_PHYS) < 0)
			fail(from);
	}
	return status;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hRfpr")) != -1)
		switch (option) {
		case 'R': case 'r': recursive = true; break;
		case 'f': force = true; break;
		case 'p': keep_times = true; break;
		default: usage(option, help);
		}
	if (argc - optind < 2)
		usage('?', help);
	return finish(for_each_source(argv + optind, copy));
}
