/* file.c - the cost of a byte that is written to a file, or read from a file:
 * 10 MiB in pieces of 64 KiB. */
#include <fcntl.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define PIECE	65536
#define BYTES	(10 << 20)

static int file;
static char piece[PIECE];

static void make_empty(void *unused)
{
	(void)unused;
	ftruncate(file, 0);
	lseek(file, 0, SEEK_SET);
}

static void write_all(void *unused)
{
	int done;

	(void)unused;
	for (done = 0; done < BYTES; done += PIECE)
		write(file, piece, PIECE);
}

static void go_to_start(void *unused)
{
	(void)unused;
	lseek(file, 0, SEEK_SET);
}

static void read_all(void *unused)
{
	int done;

	(void)unused;
	for (done = 0; done < BYTES; done += PIECE)
		read(file, piece, PIECE);
}

static void open_file(void)
{
	file = open("/tmp/bench", O_RDWR | O_CREAT, 0600);
	unlink("/tmp/bench");
}

static void write_row(const char *name)
{
	open_file();
	report_share(name, measure_prepared(make_empty, write_all, NULL),
		     BYTES);
	close(file);
}

static void read_row(const char *name)
{
	open_file();
	write_all(NULL);
	report_share(name, measure_prepared(go_to_start, read_all, NULL),
		     BYTES);
	close(file);
}

static const struct row rows[] = {
	{ "file-write", write_row },
	{ "file-read", read_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
