/*
 * libc_varargs.c - functions that take a va_list, and those that print a
 * message: what goes to stderr. Any POSIX system.
 */
#define _GNU_SOURCE
#include <err.h>
#include <netdb.h>
#include <stdarg.h>
#include <wchar.h>

#include "tests/user/helpers.h"

/* What this function writes to stderr. */
static char said[400];

static const char *words_of(void (*function)(void), int *status)
{
	int fds[2], result;
	pid_t pid;

	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		function();
		_exit(99);
	}
	close(fds[1]);
	memset(said, 0, sizeof(said));
	for (ssize_t n, at = 0; (n = read(fds[0], said + at,
			sizeof(said) - 1 - at)) > 0; )
		at += n;
	close(fds[0]);
	result = result_of(pid);
	if (status)
		*status = result;
	return said;
}

/* The words behind the name of the program and ": ". */
static const char *behind_name(void (*function)(void), int *status)
{
	const char *words = words_of(function, status);
	const char *slash = strrchr(case_program, '/');
	const char *name = slash ? slash + 1 : case_program;
	size_t length = strlen(name);

	if (strncmp(words, name, length) != 0 ||
	    strncmp(words + length, ": ", 2) != 0)
		return "no name";
	return words + length + 2;
}

#define CALL(name, call)						\
	static void name(const char *format, ...)			\
	{								\
		va_list list;						\
									\
		va_start(list, format);					\
		errno = ENOENT;						\
		call;							\
		va_end(list);						\
	}

CALL(call_vwarn, vwarn(format, list))
CALL(call_vwarnx, vwarnx(format, list))
CALL(call_verr, verr(3, format, list))
CALL(call_verrx, verrx(4, format, list))

static void say_vwarn(void) { call_vwarn("%s %d", "x", 5); }
static void say_vwarn_bare(void) { call_vwarn(NULL); }
static void say_vwarnx(void) { call_vwarnx("%s %d", "x", 5); }
static void say_verr(void) { call_verr("%s %d", "x", 5); }
static void say_verrx(void) { call_verrx("%s %d", "x", 5); }
static void say_warnx(void) { warnx("%s%%", "y"); }
static void say_errx(void) { errx(7, "%c", 'z'); }

CASE(message_lacks_name_or_error_or_ends_wrongly)
{
	char with_error[100];
	int status;

	snprintf(with_error, sizeof(with_error), "x 5: %s\n",
		 strerror(ENOENT));
	expect(strcmp(behind_name(say_vwarn, &status), with_error) == 0);
	expect(status == 99);
	expect(strcmp(behind_name(say_vwarn_bare, NULL), with_error + 5) == 0);
	expect(strcmp(behind_name(say_vwarnx, &status), "x 5\n") == 0);
	expect(status == 99);
	expect(strcmp(behind_name(say_verr, &status), with_error) == 0);
	expect(status == 3);
	expect(strcmp(behind_name(say_verrx, &status), "x 5\n") == 0);
	expect(status == 4);
	expect(strcmp(behind_name(say_warnx, &status), "y%\n") == 0);
	expect(strcmp(behind_name(say_errx, &status), "z\n") == 0);
	expect(status == 7);
}

static void say_signal(void) { psignal(SIGINT, "who"); }
static void say_signal_alone(void) { psignal(SIGINT, NULL); }
static void say_signal_empty(void) { psignal(SIGINT, ""); }
static void say_no_signal(void) { psignal(-1, "who"); }

static void say_info(void)
{
	siginfo_t info = { .si_signo = SIGTERM, .si_code = SI_USER };

	psiginfo(&info, "who");
}

