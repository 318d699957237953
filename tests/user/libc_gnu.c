/*
 * libc_gnu.c - functions that the GNU library has beside POSIX's: processors of
 * threads, copies in the caller's frame, passwords from the terminal, the lines
 * of /etc/fstab, daemons.
 */
#define _GNU_SOURCE
#include <mntent.h>
#include <pthread.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>

#include "tests/user/helpers.h"
#include "tests/user/pty_session.h"

CASE(copies_in_the_frame)
{
	const char *volatile text = "a few words";

	expect(strcmp(strdupa(text), text) == 0);
	expect(strcmp(strndupa(text, 5), "a few") == 0);
	expect(strcmp(strndupa(text, 50), text) == 0);
	expect(strdupa("")[0] == '\0');
}

CASE(a_thread_runs_on_processor_0)
{
	pthread_attr_t attr;
	cpu_set_t set, got;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	require(pthread_attr_init(&attr) == 0);
	expect(pthread_attr_setaffinity_np(&attr, sizeof(set), &set) == 0);
	expect(pthread_attr_getaffinity_np(&attr, sizeof(got), &got) == 0);
	expect(CPU_ISSET(0, &got) && CPU_COUNT(&got) == 1);
	expect(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0);
	expect(pthread_getaffinity_np(pthread_self(), sizeof(got), &got) == 0);
	expect(CPU_ISSET(0, &got) && CPU_COUNT(&got) == 1);
	CPU_ZERO(&set);
	expect(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) ==
	       EINVAL);
	pthread_attr_destroy(&attr);
}

CASE(the_machine_tells_how_busy_it_is)
{
	struct sysinfo info;

	expect(sysinfo(&info) == 0);
	expect(info.uptime >= 0 && info.procs > 0);
	expect(info.freeram > 0 && info.freeram < info.totalram);
	expect(get_nprocs() >= 1 && get_nprocs_conf() >= get_nprocs());
	expect(get_phys_pages() > get_avphys_pages());
}

static int ask(void)
{
	const char *password = getpass("Password: ");

	return password && strcmp(password, "secret") == 0 ? 7 : 8;
}

CASE(a_password_is_asked_for_and_not_shown)
{
	pid_t child = start_inside(ask);

	expect(reads(master, "Password: "));
	expect(type("secret\n"));
	expect(reads(master, "\n") && !strstr(text, "secret"));
	expect(result_of(child) == 7);
}

CASE(user_for_files_is_the_effective_one)
{
	expect(setfsuid((uid_t)-1) == (int)geteuid());
	expect(setfsgid((gid_t)-1) == (int)getegid());
}

CASE(names_with_numbers_have_an_order)
{
	static const char *const names[] = {
		"", "000", "00", "01", "010", "09", "0", "1", "9", "10", "a",
		"a0", "a1", "a9", "a10", "a10b", "a11", "b",
	};
	const int count = sizeof(names) / sizeof(names[0]);

	for (int i = 0; i < count; i++)
		for (int j = 0; j < count; j++) {
			int order = strverscmp(names[i], names[j]);

			expect((order > 0) - (order < 0) == (i > j) - (i < j));
		}
}

/* ---- /etc/fstab ---------------------------------------------------------- */

static FILE *table_of(const char *lines)
{
	FILE *file = setmntent("/tmp/libc-gnu-fstab", "w+");

	require(file);
	unlink("/tmp/libc-gnu-fstab");
	fputs(lines, file);
	rewind(file);
	return file;
}

CASE(a_line_of_fstab_has_six_words)
{
	FILE *file = table_of("# a comment\n\n"
		"\t/dev/disk0 /data\\040of\\134mine ext "
		"rw,size=4096,noauto 1 2\n"
		"none /tmp memory ro");
	struct mntent *entry = getmntent(file), other;
	char text[64];

	require(entry);
	expect(strcmp(entry->mnt_fsname, "/dev/disk0") == 0);
	expect(strcmp(entry->mnt_dir, "/data of\\mine") == 0);
	expect(strcmp(entry->mnt_type, "ext") == 0);
	expect(strcmp(entry->mnt_opts, "rw,size=4096,noauto") == 0);
	expect(entry->mnt_freq == 1 && entry->mnt_passno == 2);
	expect(hasmntopt(entry, MNTOPT_RW) == entry->mnt_opts);
	expect(hasmntopt(entry, "size") == entry->mnt_opts + 3);
	expect(hasmntopt(entry, MNTOPT_NOAUTO) == entry->mnt_opts + 13);
	expect(!hasmntopt(entry, "auto") && !hasmntopt(entry, "no"));
	require(getmntent_r(file, &other, text, sizeof(text)) == &other);
	expect(strcmp(other.mnt_dir, "/tmp") == 0);
	expect(strcmp(other.mnt_opts, "ro") == 0 && other.mnt_freq == 0);
	expect(getmntent_r(file, &other, text, sizeof(text)) == NULL);
	expect(endmntent(file) == 1);
}

CASE(a_line_that_was_added_is_read_back)
{
	FILE *file = table_of("none / memory rw 0 0\n");
	struct mntent entry = {
		(char *)"a\tb", (char *)"/c d", (char *)"e\\", (char *)"ro",
		3, 4,
	};
	struct mntent *got = NULL;

	expect(addmntent(file, &entry) == 0);
	rewind(file);
	require(getmntent(file) && (got = getmntent(file)));
	expect(strcmp(got->mnt_fsname, "a\tb") == 0);
	expect(strcmp(got->mnt_dir, "/c d") == 0);
	expect(strcmp(got->mnt_type, "e\\") == 0);
	expect(got->mnt_freq == 3 && got->mnt_passno == 4);
	endmntent(file);
}

CASE(the_root_is_mounted)
{
	FILE *file = setmntent("/proc/mounts", "r");
	struct mntent *entry;
	int found = 0;

	require(file);
	while ((entry = getmntent(file)))
		found |= strcmp(entry->mnt_dir, "/") == 0;
	expect(found);
	endmntent(file);
}

/* ---- Daemons ------------------------------------------------------------- */

/* The daemon tells where the daemon is: its session, directory and files. */
static void tell(int fd, int keeps_directory, int keeps_files)
{
	struct stat input, null;
	char report[4] = "nnn", here[256] = "";

	require(stat("/dev/null", &null) == 0);
	require(chdir("/tmp") == 0);
	if (daemon(keeps_directory, keeps_files) < 0)
		_exit(1);
	if (getsid(0) == getpid())
		report[0] = 'y';
	if (getcwd(here, sizeof(here)) && strcmp(here, "/") == 0)
		report[1] = 'y';
	if (fstat(0, &input) == 0 && input.st_rdev == null.st_rdev)
		report[2] = 'y';
	_exit(write(fd, report, 3) != 3);
}

static int daemon_is(int keeps_directory, int keeps_files, const char *want)
{
	char report[4] = "";
	int fds[2], input[2];
	pid_t child;

	require(pipe(fds) == 0 && pipe(input) == 0);
	child = fork_or_fail();
	if (child == 0) {
		dup2(input[0], 0);
		tell(fds[1], keeps_directory, keeps_files);
	}
	close(fds[1]);
	expect(result_of(child) == 0);
	expect(read(fds[0], report, 3) == 3);
	close(fds[0]);
	close(input[0]);
	close(input[1]);
	return strcmp(report, want) == 0;
}

CASE(a_daemon_has_a_session_and_no_terminal)
{
	expect(daemon_is(0, 0, "yyy"));
	expect(daemon_is(1, 0, "yny"));
	expect(daemon_is(0, 1, "yyn"));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
