/*
 * libc_more.c - functions of libc that programs from elsewhere use: users,
 * groups, dates to read, one processor. Any POSIX system.
 */
#define _GNU_SOURCE
#include <byteswap.h>
#include <dirent.h>
#include <endian.h>
#include <grp.h>
#include <malloc.h>
#include <pwd.h>
#include <sched.h>
#include <stdint.h>
#include <sys/param.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>

#include "tests/user/helpers.h"

/* ---- Users and groups ---------------------------------------------------- */

CASE(user_by_name_is_user_by_number)
{
	struct passwd *user = getpwnam("root");

	require(user);
	expect(user->pw_uid == 0 && user->pw_gid == 0);
	expect(strcmp(user->pw_name, "root") == 0 && user->pw_dir[0] == '/');
	user = getpwuid(0);
	expect(user && strcmp(user->pw_name, "root") == 0);
	errno = 0;
	expect(getpwnam("no such user") == NULL && errno == 0);
	expect(getpwuid(54321) == NULL && errno == 0);
}

CASE(small_buffer_is_an_error)
{
	struct passwd user, *found = &user;
	struct group group, *found_group;
	char buffer[512], one[1];

	expect(getpwnam_r("root", &user, buffer, 4, &found) == ERANGE);
	expect(found == NULL);
	expect(getpwuid_r(0, &user, buffer, sizeof(buffer), &found) == 0);
	expect(found == &user && strcmp(user.pw_name, "root") == 0);
	expect(getpwuid_r(54321, &user, buffer, sizeof(buffer), &found) == 0);
	expect(found == NULL);
	expect(getgrgid_r(0, &group, one, 1, &found_group) == ERANGE);
	expect(getgrnam_r("root", &group, buffer, sizeof(buffer),
			  &found_group) == 0);
	expect(found_group == &group && group.gr_gid == 0 && group.gr_mem);
}

CASE(buffer_without_room_is_an_error)
{
	struct passwd user, *found = &user;
	struct group group, *found_group = &group;
	char buffer[2] = "xy";

	expect(getpwnam_r("root", &user, buffer, 0, &found) == ERANGE);
	expect(found == NULL && buffer[0] == 'x');
	expect(getpwnam_r("root", &user, buffer, 1, &found) == ERANGE);
	expect(getgrnam_r("root", &group, buffer, 0, &found_group) == ERANGE);
	expect(buffer[1] == 'y');
}

CASE(all_users_come_once)
{
	int count = 0, roots = 0;
	struct passwd *user;

	setpwent();
	while ((user = getpwent())) {
		count++;
		roots += strcmp(user->pw_name, "root") == 0;
	}
	endpwent();
	expect(roots == 1 && count >= 2);
	setpwent();
	expect(getpwent() != NULL);
	endpwent();
}

CASE(groups_have_lists_of_members)
{
	struct group *group;
	int count = 0;

	setgrent();
	while ((group = getgrent())) {
		expect(group->gr_name[0] && group->gr_mem);
		for (char **member = group->gr_mem; *member; member++)
			expect(**member);
		count++;
	}
	endgrent();
	expect(count >= 2);
	group = getgrgid(0);
	expect(group && strcmp(group->gr_name, "root") == 0);
}

/* ---- Dates --------------------------------------------------------------- */

static int reads(const char *text, const char *format, const char *left,
		 const char *wanted)
{
	struct tm date = { .tm_mday = 1 };
	const char *end = strptime(text, format, &date);
	char got[40];

	if (!end || strcmp(end, left) != 0)
		return 0;
	strftime(got, sizeof(got), "%Y-%m-%d %H:%M:%S", &date);
	return strcmp(got, wanted) == 0;
}

CASE(dates_are_read_as_written)
{
	expect(reads("2026-11-23 07:08:09", "%Y-%m-%d %H:%M:%S", "",
		     "2026-11-23 07:08:09"));
	expect(reads("Mon Nov 23 17:08:09 2026x", "%c", "x",
		     "2026-11-23 17:08:09"));
	expect(reads("  23/ 2 /1999", " %d / %m / %Y", "",
		     "1999-02-23 00:00:00"));
	expect(reads("12:30 am", "%I:%M %p", "", "1900-01-01 00:30:00"));
	expect(reads("11/05/69", "%D", "", "1969-11-05 00:00:00"));
	expect(reads("11/05/68", "%D", "", "2068-11-05 00:00:00"));
	expect(reads("100% 5", "100%% %e", "", "1900-01-05 00:00:00"));
}

CASE(wrong_dates_are_not_read)
{
	struct tm date = { 0 };

	expect(strptime("25:00", "%H:%M", &date) == NULL);
	expect(strptime("12:x", "%H:%M", &date) == NULL);
	expect(strptime("Nox", "%b", &date) == NULL);
	expect(strptime("0", "%d", &date) == NULL);
	expect(strptime("x", "%Y", &date) == NULL);
	expect(strptime("2026", "%Y-", &date) == NULL);
	expect(strptime("54", "%U", &date) == NULL);
	expect(strptime("53 0", "%U %W", &date) != NULL);
}

/* The seconds east of UTC; 1: the text is not read. */
static long offset_in(const char *text)
{
	struct tm date = { 0 };

	return strptime(text, "%H:%M %z.", &date) ? date.tm_gmtoff : 1;
}

CASE(the_difference_to_utc_is_read)
{
	struct tm date = { 0 };

	expect(offset_in("10:00 +0100.") == 3600);
	expect(offset_in("10:00 -03:30.") == -12600);
	expect(offset_in("10:00 +05.") == 5 * 3600);
	expect(offset_in("10:00   Z.") == 0);
	expect(offset_in("10:00 0100.") == 1 && offset_in("10:00 +1.") == 1);
	expect(strptime("1 CET 2", "%H %Z %M", &date) && date.tm_min == 2);
}

