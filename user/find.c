/*
 * find.c - list the files of a tree that pass some tests.
 *
 * The expression is a row of tests that must all hold; a ! in front negates a
 * test. An action, such as -print, is a test that always holds.
 */
#include <dirent.h>
#include <err.h>
#include <fnmatch.h>
#include <ftw.h>
#include <limits.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"find [PATH...] [[!] TEST]... [ACTION]\n"
	"Prints the files at and below the paths (or .) that pass all tests.\n"
	"  -name GLOB    -path GLOB   -type f|d|l|c|p  -size [+-]N[c]  -empty\n"
	"  -newer FILE   -mindepth N  -maxdepth N\n"
	"Actions: -print  -print0  -delete  -exec PROGRAM... {} ... ';'\n";

struct found {
	const char *path, *name;
	const struct stat *status;
	int type;
};

struct test {
	bool (*holds)(const struct test *test, const struct found *file);
	bool inverse;
	char *text;
	char **words;
	long long number;
	char sign;
	struct timespec time;
};

static struct test tests[64];
static int test_count;
static int min_depth, max_depth = INT_MAX, walk_flags = FTW_PHYS;
static bool has_action;
static int status;

static bool name_matches(const struct test *test, const struct found *file)
{
	return fnmatch(test->text, file->name, 0) == 0;
}

static bool path_matches(const struct test *test, const struct found *file)
{
	return fnmatch(test->text, file->path, 0) == 0;
}

static bool has_type(const struct test *test, const struct found *file)
{
	mode_t mode = file->status->st_mode;

	switch (*test->text) {
	case 'f': return S_ISREG(mode);
	case 'd': return S_ISDIR(mode);
	case 'c': return S_ISCHR(mode);
	case 'l': return S_ISLNK(mode);
	case 'p': return S_ISFIFO(mode);
	}
	return false;
}

static bool has_size(const struct test *test, const struct found *file)
{
	long long size = file->status->st_size;

	if (!strchr(test->text, 'c'))
		size = (size + 511) / 512;
	if (test->sign == '+')
		return size > test->number;
	return test->sign == '-' ? size < test->number : size == test->number;
}

static bool is_newer(const struct test *test, const struct found *file)
{
	const struct timespec *time = &file->status->st_mtim;

	if (time->tv_sec != test->time.tv_sec)
		return time->tv_sec > test->time.tv_sec;
	return time->tv_nsec > test->time.tv_nsec;
}

/* The size of a directory does not tell: look inside. */
static bool is_empty_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool empty = true;

	if (!directory)
		return false;
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			empty = false;
	closedir(directory);
	return empty;
}

static bool is_empty(const struct test *test, const struct found *file)
{
	(void)test;
	if (S_ISDIR(file->status->st_mode))
		return is_empty_directory(file->path);
	return S_ISREG(file->status->st_mode) && file->status->st_size == 0;
}

static bool print(const struct test *test, const struct found *file)
{
	(void)test;
	puts(file->path);
	return true;
}

static bool print0(const struct test *test, const struct found *file)
{
	(void)test;
	fwrite(file->path, 1, strlen(file->path) + 1, stdout);
	return true;
}

static bool delete(const struct test *test, const struct found *file)
{
	int failed;

	(void)test;
	if (strcmp(file->path, ".") == 0)
		return true;
	failed = file->type == FTW_DP ? rmdir(file->path) :
		unlink(file->path);
	if (failed) {
		warn("%s", file->path);
		status = 1;
	}
	return !failed;
}

static bool execute_words(const struct test *test, const struct found *file)
{
	char *command[64];
	int count = 0, result;

	for (char **word = test->words; *word; word++)
		command[count++] = strcmp(*word, "{}") ? *word :
			(char *)file->path;
	command[count] = NULL;
	result = run(command);
	if (result < 0)
		err(1, "%s", command[0]);
	return result == 0;
}

enum operand { NO_OPERAND, TEXT, NUMBER, TYPE, FILE_NAME, WORDS };

