/* 09-words-naive.c - words: each process writes into a table of its own. */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct row {
	_Atomic long words;		/* so far */
	_Atomic int is_complete;
};

static void count(struct row *row, const char *path)
{
	int fd = open(path, O_RDONLY), is_inside = 0;
	const unsigned char *text;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		err(1, "%s", path);
	text = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (text == MAP_FAILED && status.st_size > 0)
		err(1, "%s", path);
	for (off_t i = 0; i < status.st_size; i++) {
		if (!isspace(text[i]) && !is_inside)
			row->words++;
		is_inside = !isspace(text[i]);
	}
	row->is_complete = 1;
}

int main(int argc, char **argv)
{
	struct row *rows = mmap(NULL, argc * sizeof(*rows),
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long total = 0;

	if (rows == MAP_FAILED)
		err(1, "mmap");
	for (int i = 1; i < argc; i++)
		if (fork() == 0) {
			count(&rows[i], argv[i]);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	for (int i = 1; i < argc; i++) {
		printf("%ld %s%s\n", rows[i].words, argv[i],
		       rows[i].is_complete ? "" : " (incomplete)");
		total += rows[i].words;
	}
	printf("%ld total\n", total);
	return 0;
}
