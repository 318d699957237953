/*
 * shm_page.c - single pages that come and go at the same few addresses: each
 * address shows the page mapped last. Any POSIX system.
 *
 * The kernel has a short way for one shared page and a long way for all other
 * mappings; a program cannot see the difference.
 */
#include "tests/user/shm_case.h"

#define FILES	2
#define PAGES	3
#define VIEWS	4
#define STEPS	4000

struct view {
	volatile unsigned char *at;	/* NULL: nothing is mapped */
	int file, page;
	int may_write;
};

static struct view views[VIEWS];
static unsigned char model[FILES][PAGES];	/* the first byte of each */
static int files[FILES];
static unsigned seed = 1;

static int draw(int limit)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % limit;
}

static void open_files(void)
{
	static const char *const names[FILES] = { "/page-0", "/page-1" };

	for (int i = 0; i < FILES; i++) {
		shm_unlink(names[i]);
		files[i] = shm_open(names[i], O_RDWR | O_CREAT | O_EXCL, 0600);
		require(files[i] >= 0);
		require(ftruncate(files[i], PAGES * PAGE) == 0);
		shm_unlink(names[i]);
	}
}

/* Sometimes the mapping is not quite of the simple kind. */
static void map_view(struct view *view)
{
	int kind = draw(6);
	size_t bytes = kind == 1 ? 1 + draw(PAGE) : PAGE;
	void *hint = kind == 2 ? (void *)0x50000000 : NULL;

	view->file = draw(FILES);
	view->page = draw(PAGES);
	view->may_write = kind != 3;
	view->at = mmap(hint, bytes,
			PROT_READ | (view->may_write ? PROT_WRITE : 0),
			MAP_SHARED, files[view->file], view->page * PAGE);
	require(view->at != MAP_FAILED);
	for (int i = 0; i < VIEWS; i++)
		require(&views[i] == view || views[i].at != view->at);
}

static void unmap_view(struct view *view)
{
	int is_short = draw(3) == 0;

	require(munmap((void *)view->at, is_short ? 1 + draw(PAGE) : PAGE)
		== 0);
	view->at = NULL;
}

static void use_view(const struct view *view)
{
	unsigned char *byte = &model[view->file][view->page];

	require(*view->at == *byte);
	if (!view->may_write)
		return;
	*byte = draw(256);
	*view->at = *byte;
}

static void use_page_tables(int steps)
{
	for (int step = 0; step < steps; step++) {
		struct view *view = &views[draw(VIEWS)];

		if (!view->at)
			map_view(view);
		else if (draw(3) == 0)
			unmap_view(view);
		else
			use_view(view);
	}
}

static void unmap_all(void)
{
	for (int i = 0; i < VIEWS; i++)
		if (views[i].at)
			unmap_view(&views[i]);
}

CASE(page_shows_what_was_mapped_there_before)
{
	open_files();
	use_page_tables(STEPS);
	unmap_all();
}

/* A child has the same mappings, in page tables of its own. */
CASE(page_that_a_child_unmaps_is_gone_for_its_parent)
{
	open_files();
	for (int round = 0; round < 20; round++) {
		pid_t child;

		use_page_tables(20);
		child = fork_or_fail();
		if (child == 0) {
			unmap_all();
			use_page_tables(20);
			_exit(0);
		}
		require(result_of(child) == 0);
		for (int i = 0; i < VIEWS; i++)
			if (views[i].at)
				model[views[i].file][views[i].page] =
					*views[i].at;
		unmap_all();
		for (int file = 0; file < FILES; file++)
			for (int page = 0; page < PAGES; page++)
				require(pread(files[file],
					      &model[file][page], 1,
					      page * PAGE) == 1);
	}
}

CASE_DIES(page_can_be_read_after_it_was_unmapped, SIGSEGV)
{
	volatile char *page;

	open_files();
	for (int i = 0; i < 100; i++) {
		page = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			   files[0]);
		require(page != MAP_FAILED);
		page[0] = i;
		require(munmap((void *)page, PAGE) == 0);
	}
	(void)page[0];
}

CASE(refused_page_leaves_something_behind)
{
	int fd;

	open_files();
	fd = open("/dev/null", O_RDWR);
	expect_error(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 99,
			  0), EBADF);
	expect_error(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  0), ENODEV);
	expect_error(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
			  files[0], 1), EINVAL);
	expect_error(mmap(NULL, 0, PROT_READ | PROT_WRITE, MAP_SHARED,
			  files[0], 0), EINVAL);
	close(fd);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
