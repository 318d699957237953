/*
 * libc_xsi.c - functions of POSIX that few programs use: locales as values,
 * walks through a tree with links, dates by templates, services and hosts one
 * after the other. Any POSIX system.
 */
#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <ctype.h>
#include <fmtmsg.h>
#include <ftw.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <monetary.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <pwd.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "tests/user/helpers.h"

/* ---- Locales as values --------------------------------------------------- */

CASE(locale_changes_no_kind_of_character)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t copy = duplocale(c);

	require(c && copy);
	expect(isalpha_l('x', c) && !isalpha_l('1', copy));
	expect(toupper_l('q', c) == 'Q' && iswdigit_l(L'7', c));
	expect(strcoll_l("a", "b", c) < 0 && strcasecmp_l("A", "a", c) == 0);
	expect(strcmp(nl_langinfo_l(RADIXCHAR, c), ".") == 0);
	expect(towctrans_l(L'a', wctrans_l("toupper", c), c) == L'A');
	freelocale(copy);
	freelocale(c);
}

CASE(locale_without_a_name_is_an_error)
{
	expect(!newlocale(LC_ALL_MASK, "nowhere", (locale_t)0) &&
	       errno == ENOENT);
	expect(!newlocale(1 << 30, "C", (locale_t)0) && errno == EINVAL);
}

CASE(used_locale_is_told_to_the_next_caller)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	expect(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
	expect(uselocale(c) == LC_GLOBAL_LOCALE);
	expect(uselocale(LC_GLOBAL_LOCALE) == c);
	freelocale(c);
}

/* ---- Numbers ------------------------------------------------------------- */

CASE(number_comes_back_from_its_letters)
{
	static const int32_t number[] = { 0, 1, 63, 64, 4096, INT32_MAX };

	expect(strcmp(l64a(1), "/") == 0 && *l64a(0) == '\0');
	expect(a64l("zz") == 63 * 64 + 63 && a64l("/?") == 1);
	for (int i = 0; i < 6; i++)
		expect(a64l(l64a(number[i])) == number[i]);
	expect((int32_t)a64l(l64a(-5)) == -5);
}

CASE(constants_of_rand48_change_and_come_back)
{
	unsigned short one[7] = { 5, 0, 0, 1, 0, 0, 1 };
	long first;

	srand48(7);
	first = lrand48();
	lcong48(one);
	expect(lrand48() == 0);
	srand48(7);
	expect(lrand48() == first);
}

CASE(state_of_random_is_kept_for_later)
{
	char own[128], *before = initstate(9, own, sizeof(own));
	long first = random();

	require(before);
	expect(setstate(before) == own);
	random();
	initstate(9, own, sizeof(own));
	expect(random() == first);
	expect(!initstate(1, own, 7));
	setstate(before);
}

CASE(wide_number_is_read_in_its_base)
{
	wchar_t *end;

	expect(wcstoimax(L" -77z", &end, 8) == -63 && *end == L'z');
	expect(wcstoumax(L"ffffffffffffffff", NULL, 16) == UINTMAX_MAX);
}

CASE(rest_of_an_in6_address_is_looked_at)
{
	struct in6_addr link = { .s6_addr = { 0xfe, 0xbf, [15] = 1 } };
	struct in6_addr mapped = { .s6_addr = { [10] = 0xff, 0xff, 127, 1 } };

	expect(IN6_IS_ADDR_LINKLOCAL(&link) && !IN6_IS_ADDR_SITELOCAL(&link));
	expect(IN6_IS_ADDR_V4MAPPED(&mapped) &&
	       !IN6_IS_ADDR_V4COMPAT(&mapped));
	expect(IN6_IS_ADDR_LOOPBACK(&in6addr_loopback) &&
	       !IN6_IS_ADDR_UNSPECIFIED(&in6addr_loopback));
	link.s6_addr[0] = 0xff;
	link.s6_addr[1] = 0x0e;
	expect(IN6_IS_ADDR_MC_GLOBAL(&link) &&
	       !IN6_IS_ADDR_MC_LINKLOCAL(&link));
}

/* ---- Trees --------------------------------------------------------------- */

static char root[32];
static int kinds[8], old_kinds[8];

static int count_kind(const char *path, const struct stat *status, int type,
		      struct FTW *where)
{
	(void)path, (void)status, (void)where;
	kinds[type]++;
	return 0;
}

static int count_old(const char *path, const struct stat *status, int type)
{
	(void)path, (void)status;
	old_kinds[type]++;
	return 0;
}

