/*
 * libc_usual.c - functions that many programs use: standard input and output,
 * buffers, copies and parts of text, messages. Any POSIX system.
 */
#include <ctype.h>
#include <dlfcn.h>
#include <err.h>
#include <libgen.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <syslog.h>

#include "tests/user/helpers.h"

/* This text becomes standard input. */
static void type(const char *text)
{
	int fds[2];

	require(pipe(fds) == 0);
	require(write(fds[1], text, strlen(text)) == (ssize_t)strlen(text));
	require(dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
	close(fds[0]);
	close(fds[1]);
}

/* What a child writes to this descriptor. */
static const char *written(int fd, int (*function)(void))
{
	static char text[256];
	int fds[2], old = dup(fd);

	require(pipe(fds) == 0 && dup2(fds[1], fd) == fd);
	close(fds[1]);
	expect(run_in_child(function) == 0);
	require(dup2(old, fd) == fd);
	close(old);
	memset(text, 0, sizeof(text));
	require(read(fds[0], text, sizeof(text) - 1) >= 0);
	close(fds[0]);
	return text;
}

/* ---- Streams ------------------------------------------------------------- */

CASE(getchar_loses_a_byte)
{
	type("a\377c");
	expect(getchar() == 'a' && getchar_unlocked() == 0xff);
	expect(getchar() == 'c' && getchar() == EOF && feof(stdin));
	expect(getchar_unlocked() == EOF && !ferror(stdin));
}

CASE(scanf_loses_the_rest_of_the_input)
{
	int number = 0;
	char word[8] = "";

	type("12 word 0x1f rest");
	expect(scanf("%d %7s", &number, word) == 2);
	expect(number == 12 && strcmp(word, "word") == 0);
	expect(scanf("%i", &number) == 1 && number == 31);
	expect(scanf("%d", &number) == 0 && number == 31);
	expect(scanf(" %c", word) == 1 && word[0] == 'r');
	expect(scanf("%7s%n", word, &number) == 1);
	expect(strcmp(word, "est") == 0 && number == 3);
	expect(scanf("%7s", word) == EOF);
}

static int put_bytes(void)
{
	for (const char *c = "ab\377\n"; *c; c++)
		if (putchar_unlocked(*c) != (unsigned char)*c)
			return 1;
	return fflush(stdout);
}

CASE(putchar_gives_another_byte)
{
	expect(strcmp(written(STDOUT_FILENO, put_bytes), "ab\377\n") == 0);
}

static int warn_twice(void)
{
	errno = ENOENT;
	warn("file %d", 7);
	warnx("no reason");
	return 0;
}

CASE(warning_hides_the_reason)
{
	const char *text = written(STDERR_FILENO, warn_twice);
	char wanted[100];

	snprintf(wanted, sizeof(wanted), ": file 7: %s\n", strerror(ENOENT));
	expect(strstr(text, wanted) && strstr(text, ": no reason\n"));
}

static off_t size_of(FILE *file)
{
	struct stat status;

	require(fstat(fileno(file), &status) == 0);
	return status.st_size;
}

CASE(setbuf_keeps_the_buffer_of_before)
{
	static char buffer[BUFSIZ];
	FILE *file = tmpfile();

	require(file != NULL);
	setbuf(file, NULL);
	expect(fputc('x', file) == 'x' && size_of(file) == 1);
	fclose(file);
	file = tmpfile();
	require(file != NULL);
	setbuf(file, buffer);
	expect(fputs("abc\n", file) >= 0 && size_of(file) == 0);
	expect(fflush(file) == 0 && size_of(file) == 4);
	fclose(file);
}

CASE(line_waits_in_a_buffer_of_lines)
{
	FILE *file = tmpfile();

	require(file != NULL);
	setlinebuf(file);
	expect(fputs("abc", file) >= 0 && size_of(file) == 0);
	expect(fputs("d\n", file) >= 0 && size_of(file) == 5);
	fclose(file);
}

CASE(fwrite_counts_bytes)
{
	FILE *file = tmpfile();
	char text[16] = "";

	require(file != NULL);
	expect(fwrite("abcdefghi", 3, 3, file) == 3);
	expect(fwrite("x", 0, 5, file) == 0 && fwrite("x", 5, 0, file) == 0);
	rewind(file);
	expect(fread(text, 1, sizeof(text), file) == 9);
	expect(strcmp(text, "abcdefghi") == 0);
	fclose(file);
	file = fopen("/dev/null", "r");
	require(file != NULL);
	expect(fwrite("abc", 1, 3, file) == 0 && ferror(file));
	fclose(file);
}

/* ---- Text ---------------------------------------------------------------- */

CASE(copy_of_a_text_is_the_text)
{
	const char open_end[3] = { 'a', 'b', 'c' };
	char text[] = "text", *copy = strdup(text);
	volatile int many = 100;	/* unknown to the compiler */

	require(copy != NULL);
	text[0] = 'n';
	expect(strcmp(copy, "text") == 0);
	free(copy);
	copy = strndup(open_end, 3);
	expect(copy && strcmp(copy, "abc") == 0);
	free(copy);
	copy = strndup(text, (size_t)many);
	expect(copy && strcmp(copy, "next") == 0);
	free(copy);
}

/* The paths of the table in POSIX. */
static const struct {
	const char *path, *folder, *file;
} paths[] = {
	{ "/usr/lib", "/usr", "lib" }, { "/usr/", "/", "usr" },
	{ "usr", ".", "usr" }, { "/", "/", "/" }, { ".", ".", "." },
	{ "..", ".", ".." }, { "", ".", "." }, { "/usr//lib//", "/usr", "lib" },
	{ "a/b/c", "a/b", "c" }, { "//usr", NULL, "usr" },
};

CASE(part_of_a_path_is_another_part)
{
	char path[32];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		strcpy(path, paths[i].path);
		expect(strcmp(basename(path), paths[i].file) == 0);
		strcpy(path, paths[i].path);
		expect(!paths[i].folder ||
		       strcmp(dirname(path), paths[i].folder) == 0);
	}
	expect(strcmp(basename(NULL), ".") == 0);
	expect(strcmp(dirname(NULL), ".") == 0);
}

