/* statfs.c - the room in a file system, by the names of BSD and Linux. */
#include <sys/statfs.h>
#include <sys/statvfs.h>

static int renamed(int result, const struct statvfs *from, struct statfs *to)
{
	if (result < 0)
		return result;
	*to = (struct statfs) {
		.f_bsize = from->f_bsize,
		.f_blocks = from->f_blocks,
		.f_bfree = from->f_bfree,
		.f_bavail = from->f_bavail,
		.f_files = from->f_files,
		.f_ffree = from->f_ffree,
		.f_fsid = { { (int)from->f_fsid } },
		.f_namelen = from->f_namemax,
		.f_frsize = from->f_frsize,
		.f_flags = from->f_flag,
	};
	return 0;
}

int fstatfs(int fd, struct statfs *status)
{
	struct statvfs same;

	return renamed(fstatvfs(fd, &same), &same, status);
}

int statfs(const char *path, struct statfs *status)
{
	struct statvfs same;

	return renamed(statvfs(path, &same), &same, status);
}
