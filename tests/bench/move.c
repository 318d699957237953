/*
 * move.c - messages or shared memory? A mebibyte from process to process.
 *
 * One process makes data, a second process adds the data up, in pieces of 64
 * KiB. The first row is the cost of this work alone, in one process. The
 * difference of each further row is the price of the transfer: through a pipe
 * (copied in and out), or as blocks of memory that both share, passed with
 * semaphores (no byte is copied, and neither process is protected from the
 * peer).
 */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/move.h"

#define BLOCKS	4		/* of the ring */

static struct ring {
	sem_t filled, empty, done;
	uint32_t data[BLOCKS][PIECE_WORDS];
} *ring;

static int there[2], back[2];
static uint32_t piece[PIECE_WORDS];

/* ---- In one process ----------------------------------------------------- */

static void alone(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < PIECES; i++) {
		make(piece);
		add_up(piece);
	}
}

static void alone_row(const char *name)
{
	report_share(name, measure(alone, NULL), MOVED_BYTES);
}

/* ---- Through a pipe ----------------------------------------------------- */

static void read_piece(void)
{
	size_t got = 0;
	ssize_t n;

	for (; got < PIECE_BYTES; got += n) {
		n = read(there[0], (char *)piece + got, PIECE_BYTES - got);
		if (n <= 0)
			_exit(0);
	}
}

static void read_pieces(void)
{
	int i;

	close(there[1]);
	for (;;) {
		for (i = 0; i < PIECES; i++) {
			read_piece();
			add_up(piece);
		}
		write(back[1], "", 1);
	}
}

static void write_pieces(void *unused)
{
	char done;
	int i;

	(void)unused;
	for (i = 0; i < PIECES; i++) {
		make(piece);
		write(there[1], piece, PIECE_BYTES);
	}
	read(back[0], &done, 1);
}

static void pipe_row(const char *name)
{
	pid_t pid;

	pipe(there);
	pipe(back);
	pid = fork();
	if (pid == 0)
		read_pieces();
	close(there[0]);
	report_share(name, measure(write_pieces, NULL), MOVED_BYTES);
	close(there[1]);
	close(back[0]);
	close(back[1]);
	waitpid(pid, NULL, 0);
}

/* ---- In shared memory --------------------------------------------------- */

static void take_blocks(void)
{
	int i;

	for (;;) {
		for (i = 0; i < PIECES; i++) {
			sem_wait(&ring->filled);
			add_up(ring->data[i % BLOCKS]);
			sem_post(&ring->empty);
		}
		sem_post(&ring->done);
	}
}

static void fill_blocks(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < PIECES; i++) {
		sem_wait(&ring->empty);
		make(ring->data[i % BLOCKS]);
		sem_post(&ring->filled);
	}
	sem_wait(&ring->done);
}

static void ring_row(const char *name)
{
	pid_t pid;

	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(&ring->filled, 1, 0);
	sem_init(&ring->empty, 1, BLOCKS);
	sem_init(&ring->done, 1, 0);
	pid = fork();
	if (pid == 0)
		take_blocks();
	report_share(name, measure(fill_blocks, NULL), MOVED_BYTES);
	end_child(pid);
	munmap(ring, sizeof(*ring));
}

static const struct row rows[] = {
	{ "move-alone", alone_row },
	{ "move-pipe", pipe_row },
	{ "move-ring", ring_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