static int remove_it(const char *path, const struct stat *status, int type,
		     struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

/* Two directories, two files, a link to each kind, and a link to nothing. */
static void make_tree(void)
{
	strcpy(root, "/tmp/libc-xsi-XXXXXX");
	require(mkdtemp(root) && chdir(root) == 0);
	require(mkdir("d", 0700) == 0 && mkdir("e", 0700) == 0);
	require(close(open("d/f", O_CREAT | O_WRONLY, 0600)) == 0);
	require(symlink("f", "d/to_file") == 0);
	require(symlink("nothing", "to_nothing") == 0);
	require(symlink("..", "d/up") == 0);
	require(symlink("../d", "e/to_directory") == 0);
	require(chdir("/") == 0);
	memset(kinds, 0, sizeof(kinds));
}

static void remove_tree(void)
{
	expect(nftw(root, remove_it, 4, FTW_PHYS | FTW_DEPTH) == 0);
}

CASE(walk_stays_out_of_links)
{
	make_tree();
	expect(nftw(root, count_kind, 4, FTW_PHYS) == 0);
	expect(kinds[FTW_D] == 3 && kinds[FTW_F] == 1 && kinds[FTW_SL] == 4);
	remove_tree();
}

CASE(walk_through_links_ends)
{
	make_tree();
	expect(nftw(root, count_kind, 4, 0) == 0);
	expect(kinds[FTW_SL] == 0 && kinds[FTW_SLN] == 1);
	expect(kinds[FTW_F] >= 2 && kinds[FTW_D] >= 3);
	expect(ftw(root, count_old, 4) == 0);
	expect(old_kinds[FTW_F] >= 2 && old_kinds[FTW_D] >= 3);
	remove_tree();
}

/* ---- Dates --------------------------------------------------------------- */

static void write_templates(const char *text)
{
	FILE *file = fopen("/tmp/libc-xsi-dates", "w");

	require(file && fputs(text, file) >= 0 && fclose(file) == 0);
	require(setenv("DATEMSK", "/tmp/libc-xsi-dates", 1) == 0);
}

CASE(first_line_that_fits_reads_the_date)
{
	struct tm *date;

	write_templates("%H:%M\n%d.%m.%Y\n%Y-%m-%d %H:%M:%S\n");
	date = getdate("29.2.2024");
	require(date);
	expect(date->tm_year == 124 && date->tm_mon == 1 &&
	       date->tm_mday == 29 && date->tm_wday == 4);
	date = getdate("1999-12-31 23:59:58");
	require(date);
	expect(date->tm_year == 99 && date->tm_yday == 364 &&
	       date->tm_hour == 23 && date->tm_sec == 58);
	unlink("/tmp/libc-xsi-dates");
}

CASE(date_that_does_not_fit_has_a_reason)
{
	write_templates("%d.%m.%Y\n");
	expect(!getdate("tomorrow") && getdate_err == 7);
	unlink("/tmp/libc-xsi-dates");
	expect(!getdate("1.1.2000") && (getdate_err == 2 || getdate_err == 3));
	unsetenv("DATEMSK");
	expect(!getdate("1.1.2000") && getdate_err == 1);
}

/* ---- Lists --------------------------------------------------------------- */

CASE(lists_come_to_an_end_and_begin_again)
{
	struct hostent *host;
	int hosts = 0;

	sethostent(0);
	while ((host = gethostent()) && hosts < 1000)
		hosts += host->h_addrtype == AF_INET;
	endhostent();
	expect(hosts >= 1 && hosts < 1000);
	setprotoent(0);
	expect(getprotoent() != NULL);
	endprotoent();
	setservent(0);
	while (getservent())
		;
	endservent();
}

CASE(offset_beyond_four_gibibytes_is_kept)
{
	int fd = open64("/tmp/libc-xsi-large", O_RDWR | O_CREAT | O_TRUNC,
			0600);
	off64_t far = (off64_t)1 << 33;

	require(fd >= 0);
	expect(lseek64(fd, far, SEEK_SET) == far);
	expect(lseek(fd, 0, SEEK_CUR) == far);
	close(fd);
	unlink("/tmp/libc-xsi-large");
}

CASE(user_needs_the_bytes_that_sysconf_says)
{
	long bytes = sysconf(_SC_GETPW_R_SIZE_MAX);
	struct passwd user, *found;
	char buffer[4096];

	require(bytes > 0 && bytes <= (long)sizeof(buffer));
	expect(getpwuid_r(0, &user, buffer, bytes, &found) == 0 && found);
	expect(sysconf(_SC_GETGR_R_SIZE_MAX) > 0);
}

/* ---- Processes ----------------------------------------------------------- */

static void say_three(void)
{
	_exit(3);
}

static int quick(void)
{
	if (atexit(abort) || at_quick_exit(say_three))
		return 1;
	quick_exit(2);
}

CASE(quick_exit_runs_its_own_functions)
{
	expect(run_in_child(quick) == 3);
}

CASE(concurrency_is_a_number_that_stays)
{
	int before = pthread_getconcurrency();

	expect(pthread_setconcurrency(3) == 0 && pthread_getconcurrency() == 3);
	expect(pthread_setconcurrency(-1) == EINVAL);
	pthread_setconcurrency(before);
}

/* ---- Messages of one form ------------------------------------------------ */

/* What a child writes to stderr, with this MSGVERB, which glibc reads once. */
static const char *message(const char *verb, const char *label, int severity,
			   const char *action, const char *tag)
{
	static char text[200];
	int fds[2], length;
	pid_t child;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		dup2(fds[1], STDERR_FILENO);
		setenv("MSGVERB", verb, 1);
		_exit(fmtmsg(MM_PRINT | MM_UTIL, label, severity,
			     "no such file", action, tag));
	}
	close(fds[1]);
	expect(result_of(child) == MM_OK);
	length = (int)read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

CASE(message_has_the_parts_that_were_chosen)
{
	expect(strcmp(message("", "UX:cat", MM_ERROR, "look", "UX:cat:1"),
		      "UX:cat: ERROR: no such file\nTO FIX: look  UX:cat:1\n")
	       == 0);
	expect(strcmp(message("", MM_NULLLBL, MM_INFO, MM_NULLACT, MM_NULLTAG),
		      "INFO: no such file\n") == 0);
	expect(strcmp(message("text:label", "UX:cat", MM_HALT, "look", "tag"),
		      "UX:cat: no such file\n") == 0);
	expect(strcmp(message("text:wrong", "UX:cat", MM_WARNING, MM_NULLACT,
			      "UX:cat:2"),
		      "UX:cat: WARNING: no such file\nUX:cat:2\n") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
