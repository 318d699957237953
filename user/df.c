/*
 * df.c - the room in file systems.
 */
#include <err.h>
#include <program.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

static const char help[] =
	"df [PATH...]\n"
	"Shows the room in the file systems of the paths, or in all, in KiB.\n";

static int show(char *path)
{
	struct statvfs status;
	unsigned long long unit;

	if (statvfs(path, &status) < 0)
		return -1;
	unit = status.f_frsize;
	printf("%10llu %10llu %10llu  %s\n", status.f_blocks * unit / 1024,
	       (status.f_blocks - status.f_bfree) * unit / 1024,
	       status.f_bavail * unit / 1024, path);
	return 0;
}

static int show_all(void)
{
	char line[1200], *fields[2];
	char *path[] = { NULL, NULL };
	FILE *file = fopen("/proc/mounts", "r");
	int status = 0;

	if (!file)
		err(1, "/proc/mounts");
	while (fgets(line, sizeof(line), file)) {
		split_fields(line, fields, 2);
		path[0] = fields[1];
		status |= for_each_name(path, show);
	}
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	char **paths = parse_no_options(argc, argv, help);

	printf("%10s %10s %10s  %s\n", "KiB", "used", "free", "mounted at");
	return finish(*paths ? for_each_name(paths, show) : show_all());
}
