/*
 * stat.c - show what the system knows about files.
 */
#include <err.h>
#include <program.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"stat [-c FORMAT] FILE...\n"
	"Shows what the system knows about each file.\n"
	"  -c  print only: %n name, %s bytes, %F kind, %a %A mode, %h links,\n"
	"      %i number, %d device, %b blocks, %u user, %g group,\n"
	"      %X %Y %Z when read, written, changed\n";

static const char *format;

static const char *kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "regular file";
	case S_IFDIR: return "directory";
	case S_IFCHR: return "character device";
	case S_IFBLK: return "block device";
	case S_IFIFO: return "fifo";
	case S_IFLNK: return "symbolic link";
	case S_IFSOCK: return "socket";
	}
	return "unknown";
}

static void print_field(char field, const char *name, const struct stat *status)
{
	char mode[11];

	mode_string(status->st_mode, mode);
	switch (field) {
	case '%': putchar('%'); break;
	case 'A': printf("%s", mode); break;
	case 'F': printf("%s", kind(status->st_mode)); break;
	case 'X': printf("%lld", (long long)status->st_atime); break;
	case 'Y': printf("%lld", (long long)status->st_mtime); break;
	case 'Z': printf("%lld", (long long)status->st_ctime); break;
	case 'a': printf("%o", (unsigned)status->st_mode & 07777); break;
	case 'b': printf("%lld", (long long)status->st_blocks); break;
	case 'd': printf("%lu", (unsigned long)status->st_dev); break;
	case 'g': printf("%u", (unsigned)status->st_gid); break;
	case 'h': printf("%lu", (unsigned long)status->st_nlink); break;
	case 'i': printf("%lu", (unsigned long)status->st_ino); break;
	case 'n': printf("%s", name); break;
	case 's': printf("%lld", (long long)status->st_size); break;
	case 'u': printf("%u", (unsigned)status->st_uid); break;
	default: errx(2, "bad format: %%%c", field);
	}
}

static void print_format(const char *text, const char *name,
			 const struct stat *status)
{
	for (; *text; text++)
		if (*text == '%' && text[1])
			print_field(*++text, name, status);
		else
			putchar(*text);
}

static void print_time(const char *title, const struct timespec *time)
{
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S",
		 localtime(&time->tv_sec));
	printf("%8s: %s.%09ld\n", title, text, (long)time->tv_nsec);
}

static int show(char *name)
{
	struct stat status;

	if (lstat(name, &status) < 0)
		return -1;
	if (format) {
		print_format(format, name, &status);
		putchar('\n');
		return 0;
	}
	print_format("    file: %n\n    size: %s  blocks: %b  %F\n"
		     "  number: %i  device: %d  links: %h\n"
		     "    mode: %a %A  user: %u  group: %g\n", name, &status);
	print_time("access", &status.st_atim);
	print_time("modify", &status.st_mtim);
	print_time("change", &status.st_ctim);
	return 0;
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "hc:")) != -1)
		switch (option) {
		case 'c': format = optarg; break;
		default: usage(option, help);
		}
	if (optind == argc)
		usage('?', help);
	return finish(for_each_name(argv + optind, show));
}