typedef int reason_function(int error, char *text, size_t size);

/* In GNU's library strerror_r() is another function: this one is POSIX's. */
__attribute__((weak)) reason_function __xpg_strerror_r;

CASE(text_of_an_error_is_cut_without_a_word)
{
	reason_function *reason = __xpg_strerror_r;
	char text[128], little[4];

	if (!reason)
		reason = (reason_function *)strerror_r;
	expect(reason(ENOENT, text, sizeof(text)) == 0);
	expect(strcmp(text, strerror(ENOENT)) == 0);
	expect(reason(ENOENT, little, sizeof(little)) == ERANGE);
}

CASE(byte_outside_ASCII_is_taken_for_ASCII)
{
	for (int c = -1; c < 256; c++)
		expect(!!isascii(c) == (c >= 0 && c < 128));
	expect(toascii('a' | 0x80) == 'a' && toascii('a') == 'a');
}

/* ---- The rest ------------------------------------------------------------ */

static void log_it(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsyslog(priority, format, arguments);
	va_end(arguments);
}

static int log_two(void)
{
	openlog("usual", LOG_PERROR, LOG_USER);
	setlogmask(LOG_UPTO(LOG_DEBUG));
	errno = ENOENT;
	log_it(LOG_DEBUG, "%s %d: %m", "number", 5);
	setlogmask(LOG_UPTO(LOG_ERR));
	log_it(LOG_DEBUG, "not this one");
	closelog();
	return 0;
}

CASE(message_for_the_log_is_another_one)
{
	char wanted[100];

	snprintf(wanted, sizeof(wanted), "usual: number 5: %s\n",
		 strerror(ENOENT));
	expect(strcmp(written(STDERR_FILENO, log_two), wanted) == 0);
}

CASE(library_is_closed_that_was_not_opened)
{
	void *library = dlopen(NULL, RTLD_NOW);

	if (library) {
		expect(dlclose(library) == 0);
		return;
	}
	expect(dlerror() && !dlerror());
	expect(dlclose(NULL) != 0 && dlerror());
}

CASE(memory_cannot_be_unlocked)
{
	expect(munlockall() == 0);
	/* Few users may lock all memory on Linux. */
	expect(mlockall(MCL_CURRENT) == 0 || !leak_is_parley());
	expect(munlockall() == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