CASE(psignal_says_another_text_than_strsignal)
{
	char line[100];

	snprintf(line, sizeof(line), "who: %s\n", strsignal(SIGINT));
	expect(strcmp(words_of(say_signal, NULL), line) == 0);
	expect(strcmp(words_of(say_signal_alone, NULL), line + 5) == 0);
	expect(strcmp(words_of(say_signal_empty, NULL), line + 5) == 0);
	expect(strncmp(words_of(say_no_signal, NULL), "who: ", 5) == 0);
	words_of(say_info, NULL);
	snprintf(line, sizeof(line), "who: %s", strsignal(SIGTERM));
	expect(strncmp(said, line, strlen(line)) == 0);
	expect(said[strlen(said) - 1] == '\n');
}

static void say_host_error(void)
{
	h_errno = HOST_NOT_FOUND;
	herror("who");
	h_errno = NO_DATA;
	herror(NULL);
}

CASE(errors_of_names_have_no_text)
{
	const char *text = strchr(words_of(say_host_error, NULL), '\n');

	expect(strncmp(said, "who: ", 5) == 0 && text && text > said + 6);
	expect(text && text[1] && text[1] != ':' &&
	       said[strlen(said) - 1] == '\n');
	for (int error = EAI_SERVICE; error < 0; error++)
		expect(gai_strerror(error) && *gai_strerror(error));
	expect(strcmp(gai_strerror(EAI_NONAME), gai_strerror(EAI_MEMORY)));
	expect(gai_strerror(-12345) && *gai_strerror(12345));
}

/* ---- Print --------------------------------------------------------------- */

#define FORM(name, type, call)						\
	static int name(type to, const char *format, ...)		\
	{								\
		va_list list;						\
		int result;						\
									\
		va_start(list, format);					\
		result = call;						\
		va_end(list);						\
		return result;						\
	}

#define WIDE(name, type, call)						\
	static int name(type to, const wchar_t *format, ...)		\
	{								\
		va_list list;						\
		int result;						\
									\
		va_start(list, format);					\
		result = call;						\
		va_end(list);						\
		return result;						\
	}

FORM(file_print, FILE *, vfprintf(to, format, list))
FORM(descriptor_print, int, vdprintf(to, format, list))
FORM(new_print, char **, vasprintf(to, format, list))
FORM(file_scan, FILE *, vfscanf(to, format, list))
FORM(text_scan, const char *, vsscanf(to, format, list))
FORM(stdin_scan, int, ((void)to, vscanf(format, list)))
WIDE(wide_print, FILE *, vfwprintf(to, format, list))
WIDE(wide_text_print, wchar_t *, vswprintf(to, 6, format, list))
WIDE(wide_stdout_print, int, ((void)to, vwprintf(format, list)))
WIDE(wide_scan, FILE *, vfwscanf(to, format, list))
WIDE(wide_text_scan, const wchar_t *, vswscanf(to, format, list))
WIDE(wide_stdin_scan, int, ((void)to, vwscanf(format, list)))

CASE(print_to_a_file_counts_wrongly_or_hides_the_error)
{
	char text[40] = "";
	FILE *file = tmpfile();
	FILE *closed = fopen("/dev/null", "r");

	require(file && closed);
	expect(file_print(file, "%d-%s", 42, "ab") == 5);
	fflush(file);
	expect(descriptor_print(fileno(file), "%c%05d", 'x', 7) == 6);
	rewind(file);
	expect(fread(text, 1, sizeof(text), file) == 11);
	expect(memcmp(text, "42-abx00007", 11) == 0);
	expect_error(file_print(closed, "%d", 1), EBADF);
	expect(ferror(closed));
	expect_error(descriptor_print(-1, "%d", 1), EBADF);
	fclose(file);
	fclose(closed);
}

CASE(asprintf_gives_a_short_text)
{
	char *text = NULL;

	expect(asprintf(&text, "%0300d", 5) == 300);
	expect(text && strlen(text) == 300 && text[299] == '5');
	free(text);
	expect(new_print(&text, "%s", "") == 0 && text && !*text);
	free(text);
}

