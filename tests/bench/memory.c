/* memory.c - the cost of a mapping, and of a fork with mapped pages. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define PAGE		4096
#define FEW_PAGES	100
#define MORE_PAGES	1000
#define LITTLE_MEMORY	(4 << 20)
#define MUCH_MEMORY	(64 << 20)

static int object;

static void map_touch_unmap(void *unused)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			  object, 0);

	(void)unused;
	*page = 1;
	munmap(page, PAGE);
}

static void shared_page_row(const char *name)
{
	object = shm_open("/bench", O_RDWR | O_CREAT, 0600);
	ftruncate(object, PAGE);
	report(name, measure(map_touch_unmap, NULL));
	close(object);
	shm_unlink("/bench");
}

static char *map(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void fork_exit_wait(void *unused)
{
	pid_t pid = fork();

	(void)unused;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

/* A fork with so many written pages. */
static uint64_t fork_cost(int pages)
{
	char *memory = map(pages * PAGE);
	uint64_t cost;
	int i;

	for (i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
	cost = measure(fork_exit_wait, NULL);
	munmap(memory, pages * PAGE);
	return cost;
}

static void fork_page_row(const char *name)
{
	uint64_t few = fork_cost(FEW_PAGES);

	report_share(name, fork_cost(FEW_PAGES + MORE_PAGES) - few,
		     MORE_PAGES);
}

/* A fork with so much memory mapped and not touched. */
static uint64_t fork_cost_of_room(size_t bytes)
{
	char *memory = map(bytes);
	uint64_t cost = measure(fork_exit_wait, NULL);

	munmap(memory, bytes);
	return cost;
}

static void fork_memory_row(const char *name)
{
	uint64_t little, much;

	fork_cost_of_room(PAGE);	/* touches all pages and tables first */
	little = fork_cost_of_room(LITTLE_MEMORY);
	much = fork_cost_of_room(MUCH_MEMORY);
	report_difference(name, little, much);
}

static const struct row rows[] = {
	{ "fork-memory", fork_memory_row },	/* before there are tables */
	{ "fork-page", fork_page_row },
	{ "shared-page", shared_page_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
