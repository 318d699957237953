/*
 * disk.c - files on a disk: make bench-disk.
 *
 * A program that waits for a disk counts nothing, but time goes on meanwhile.
 * So a second process of the lowest priority, the spinner, counts its own loops
 * in shared memory. The cost of an operation is all instructions of the machine
 * less those of the spinner: the program, the kernel, the kernel's tasks and
 * the interrupts. Each row ends with a sync, so that no work is left for later.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define FOLDER		"/data/bench"
#define LOOP		2		/* instructions of the spinner's loop */
#define PIECE		65536
#define BYTES		(24 << 20)	/* more than Parley's cache has */
#define ROUNDS		100
#define SMALL_FILES	1000
#define MANY_FILES	10000
#define LOOKUPS		1000
#define STEP		7919		/* a prime: names in no order */

static volatile uint32_t *loops;
static pid_t spinner;
static char piece[PIECE];

static void start_spinner(void)
{
	const struct sched_param none = { .sched_priority = 0 };

	loops = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	spinner = fork();
	if (spinner == 0) {
		sched_setscheduler(0, SCHED_IDLE, &none);
		for (;;)
			__asm__ volatile("1: incl %0; jmp 1b" : "+m"(*loops));
	}
}

static void stop_spinner(void)
{
	kill(spinner, SIGKILL);
	waitpid(spinner, NULL, 0);
}

static void fail(const char *what)
{
	perror(what);
	stop_spinner();
	exit(1);
}

/* All instructions of the operation and of the sync behind it. */
static uint64_t cost(void (*operation)(void))
{
	uint64_t start;
	uint32_t first;

	sync();
	usleep(1000);			/* the spinner runs now */
	first = *loops;
	start = cycles();
	operation();
	sync();
	return cycles() - start - (uint64_t)(*loops - first) * LOOP;
}

/* Linux forgets names, inodes and bytes. The file is not there on Parley, whose
 * cache is smaller than what the rows read. */
static void forget(void)
{
	int file;

	sync();
	file = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (file >= 0) {
		write(file, "3", 1);
		close(file);
	}
}

static int open_file(const char *name)
{
	int file = open(name, O_RDWR | O_CREAT, 0600);

	if (file < 0)
		fail(name);
	return file;
}

static void make_file(const char *name, size_t bytes)
{
	int file = open_file(name);

	if (bytes && write(file, piece, bytes) != (ssize_t)bytes)
		fail(name);
	close(file);
}

static void name_file(char *name, int number)
{
	sprintf(name, "file%d", number);
}

/* ---- Bytes -------------------------------------------------------------- */

static void write_all(void)
{
	int file = open_file("bytes"), done;

	for (done = 0; done < BYTES; done += PIECE)
		if (write(file, piece, PIECE) != PIECE)
			fail("write");
	close(file);
}

static void read_all(void)
{
	int file = open_file("bytes"), done;

	for (done = 0; done < BYTES; done += PIECE)
		if (read(file, piece, PIECE) != PIECE)
			fail("read");
	close(file);
}

static void write_row(const char *name)
{
	report_share(name, cost(write_all), BYTES);
	unlink("bytes");
}

static void read_row(const char *name)
{
	write_all();
	forget();
	report_share(name, cost(read_all), BYTES);
	unlink("bytes");
}

/* ---- Files -------------------------------------------------------------- */

static void send_messages(void)
{
	int i, file;

	for (i = 0; i < ROUNDS; i++) {
		file = open_file("message");
		if (write(file, piece, 100) != 100 || fsync(file) < 0)
			fail("message");
		close(file);
		unlink("message");
	}
}

static void message_row(const char *name)
{
	report(name, cost(send_messages) / ROUNDS);
}

static void make_small_files(void)
{
	char name[32];
	int i;

	for (i = 0; i < SMALL_FILES; i++) {
		name_file(name, i);
		make_file(name, 100);
	}
}

static void remove_small_files(void)
{
	char name[32];
	int i;

	for (i = 0; i < SMALL_FILES; i++) {
		name_file(name, i);
		unlink(name);
	}
}

static void small_row(const char *name)
{
	report(name, cost(make_small_files) / SMALL_FILES);
	remove_small_files();
}

static void remove_row(const char *name)
{
	make_small_files();
	report(name, cost(remove_small_files) / SMALL_FILES);
}

/* ---- A large directory -------------------------------------------------- */

static void make_many_files(void)
{
	char name[32];
	int i;

	if (access("file9999", F_OK) == 0)
		return;
	for (i = 0; i < MANY_FILES; i++) {
		name_file(name, i);
		make_file(name, 0);
	}
}

static void look_up(int first)
{
	struct stat status;
	char name[32];
	int i;

	for (i = 0; i < LOOKUPS; i++) {
		name_file(name, first + i * STEP % MANY_FILES);
		stat(name, &status);
	}
}

static void look_up_names(void)
{
	look_up(0);
}

static void look_up_nothing(void)
{
	look_up(MANY_FILES);
}

static void in_large_directory(const char *name, void (*operation)(void))
{
	mkdir("large", 0700);
	if (chdir("large") < 0)
		fail("large");
	make_many_files();
	forget();
	report(name, cost(operation) / LOOKUPS);
	chdir("..");
}

static void lookup_row(const char *name)
{
	in_large_directory(name, look_up_names);
}

static void miss_row(const char *name)
{
	in_large_directory(name, look_up_nothing);
}

static const struct row rows[] = {
	{ "disk-write", write_row },
	{ "disk-read", read_row },
	{ "disk-message", message_row },
	{ "disk-small", small_row },
	{ "disk-remove", remove_row },
	{ "disk-lookup", lookup_row },
	{ "disk-miss", miss_row },
};

/* Without a disk, or in the worst usual case, nothing is measured. */
int main(int argc, char **argv)
{
	int result;

	if (access("/data/lost+found", F_OK) < 0)
		return 0;
	mkdir(FOLDER, 0700);
	if (chdir(FOLDER) < 0) {
		perror(FOLDER);
		return 1;
	}
	start_spinner();
	result = run_rows_alone(rows, LENGTH(rows), argc, argv);
	stop_spinner();
	return result;
}