static const struct {
	const char *name;
	enum operand operand;
	bool (*holds)(const struct test *test, const struct found *file);
} known_tests[] = {
	{ "-name", TEXT, name_matches },
	{ "-path", TEXT, path_matches },
	{ "-type", TYPE, has_type },
	{ "-size", NUMBER, has_size },
	{ "-newer", FILE_NAME, is_newer },
	{ "-empty", NO_OPERAND, is_empty },
	{ "-print", NO_OPERAND, print },
	{ "-print0", NO_OPERAND, print0 },
	{ "-delete", NO_OPERAND, delete },
	{ "-exec", WORDS, execute_words },
};

/* Returns the last argument of the operand. */
static char **parse_operand(struct test *test, enum operand operand,
			    char **argv)
{
	struct stat other;
	char *end;

	test->text = *argv;
	test->words = argv;
	switch (operand) {
	case NUMBER:
		test->sign = *test->text;
		test->number = strtoll(test->text + (test->sign == '+' ||
					test->sign == '-'), &end, 10);
		if (*end && strcmp(end, "c"))
			errx(2, "bad size: '%s'", test->text);
		break;
	case TYPE:
		if (strlen(test->text) != 1 || !strchr("fdcp", *test->text))
			errx(2, "bad type: '%s'", test->text);
		break;
	case FILE_NAME:
		if (stat(test->text, &other) < 0)
			err(2, "%s", test->text);
		test->time = other.st_mtim;
		break;
	case WORDS:
		while (*argv && strcmp(*argv, ";") && argv - test->words < 63)
			argv++;
		if (!*argv || argv == test->words || strcmp(*argv, ";"))
			errx(2, "-exec needs a program and a ;");
		*argv = NULL;
		break;
	default:
		break;
	}
	return argv;
}

/* Reads one test. Returns the argument behind the test. */
static char **parse_test(char **argv)
{
	const size_t known = sizeof(known_tests) / sizeof(known_tests[0]);
	struct test *test = &tests[test_count++];
	size_t i = 0;

	if (test_count == sizeof(tests) / sizeof(tests[0]))
		errx(2, "too many tests");
	for (; *argv && strcmp(*argv, "!") == 0; argv++)
		test->inverse = !test->inverse;
	while (i < known && *argv && strcmp(*argv, known_tests[i].name))
		i++;
	if (!*argv || i == known)
		errx(2, "no such test: %s", *argv ? *argv : "!");
	test->holds = known_tests[i].holds;
	if (test->holds == delete)
		walk_flags |= FTW_DEPTH;
	if (test->holds == print || test->holds == print0 ||
	    test->holds == delete || test->holds == execute_words)
		has_action = true;
	if (known_tests[i].operand == NO_OPERAND)
		return argv + 1;
	if (!*++argv)
		errx(2, "%s needs an operand", argv[-1]);
	return parse_operand(test, known_tests[i].operand, argv) + 1;
}

static void parse_expression(char **argv)
{
	while (*argv) {
		bool is_min = strcmp(*argv, "-mindepth") == 0;

		if (strcmp(*argv, "-depth") == 0) {
			walk_flags |= FTW_DEPTH;
			argv++;
		} else if (is_min || strcmp(*argv, "-maxdepth") == 0) {
			if (!argv[1])
				usage('?', help);
			*(is_min ? &min_depth : &max_depth) =
				parse_number(argv[1], 0, INT_MAX, "depth");
			argv += 2;
		} else {
			argv = parse_test(argv);
		}
	}
	if (!has_action)
		tests[test_count++].holds = print;
}

static int visit(const char *path, const struct stat *file_status, int type,
		 struct FTW *where)
{
	struct found file = { path, path + where->base, file_status, type };

	if (type == FTW_DNR || type == FTW_NS) {
		warn("%s", path);
		status = 1;
	}
	if (where->level < min_depth || where->level > max_depth)
		return 0;
	for (int i = 0; i < test_count; i++)
		if (tests[i].holds(&tests[i], &file) == tests[i].inverse)
			break;
	return 0;
}

int main(int argc, char **argv)
{
	static char *here[] = { ".", NULL };
	char **paths = argv + 1, **path = argv + 1;

	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		usage('h', help);
	while (*path && **path != '-' && strcmp(*path, "!"))
		path++;
	parse_expression(path);
	*path = NULL;
	for (path = *paths ? paths : here; *path; path++)
		if (nftw(*path, visit, 8, walk_flags) < 0) {
			warn("%s", *path);
			status = 1;
		}
	return finish(status);
}
