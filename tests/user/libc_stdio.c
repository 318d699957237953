/*
 * libc_stdio.c - buffered files: the time of each write, and the position of
 * each read.
 *
 * Plain POSIX: this passes on Linux too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define NAME "/tmp/libc_stdio"

static void make(const char *text)
{
	FILE *file = fopen(NAME, "w");

	fputs(text, file);
	fclose(file);
}

/* The content of the file, read by a system call. */
static const char *content(void)
{
	static char text[256];
	int fd = open(NAME, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void modes(void)
{
	FILE *file;

	make("abc");
	file = fopen(NAME, "a");
	fputs("def", file);
	ok(ftell(file) == 6, "append_tells_the_end");
	fclose(file);
	ok(strcmp(content(), "abcdef") == 0, "append_appends");
	file = fopen(NAME, "r+");
	ok(fgetc(file) == 'a' && fseek(file, 0, SEEK_CUR) == 0 &&
		fputc('X', file) == 'X' && fclose(file) == 0 &&
		strcmp(content(), "aXcdef") == 0, "update_in_the_middle");
	file = fopen(NAME, "w+");
	fputs("12345", file);
	rewind(file);
	ok(fgetc(file) == '1', "w_plus_reads_back");
	fclose(file);
	errno = 0;
	ok(!fopen(NAME, "wx") && errno == EEXIST, "x_is_exclusive");
	ok(!fopen(NAME, "q") && errno == EINVAL, "unknown_mode_is_EINVAL");
	ok(!fopen("/tmp/none/x", "r") && errno == ENOENT, "missing_is_ENOENT");
	file = fopen(NAME, "r");
	ok(fputc('x', file) == EOF && errno == EBADF && ferror(file),
		"write_to_a_reader_is_EBADF");
	clearerr(file);
	ok(!ferror(file) && fgetc(file) == '1', "clearerr_clears");
	fclose(file);
}

static void positions(void)
{
	FILE *file;
	char text[16];

	make("0123456789");
	file = fopen(NAME, "r");
	ok(fread(text, 1, 4, file) == 4 && ftell(file) == 4, "ftell_counts");
	ok(ungetc('x', file) == 'x' && ftell(file) == 3 && fgetc(file) == 'x',
		"ungetc_moves_back");
	ok(fseek(file, 2, SEEK_CUR) == 0 && fgetc(file) == '6',
		"seek_is_relative_to_the_program_not_the_buffer");
	ok(fseek(file, -1, SEEK_END) == 0 && fgetc(file) == '9', "seek_end");
	ok(fgetc(file) == EOF && feof(file), "end_of_file");
	ok(ungetc('z', file) == 'z' && !feof(file) && fgetc(file) == 'z',
		"ungetc_at_the_end_of_file");
	ok(fgetc(file) == EOF && fseek(file, 0, SEEK_SET) == 0 &&
		!feof(file) && fgetc(file) == '0', "seek_clears_eof");
	errno = 0;
	ok(fseek(file, -5, SEEK_SET) == -1 && errno == EINVAL,
		"seek_before_the_start_is_EINVAL");
	ok(fread(text, 4, 3, file) == 2, "fread_counts_whole_items");
	fclose(file);
}

static void lines(void)
{
	FILE *file = fopen(NAME, "w+");
	char *line = NULL, small[4];
	size_t size = 0, length = 0;
	int i;

	for (i = 0; i < 9000; i++)
		fputc('x', file);
	fputs("\nsecond\nlast", file);
	rewind(file);
	ok(getline(&line, &size, file) == 9001 && line[9000] == '\n',
		"getline_takes_any_length");
	ok(fgets(small, 4, file) && strcmp(small, "sec") == 0,
		"fgets_stops_at_its_size");
	ok(getdelim(&line, &size, 'a', file) == 6 &&
		strcmp(line, "ond\nla") == 0, "getdelim");
	ok(fgets(small, 4, file) && strcmp(small, "st") == 0,
		"last_line_without_newline");
	ok(!fgets(small, 4, file) && feof(file), "fgets_at_the_end_is_NULL");
	ok(getline(&line, &size, file) == -1, "getline_at_the_end_is_-1");
	rewind(file);
	for (i = 0; i < 300; i++)
		length += fread(line, 1, 31, file);
	ok(length == 9012, "small_reads_add_up");
	free(line);
	fclose(file);
}

/* The output of a child that runs work() with a pipe. */
static const char *output_of(void (*work)(FILE *file), int mode)
{
	static char text[256];
	int fds[2];
	ssize_t n;
	pid_t child;
	FILE *file;

	fflush(stdout);
	if (pipe(fds) < 0)
		return "";
	child = fork();
	if (child == 0) {
		file = fdopen(fds[1], "w");
		setvbuf(file, NULL, mode, BUFSIZ);
		work(file);
		_exit(0);	/* no exit(): it would write the buffer */
	}
	close(fds[1]);
	waitpid(child, NULL, 0);
	n = read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void two_lines(FILE *file)
{
	fputs("one\ntw", file);
	fputc('o', file);
}

static void print_and_exit(FILE *file)
{
	fprintf(file, "at %s", "exit");
	exit(0);
}

static void buffering(void)
{
	ok(strcmp(output_of(two_lines, _IOFBF), "") == 0,
		"full_buffer_is_kept");
	ok(strcmp(output_of(two_lines, _IOLBF), "one\n") == 0,
		"line_buffer_goes_at_newline");
	ok(strcmp(output_of(two_lines, _IONBF), "one\ntwo") == 0,
		"no_buffer_goes_at_once");
	ok(strcmp(output_of(print_and_exit, _IOFBF), "at exit") == 0,
		"exit_writes_what_is_left");
}

static void errors(void)
{
	FILE *file = fopen("/dev/full", "w");
	int fds[2];

	ok(file && fputs("x", file) >= 0 && fclose(file) == EOF &&
		errno == ENOSPC, "fclose_tells_of_a_full_device");
	file = fopen("/dev/full", "w");
	setvbuf(file, NULL, _IONBF, 0);
	ok(fputc('x', file) == EOF && errno == ENOSPC && ferror(file),
		"unbuffered_write_tells_at_once");
	fclose(file);
	signal(SIGPIPE, SIG_IGN);
	if (pipe(fds) < 0)
		return;
	close(fds[0]);
	file = fdopen(fds[1], "w");
	fputs("lost", file);
	ok(fflush(file) == EOF && errno == EPIPE, "fflush_tells_of_EPIPE");
	fclose(file);
	signal(SIGPIPE, SIG_DFL);
	errno = 0;
	ok(!fdopen(99, "r") && errno == EBADF, "fdopen_of_nothing_is_EBADF");
	ok(fflush(NULL) == 0, "fflush_of_all");
}

/* After exit() the next reader goes on at the reader's position, not behind the
   buffer. */
static void shared_position(void)
{
	int fd, status;
	char c = 0;
	FILE *file;

	make("1st line\n2nd line\n");
	fd = open(NAME, O_RDONLY);
	fflush(stdout);
	if (fork() == 0) {
		char line[20];

		file = fdopen(fd, "r");
		exit(fgets(line, sizeof(line), file) ? 0 : 1);
	}
	wait(&status);
	ok(status == 0 && read(fd, &c, 1) == 1 && c == '2',
		"exit_gives_back_what_was_read_ahead");
	lseek(fd, 0, SEEK_SET);
	file = fdopen(fd, "r");
	ok(fgetc(file) == '1' && fflush(file) == 0 &&
		lseek(fd, 0, SEEK_CUR) == 1, "fflush_of_a_reader_too");
	fclose(file);
}

static char number[110000];

/* Does sscanf() read all of the number, and the same as strtod()? */
static int is_read_whole(void)
{
	double ours = 0, exact = strtod(number, NULL);
	int length = 0;

	return sscanf(number, "%lf%n", &ours, &length) == 1 &&
	       length == (int)strlen(number) && ours == exact;
}

/* A text, so many of a digit, a text. */
static void make_number(const char *start, size_t count, int digit,
	const char *end)
{
	size_t length = strlen(start);

	memcpy(number, start, length);
	memset(number + length, digit, count);
	strcpy(number + length + count, end);
}

static void long_numbers(void)
{
	static const char *const bad[] = { "0x", "-", ".", "infi" };
	double d = 0;
	int refused = 0;

	make_number("1", 3000, '0', "e-3000");
	ok(is_read_whole() && strtod(number, NULL) == 1, "zeros_then_e");
	make_number("0.", 3000, '0', "5e3001");
	ok(is_read_whole() && strtod(number, NULL) == 5, "zeros_behind_point");
	make_number("", 2000, '0', "12.5");
	ok(is_read_whole() && strtod(number, NULL) == 12.5, "zeros_in_front");
	make_number("0.3", 2000, '7', "");
	ok(is_read_whole(), "digits_behind_the_800th");
	make_number("9007199254740993.", 1500, '0', "1");
	ok(is_read_whole(), "little_more_than_half_rounds_up");
	make_number("0x1.8", 1000, '0', "p3");
	ok(is_read_whole() && strtod(number, NULL) == 12, "hexadecimal");
	make_number("", 100000, '4', "e-100000");
	ok(is_read_whole(), "number_of_100000_digits");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused += sscanf(bad[i], "%lf", &d) <= 0;
	ok(refused == sizeof(bad) / sizeof(bad[0]), "half_a_number_is_none");
	ok(sscanf("-infinity", "%lf", &d) == 1 && d < -1e308 &&
		sscanf("nan", "%lf", &d) == 1 && d != d, "inf_and_nan");
	ok(sscanf("-0x10,5", "%lf,", &d) == 1 && d == -16 &&
		sscanf("1234", "%2lf", &d) == 1 && d == 12, "width_and_rest");
}

static void other_ways(void)
{
	char name[] = "/tmp/fooXXXXXX", line[32] = "";
	FILE *file;
	int a = 0, b = 0;
	double d = 0;

	file = freopen(NAME, "w", fopen("/dev/null", "w"));
	ok(file && fprintf(file, "%d %x %.2f z", 12, 255, 2.5) == 12 &&
		fclose(file) == 0, "freopen");
	file = fopen(NAME, "r");
	ok(fscanf(file, "%d %x %lf", &a, &b, &d) == 3 && a == 12 &&
		b == 255 && d == 2.5 && fgetc(file) == ' ', "fscanf");
	ok(fscanf(file, "%d", &a) == 0 && fgetc(file) == 'z' &&
		fscanf(file, "%d", &a) == EOF, "fscanf_that_does_not_match");
	fclose(file);
	file = tmpfile();
	ok(file && fputs("hi", file) >= 0 && fclose(file) == 0, "tmpfile");
	a = mkstemp(name);
	ok(a >= 0 && access(name, F_OK) == 0 && strcmp(name, "/tmp/fooXXXXXX"),
		"mkstemp_makes_a_file");
	ok(dprintf(a, "%s-%d", "text", 5) == 6 && lseek(a, 0, SEEK_CUR) == 6,
		"dprintf");
	close(a);
	ok(remove(name) == 0 && access(name, F_OK) < 0, "remove_a_file");
	ok(mkdir(name, 0700) == 0 && remove(name) == 0, "remove_a_folder");
	file = popen("echo out; exit 3", "r");
	ok(file && fgets(line, 32, file) && strcmp(line, "out\n") == 0 &&
		WEXITSTATUS(pclose(file)) == 3, "popen_to_read");
	file = popen("cat > " NAME, "w");
	ok(file && fputs("in", file) >= 0 && pclose(file) == 0 &&
		strcmp(content(), "in") == 0, "popen_to_write");
	ok(!popen("true", "rw+") && errno == EINVAL, "popen_mode");
}

/* %n$ and %m of scanf(). */
static void scanned_arguments(void)
{
	char *word = NULL, *set = NULL, *two = NULL, long_word[1000];
	int a = 0, b = 0, n = 0;
	double d = 0;

	ok(sscanf("1 2.5 3", "%3$d %2$lf %1$d%4$n", &a, &d, &b, &n) == 3 &&
		a == 3 && b == 1 && d == 2.5 && n == 7, "arguments_by_number");
	memset(long_word, 'w', sizeof(long_word) - 1);
	long_word[999] = '\0';
	ok(sscanf(long_word, "%ms", &word) == 1 &&
		strcmp(word, long_word) == 0, "word_in_memory_of_malloc");
	ok(sscanf("abcxyz 12", "%m[a-c]%3mc%d", &set, &two, &a) == 3 &&
		strcmp(set, "abc") == 0 && memcmp(two, "xyz", 3) == 0 &&
		a == 12, "set_and_characters_in_memory_of_malloc");
	free(word);
	free(set);
	free(two);
	word = NULL;
	ok(sscanf("", "%ms", &word) == EOF && !word &&
		sscanf("x", "%m[0-9]", &word) == 0 && !word,
		"no_word_stores_no_pointer");
	ok(sscanf("one two", "%*s %ms", &word) == 1 &&
		strcmp(word, "two") == 0, "dropped_word");
	free(word);
}

int main(void)
{
	modes();
	positions();
	lines();
	buffering();
	errors();
	shared_position();
	other_ways();
	long_numbers();
	scanned_arguments();
	unlink(NAME);
	return tap_done();
}