CASE(wide_text_without_room_is_no_error)
{
	wchar_t text[8] = L"";

	expect(wide_text_print(text, L"%d", 12345) == 5);
	expect(wcscmp(text, L"12345") == 0);
	expect(wide_text_print(text, L"%d", 123456) < 0);
	expect(wide_text_print(text, L"%ls%s", L"\u00e4", "z") == 2);
	expect(wcscmp(text, L"\u00e4z") == 0);
}

CASE(file_of_wide_words_is_read_as_others)
{
	FILE *file = tmpfile();
	wchar_t word[8];
	int number = 0;

	require(file != NULL);
	expect(wide_print(file, L"%ls %d", L"ab", 17) == 5);
	rewind(file);
	expect(wide_scan(file, L"%7ls %d", word, &number) == 2);
	expect(wcscmp(word, L"ab") == 0 && number == 17);
	expect(wide_scan(file, L"%d", &number) == EOF && feof(file));
	fclose(file);
}

/* ---- Scan ---------------------------------------------------------------- */

static void put_in_stdin(const char *text)
{
	FILE *file = tmpfile();

	require(file && fputs(text, file) >= 0 && fflush(file) == 0);
	rewind(file);
	require(dup2(fileno(file), STDIN_FILENO) == STDIN_FILENO);
	fclose(file);
}

CASE(scan_counts_wrongly_at_the_end)
{
	int a = 0, b = 0;
	char word[8] = "";
	FILE *file = tmpfile();

	expect(text_scan("3 x", "%d %d", &a, &b) == 1 && a == 3);
	expect(text_scan("", "%d", &a) == EOF);
	expect(text_scan("  ", "%d", &a) == EOF);
	expect(text_scan("x", "%d", &a) == 0);
	expect(text_scan("0x1fz", "%i%7s", &a, word) == 2 && a == 31);
	expect(strcmp(word, "z") == 0);
	require(file && fputs("12 34end", file) >= 0);
	rewind(file);
	expect(file_scan(file, "%d%d", &a, &b) == 2 && a == 12 && b == 34);
	expect(fgetc(file) == 'e');
	fclose(file);
	put_in_stdin("5 word");
	expect(stdin_scan(0, "%d %7s", &a, word) == 2 && a == 5);
	expect(strcmp(word, "word") == 0 && stdin_scan(0, "%d", &a) == EOF);
}

CASE(wide_scan_reads_another_character)
{
	wchar_t set[8] = L"", c = 0;
	int a = 0;

	expect(wide_text_scan(L"7\u00e4\u00f6z", L"%d%7l[\u00e4\u00f6]%lc", &a,
			      set, &c) == 3);
	expect(a == 7 && wcscmp(set, L"\u00e4\u00f6") == 0 && c == L'z');
	expect(wide_text_scan(L"", L"%d", &a) == EOF);
	put_in_stdin("8 9 10");
	expect(wide_stdin_scan(0, L"%d", &a) == 1 && a == 8);
	expect(wscanf(L"%d", &a) == 1 && a == 9);
	expect(fwscanf(stdin, L"%d", &a) == 1 && a == 10);
	expect(wscanf(L"%d", &a) == EOF);
}

/* stdout has bytes of the parent already: freopen() forgets the direction. */
CASE(wide_print_to_stdout_gets_lost)
{
	char path[] = "/tmp/wideXXXXXX", text[32] = "";
	int fd = mkstemp(path), old = dup(STDOUT_FILENO);

	require(fd >= 0 && old >= 0 && freopen(path, "w", stdout));
	expect(wprintf(L"%ls|", L"a") == 2);
	expect(wide_stdout_print(0, L"%d|", 12) == 3);
	expect(fwprintf(stdout, L"%c", 'e') == 1);
	expect(putwchar(L'f') == L'f' && putwc(L'g', stdout) == L'g');
	fflush(stdout);
	dup2(old, STDOUT_FILENO);
	expect(read(fd, text, sizeof(text)) == 8);
	expect(strcmp(text, "a|12|efg") == 0);
	expect(unlink(path) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
