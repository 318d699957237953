/*
 * thread_files.c - flockfile(), ftrylockfile(), funlockfile(): one thread owns
 * a file for several calls. Any POSIX system.
 */
#include "tests/user/thread_case.h"

static FILE *file;

static void open_file(void)
{
	file = tmpfile();
	require(file != NULL);
}

static void *try_it(void *unused)
{
	int busy = ftrylockfile(file) != 0;

	(void)unused;
	if (!busy)
		funlockfile(file);
	return (void *)(long)busy;
}

static int is_busy_for_others(void)
{
	return join(create(try_it, NULL)) == 1;
}

CASE(locked_file_is_busy_for_another_thread)
{
	open_file();
	flockfile(file);
	expect(is_busy_for_others());
	funlockfile(file);
	expect(!is_busy_for_others());
}

CASE(trylock_takes_a_free_file)
{
	open_file();
	expect(ftrylockfile(file) == 0);
	expect(is_busy_for_others());
	funlockfile(file);
	expect(!is_busy_for_others());
}

CASE(the_same_thread_locks_as_often_as_it_likes)
{
	open_file();
	flockfile(file);
	flockfile(file);
	expect(ftrylockfile(file) == 0);
	funlockfile(file);
	funlockfile(file);
	expect(is_busy_for_others());
	funlockfile(file);
	expect(!is_busy_for_others());
}

CASE(trylock_counts_as_a_lock)
{
	open_file();
	expect(ftrylockfile(file) == 0 && ftrylockfile(file) == 0);
	funlockfile(file);
	expect(is_busy_for_others());
	funlockfile(file);
	expect(!is_busy_for_others());
}

CASE(the_holder_reads_and_writes_as_usual)
{
	open_file();
	flockfile(file);
	expect(fprintf(file, "%d %s\n", 7, "words") == 8);
	expect(putc_unlocked('x', file) == 'x');
	rewind(file);
	expect(getc(file) == '7' && getc_unlocked(file) == ' ');
	expect(is_busy_for_others());
	funlockfile(file);
}

static volatile int has_written;

static void *write_a_byte(void *unused)
{
	(void)unused;
	putc('x', file);
	has_written = 1;
	return NULL;
}

CASE(a_writer_waits_for_the_holder)
{
	pthread_t writer;

	open_file();
	flockfile(file);
	writer = create(write_a_byte, NULL);
	for (int i = 0; i < 20; i++)
		case_pause();
	expect(!has_written);
	funlockfile(file);
	join(writer);
	expect(has_written && ftell(file) == 1);
}

static void *write_words(void *word)
{
	for (int i = 0; i < 50; i++) {
		flockfile(file);
		for (const char *at = word; *at; at++) {
			putc_unlocked(*at, file);
			if (i % 8 == 0)
				sched_yield();
		}
		putc('\n', file);
		funlockfile(file);
	}
	return NULL;
}

CASE(words_are_not_mixed)
{
	pthread_t a, b;
	char line[16];
	int lines = 0;

	open_file();
	a = create(write_words, "aaaaaaa");
	b = create(write_words, "bbbbbbb");
	join(a);
	join(b);
	rewind(file);
	for (; fgets(line, sizeof(line), file); lines++)
		expect(strcmp(line, "aaaaaaa\n") == 0 ||
		       strcmp(line, "bbbbbbb\n") == 0);
	expect(lines == 100);
}

CASE(other_files_stay_free)
{
	FILE *other = tmpfile();

	open_file();
	require(other != NULL);
	flockfile(other);
	expect(!is_busy_for_others());
	funlockfile(other);
}

static void *lock_it(void *unused)
{
	(void)unused;
	flockfile(file);
	has_written = 1;
	funlockfile(file);
	return NULL;
}

CASE(each_waiter_gets_it_in_the_end)
{
	pthread_t waiters[4];

	open_file();
	flockfile(file);
	for (int i = 0; i < 4; i++)
		waiters[i] = create(lock_it, NULL);
	case_pause();
	expect(!has_written);
	funlockfile(file);
	for (int i = 0; i < 4; i++)
		join(waiters[i]);
	expect(!is_busy_for_others());
}

CASE(locking_without_threads_is_possible)
{
	open_file();
	flockfile(file);
	expect(fputs("alone", file) >= 0);
	funlockfile(file);
	expect(ftell(file) == 5);
}

CASE(a_lock_from_before_the_first_thread_counts)
{
	open_file();
	flockfile(file);
	flockfile(file);
	funlockfile(file);
	expect(is_busy_for_others());
	funlockfile(file);
	expect(!is_busy_for_others());
}

CASE(errno_stays_as_it_was)
{
	open_file();
	errno = 77;
	flockfile(file);
	expect(ftrylockfile(file) == 0);
	funlockfile(file);
	funlockfile(file);
	expect(errno == 77);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