CASE(written_dates_come_back)
{
	struct tm date, again;
	char text[80];
	time_t at;

	for (time_t time = 0; time < 4000000000; time += 99999989) {
		gmtime_r(&time, &date);
		strftime(text, sizeof(text), "%A %j %d %B %Y %T", &date);
		memset(&again, 0, sizeof(again));
		require(strptime(text, "%A %j %d %B %Y %T", &again));
		at = timegm(&again);
		expect(at == time);
	}
}

/* ---- The rest ------------------------------------------------------------ */

CASE(processor_zero_is_there)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	expect(sched_getaffinity(0, sizeof(set), &set) == 0);
	expect(CPU_COUNT(&set) >= 1);
	CPU_ZERO(&set);
	expect(!CPU_ISSET(0, &set));
	expect_error(sched_setaffinity(0, sizeof(set), &set), EINVAL);
	CPU_SET(0, &set);
	expect(CPU_ISSET(0, &set) && CPU_COUNT(&set) == 1);
	expect(sched_setaffinity(0, sizeof(set), &set) == 0);
	expect(sched_getcpu() == 0);
	expect_error(sched_getaffinity(0, 1, &set), EINVAL);
}

/* Until the system has counted some time. */
static int spin(void)
{
	struct rusage usage;

	do
		getrusage(RUSAGE_SELF, &usage);
	while (usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec == 0);
	return 7;
}

CASE(wait4_tells_what_the_child_used)
{
	struct rusage usage;
	int status = 0;
	pid_t pid = start(spin);

	memset(&usage, 0, sizeof(usage));
	expect(wait4(pid, &status, 0, &usage) == pid);
	expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	expect(usage.ru_utime.tv_sec > 0 || usage.ru_utime.tv_usec > 0);
	expect(usage.ru_utime.tv_usec < 1000000);
	expect_error(wait3(&status, WNOHANG, NULL), ECHILD);
}

CASE(call_by_number_is_the_call)
{
	int fds[2];
	char text[4] = "";

	require(pipe(fds) == 0);
	expect(syscall(SYS_getpid) == getpid());
	expect(syscall(SYS_write, fds[1], "abc", 3) == 3);
	expect(syscall(SYS_read, fds[0], text, sizeof(text)) == 3);
	expect(strcmp(text, "abc") == 0);
	expect_error(syscall(SYS_close, 99), EBADF);
}

CASE(memory_begins_where_asked)
{
	void *page = valloc(100), *line = memalign(256, 10);

	expect(page && (uintptr_t)page % sysconf(_SC_PAGESIZE) == 0);
	expect(line && (uintptr_t)line % 256 == 0);
	free(page);
	free(line);
}

CASE(name_is_new_and_nothing_is_made)
{
	char name[] = "libc_more-XXXXXX", bad[] = "libc_more";
	struct stat status;

	expect(mktemp(name) == name && name[0]);
	expect(stat(name, &status) < 0 && errno == ENOENT);
	expect(mktemp(bad) == bad && bad[0] == '\0');
}

CASE(entries_come_into_own_memory)
{
	DIR *directory = opendir("/");
	struct dirent entry, *result = NULL;
	int count = 0, error;

	require(directory);
	while ((error = readdir_r(directory, &entry, &result)) == 0 && result)
		count += result == &entry && entry.d_name[0];
	expect(error == 0 && count > 3);
	closedir(directory);
}

CASE(macros_of_old_headers)
{
	dev_t device = makedev(5, 7);

	expect(major(device) == 5 && minor(device) == 7);
	expect(bswap_32(0x12345678) == 0x78563412);
	expect(htobe16(0x1234) == 0x3412 && le32toh(5) == 5);
	expect(MIN(3, 4) == 3 && MAX(3, 4) == 4 && howmany(9, 4) == 3);
	expect(LOG_UPTO(LOG_ERR) == 0xf);
	expect(LOG_PRI(LOG_DAEMON | LOG_INFO) == LOG_INFO);
}

CASE(speeds_are_kept_in_the_modes)
{
	struct termios modes;

	memset(&modes, 0, sizeof(modes));
	expect(cfsetospeed(&modes, B9600) == 0);
	expect(cfgetospeed(&modes) == B9600);
	expect_error(cfsetospeed(&modes, 12345), EINVAL);
	expect_error(tcdrain(99), EBADF);
	expect_error(tcflush(99, TCIFLUSH), EBADF);
}

CASE(message_has_name_number_and_error)
{
	char text[200], wanted[200];
	int fds[2];

	require(pipe(fds) == 0);
	dup2(fds[1], STDERR_FILENO);
	openlog("tester", LOG_PID | LOG_PERROR, LOG_USER);
	expect((setlogmask(LOG_UPTO(LOG_NOTICE)) & LOG_MASK(LOG_DEBUG)) != 0);
	errno = ENOENT;
	syslog(LOG_INFO, "not this one");
	syslog(LOG_NOTICE, "number %d: %m, 100%%", 5);
	expect(errno == ENOENT);
	memset(text, 0, sizeof(text));
	expect(read(fds[0], text, sizeof(text) - 1) > 0);
	snprintf(wanted, sizeof(wanted), "tester[%d]: number 5: %s, 100%%\n",
		 (int)getpid(), strerror(ENOENT));
	expect(strcmp(text, wanted) == 0);
	closelog();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
