/* libc_glob.c - glob(): which paths, in which order. Any POSIX system. */
#define _GNU_SOURCE
#include <glob.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static char found[400];		/* the paths, with a space after each */

static const char *paths_of(const glob_t *result)
{
	found[0] = '\0';
	for (size_t i = 0; i < result->gl_pathc; i++) {
		strcat(found, result->gl_pathv[result->gl_offs + i]);
		strcat(found, " ");
	}
	return found;
}

/* The paths that match, or the error as text. */
static const char *paths(const char *pattern, int flags)
{
	glob_t result = { 0 };
	int error = glob(pattern, flags, NULL, &result);

	if (error) {
		snprintf(found, sizeof(found), "error %d", error);
		return found;
	}
	paths_of(&result);
	globfree(&result);
	return found;
}

static void expect_paths(const char *these, const char *expected)
{
	if (strcmp(these, expected) != 0)
		printf("# %s\n# expected: %s\n", these, expected);
	expect(strcmp(these, expected) == 0);
}

static void touch(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	require(fd >= 0 && close(fd) == 0);
}

static char folder[] = "/tmp/globXXXXXX";
static const char *const files[] = {
	"b.c", "a.c", "a.h", ".hidden", "star*", "d/x", "d/y", "e/x",
};
#define FILES	(sizeof(files) / sizeof(*files))

static void make_files(void)
{
	require(mkdtemp(folder) && chdir(folder) == 0);
	require(mkdir("d", 0700) == 0 && mkdir("e", 0700) == 0);
	for (size_t i = 0; i < FILES; i++)
		touch(files[i]);
	require(symlink("nowhere", "dangling") == 0);
	require(symlink("d", "link") == 0);
}

static void remove_files(void)
{
	for (size_t i = 0; i < FILES; i++)
		expect(unlink(files[i]) == 0);
	expect(unlink("dangling") == 0 && unlink("link") == 0);
	expect(rmdir("d") == 0 && rmdir("e") == 0);
	expect(chdir("/") == 0 && rmdir(folder) == 0);
}

CASE(patterns_choose_names_in_order)
{
	make_files();
	expect_paths(paths("*.c", 0), "a.c b.c ");
	expect_paths(paths("[!b].[ch]", 0), "a.c a.h ");
	expect_paths(paths("?.c", 0), "a.c b.c ");
	expect_paths(paths(".h*", 0), ".hidden ");
	expect_paths(paths("*/x", 0), "d/x e/x link/x ");
	expect_paths(paths("d/../*/y", 0), "d/../d/y d/../link/y ");
	expect_paths(paths("*/", 0), "d/ e/ link/ ");
	expect_paths(paths("a.c", 0), "a.c ");
	expect_paths(paths("a.c/*", 0), "error 3");
	remove_files();
}

CASE(a_link_to_nothing_is_a_name_as_well)
{
	make_files();
	expect_paths(paths("dang*", 0), "dangling ");
	expect_paths(paths("dangling", 0), "dangling ");
	expect_paths(paths("dangling/*", 0), "error 3");
	expect_paths(paths("[dl]*", GLOB_MARK), "d/ dangling link/ ");
	remove_files();
}

CASE(without_a_match_the_pattern_comes_back_on_request)
{
	make_files();
	expect_paths(paths("*.z", 0), "error 3");
	expect_paths(paths("*.z", GLOB_NOCHECK), "*.z ");
	expect_paths(paths("", 0), "error 3");
	remove_files();
}

CASE(a_backslash_takes_the_meaning_of_a_star)
{
	make_files();
	expect_paths(paths("star\\*", 0), "star* ");
	expect_paths(paths("star\\*", GLOB_NOESCAPE), "error 3");
	expect_paths(paths("st[a]r\\*", 0), "star* ");
	remove_files();
}

CASE(results_are_appended_behind_empty_places)
{
	glob_t result = { .gl_offs = 2 };

	make_files();
	require(glob("*.c", GLOB_DOOFFS, NULL, &result) == 0);
	require(glob("*.h", GLOB_DOOFFS | GLOB_APPEND, NULL, &result) == 0);
	expect_paths(paths_of(&result), "a.c b.c a.h ");
	expect(!result.gl_pathv[0] && !result.gl_pathv[1] &&
	       !result.gl_pathv[5]);
	globfree(&result);
	remove_files();
}

static char failed[100];

static int note_failure(const char *path, int error)
{
	snprintf(failed, sizeof(failed), "%s %d", path, error == EACCES);
	return strcmp(path, "e") == 0;
}

static int look_as_user(void)
{
	glob_t result = { 0 };
	int without, with, by_function;

	if (setuid(1000) != 0)
		return 1;
	without = glob("[de]/x", 0, NULL, &result);
	expect_paths(paths_of(&result), "d/x ");
	globfree(&result);
	with = glob("e/*", GLOB_ERR, NULL, &result);
	globfree(&result);
	by_function = glob("*/*", 0, note_failure, &result);
	globfree(&result);
	expect_paths(failed, "e 1");
	return without != 0 || with != GLOB_ABORTED ||
	       by_function != GLOB_ABORTED;
}

CASE(a_folder_that_cannot_be_read_is_passed_or_ends_the_search)
{
	if (getuid() != 0)
		return;
	make_files();
	require(chmod(".", 0755) == 0 && chmod("d", 0755) == 0 &&
		chmod("e", 0) == 0);
	expect(run_in_child(look_as_user) == 0);
	remove_files();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
