/*
 * libc_records.c - records of logins, wide text in memory, a program by its
 * descriptor. POSIX, and GNU's functions of utmpx.h.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <utmpx.h>
#include <wchar.h>

#include "tests/user/helpers.h"

static struct utmpx entry_of(const char *user, const char *id, short type)
{
	struct utmpx entry;

	memset(&entry, 0, sizeof(entry));
	memcpy(entry.ut_user, user, strlen(user));
	memcpy(entry.ut_id, id, strlen(id));
	memcpy(entry.ut_line, id, strlen(id));
	entry.ut_type = type;
	entry.ut_pid = getpid();
	return entry;
}

CASE(entry_of_a_login_is_replaced_at_the_logout)
{
	struct utmpx entry = entry_of("ada", "t1", USER_PROCESS), *found;
	int count = 0;

	close(open("libc_records-file", O_CREAT | O_TRUNC | O_RDWR, 0600));
	utmpxname("libc_records-file");
	setutxent();
	require(pututxline(&entry) != NULL);
	entry = entry_of("bob", "t2", USER_PROCESS);
	require(pututxline(&entry) != NULL);
	entry = entry_of("", "t1", DEAD_PROCESS);
	setutxent();	/* GNU searches from the last entry on */
	require(pututxline(&entry) != NULL);
	setutxent();
	while (getutxent())
		count++;
	expect(count == 2);
	setutxent();
	entry = entry_of("", "t2", USER_PROCESS);
	found = getutxid(&entry);
	expect(found && strcmp(found->ut_user, "bob") == 0);
	setutxent();
	found = getutxline(&entry);
	expect(found && strcmp(found->ut_user, "bob") == 0);
	setutxent();
	entry = entry_of("", "t3", USER_PROCESS);
	expect(getutxid(&entry) == NULL);
	endutxent();
	unlink("libc_records-file");
}

CASE(entry_without_a_file_is_an_error)
{
	struct utmpx entry = entry_of("ada", "t1", USER_PROCESS);

	utmpxname("libc_records-none");
	setutxent();
	expect(getutxent() == NULL);
	expect(pututxline(&entry) == NULL);
	updwtmpx("libc_records-none", &entry);
	expect(access("libc_records-none", F_OK) < 0);
	endutxent();
}

CASE(wide_text_grows_and_counts_characters)
{
	wchar_t *text;
	size_t size;
	FILE *file = open_wmemstream(&text, &size);

	require(file != NULL);
	for (int i = 0; i < 1000; i++)
		expect(fputwc(L'a' + i % 26, file) != WEOF);
	fflush(file);
	expect(size == 1000 && wcslen(text) == 1000);
	expect(text[999] == (wchar_t)(L'a' + 999 % 26));
	fclose(file);
	expect(size == 1000 && text[1000] == L'\0');
	free(text);
}

CASE(program_runs_by_its_descriptor)
{
	char *const argv[] = { "sh", "-c", "exit 7", NULL };
	char *const envp[] = { NULL };
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		fexecve(open("/bin/sh", O_RDONLY | O_CLOEXEC), argv, envp);
		_exit(1);
	}
	expect(result_of(pid) == 7);
	expect(fexecve(-1, argv, envp) == -1);	/* GNU: EINVAL */
}

CASE(missing_library_has_a_message_once)
{
	expect(dlopen("/no-such-library.so", RTLD_NOW) == NULL);
	expect(dlerror() != NULL && dlerror() == NULL);
}

/* A seek to a place in front of the first byte changes nothing. */
static void expect_seeks(FILE *stream, long length)
{
	expect(fseek(stream, 0, SEEK_END) == 0 && ftell(stream) == length);
	expect(fseek(stream, -1, SEEK_CUR) == 0);
	expect(ftell(stream) == length - 1);
	expect_error(fseek(stream, -length, SEEK_CUR), EINVAL);
	expect(ftell(stream) == length - 1);
	expect_error(fseek(stream, -1, SEEK_SET), EINVAL);
	expect(fseek(stream, 1, SEEK_SET) == 0 && ftell(stream) == 1);
}

CASE(seek_in_a_stream_in_memory)
{
	char text[] = "0123456789", *grown = NULL;
	size_t size;
	FILE *fixed = fmemopen(text, 10, "r");
	FILE *growing = open_memstream(&grown, &size);

	require(fixed && growing);
	expect_seeks(fixed, 10);
	expect_error(fseek(fixed, 11, SEEK_SET), EINVAL);
	require(fputs("abcdef", growing) >= 0);
	expect_seeks(growing, 6);
	fclose(fixed);
	fclose(growing);
	free(grown);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
