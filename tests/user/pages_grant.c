/*
 * pages_grant.c - page_grant(): the rights of a receiver, the limits, and pages
 * that a process cannot grant. Parley only.
 */
#include "tests/user/pages_case.h"
#include "tests/user/parley_test.h"

/* ---- The rights of a grant ----------------------------------------------- */

CASE(who_maps_it_sees_what_the_owner_has)
{
	char *p;

	grant_pages(2, PROT_READ);
	p = view(2, PROT_READ);
	expect(p != memory && p[0] == 'b' && p[2 * PAGE - 1] == 'b');
	memory[5] = 'n';
	expect(p[5] == 'n');
}

CASE(the_owner_sees_what_others_write)
{
	pid_t pid;

	grant_pages(1, RW);
	pid = fork_or_fail();
	if (pid == 0) {
		view(1, RW)[7] = 'w';
		_exit(0);
	}
	expect(result_of(pid) == 0);
	expect(memory[7] == 'w');
}

CASE(only_the_granted_pages_are_seen)
{
	char *p, *all = private_pages(3);

	memset(all, 'a', 3 * PAGE);
	grant = page_grant(all + PAGE, PAGE, RW);
	require(grant >= 0);
	p = view(3, RW);
	expect(p[0] == 'a');
	expect(read_dies(p + PAGE) == SIGBUS);
	p[0] = 'g';
	expect(all[PAGE] == 'g' && all[0] == 'a' && all[2 * PAGE] == 'a');
}

CASE(untouched_memory_is_granted_as_zeros)
{
	char *p;

	memory = private_pages(2);
	grant = page_grant(memory, 2 * PAGE, RW);
	require(grant >= 0);
	p = view(2, RW);
	expect(p[0] == 0 && p[2 * PAGE - 1] == 0);
	p[0] = 1;
	expect(memory[0] == 1);
}

CASE(memory_of_the_heap_can_be_granted)
{
	char *start = malloc(4 * PAGE), *p;
	char *page = (char *)(((unsigned long)start + PAGE - 1) & -PAGE);

	page[0] = 'h';
	grant = page_grant(page, PAGE, PROT_READ);
	require(grant >= 0);
	p = view(1, PROT_READ);
	expect(p[0] == 'h');
	free(start);
	/* The heap goes on behind the block. */
	start = malloc(100 * PAGE);
	memset(start, 1, 100 * PAGE);
	free(start);
}

static char of_program[3 * PAGE] = "data of the program";

CASE(data_of_the_program_can_be_granted)
{
	char *page = (char *)(((unsigned long)of_program + PAGE - 1) & -PAGE);
	char *p;

	grant = page_grant(page, PAGE, RW);
	require(grant >= 0);
	p = view(1, RW);
	p[9] = 'x';
	expect(page[9] == 'x');
	expect(strcmp(of_program, "data of the program") == 0 ||
	       page == of_program);
}

CASE(the_stack_can_be_granted)
{
	char room[3 * PAGE];
	char *page = (char *)(((unsigned long)room + PAGE - 1) & -PAGE);

	page[0] = 's';
	grant = page_grant(page, PAGE, PROT_READ);
	require(grant >= 0);
	expect(view(1, PROT_READ)[0] == 's');
}

CASE(pages_shared_with_an_older_fork_are_not_given_away)
{
	pid_t pid;

	open_steps();
	memory = private_pages(1);
	memory[0] = 'o';
	pid = fork_or_fail();
	if (pid == 0) {
		hear(to_child);
		_exit(memory[0] == 'o' ? 0 : 1);
	}
	grant = page_grant(memory, PAGE, RW);
	require(grant >= 0);
	view(1, RW)[0] = 'v';
	expect(memory[0] == 'v');
	memory[0] = 'w';
	say(to_child);
	expect(result_of(pid) == 0);
}

CASE(a_private_view_keeps_its_own)
{
	char *p;

	grant_pages(1, RW);
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE, grant, 0);
	require(p != MAP_FAILED);
	p[0] = 'p';
	expect(memory[0] == 'b');
}

CASE(the_descriptor_says_its_size)
{
	struct stat status;

	grant_pages(3, PROT_READ);
	require(fstat(grant, &status) == 0);
	expect(status.st_size == 3 * PAGE);
	expect((status.st_mode & 0777) == 0400);
	expect_error(ftruncate(grant, 0), EINVAL);
	expect_error(read(grant, memory, 1), EINVAL);
	expect_error(write(grant, memory, 1), EINVAL);
	expect_error(lseek(grant, 0, SEEK_SET), ESPIPE);
}

/* ---- At most prot -------------------------------------------------------- */

CASE(no_more_than_granted_by_mmap)
{
	grant_pages(1, PROT_READ);
	expect(view_error(PAGE, RW, MAP_SHARED) == EACCES);
	expect(view_error(PAGE, PROT_READ | PROT_EXEC, MAP_SHARED) == EACCES);
	expect(view_error(PAGE, RW, MAP_PRIVATE) == EACCES);
	expect(view_error(PAGE, PROT_READ, MAP_SHARED) == 0);
	expect(view_error(PAGE, PROT_NONE, MAP_SHARED) == 0);
}

CASE(no_more_than_granted_by_mprotect)
{
	char *p;

	grant_pages(1, PROT_READ);
	p = view(1, PROT_READ);
	expect_error(mprotect(p, PAGE, RW), EACCES);
	expect_error(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES);
	expect(write_dies(p) == SIGSEGV);
	expect(mprotect(p, PAGE, PROT_NONE) == 0);
	expect(read_dies(p) == SIGSEGV);
	expect(mprotect(p, PAGE, PROT_READ) == 0);
	expect(p[0] == 'b');
}

CASE(the_owner_keeps_its_rights)
{
	grant_pages(1, PROT_READ);
	memory[0] = 'c';
	expect(mprotect(memory, PAGE, PROT_READ) == 0);
	expect(mprotect(memory, PAGE, RW) == 0);
	memory[0] = 'd';
	expect(view(1, PROT_READ)[0] == 'd');
}

/* ---- Refused arguments of page_grant() ----------------------------------- */

CASE(bad_ranges_are_einval)
{
	memory = private_pages(2);
	expect_error(page_grant(memory + 1, PAGE, PROT_READ), EINVAL);
	expect_error(page_grant(memory, PAGE + 1, PROT_READ), EINVAL);
	expect_error(page_grant(memory, 1, PROT_READ), EINVAL);
	expect_error(page_grant(memory, 0, PROT_READ), EINVAL);
}

CASE(bad_protections_are_einval)
{
	memory = private_pages(1);
	expect_error(page_grant(memory, PAGE, PROT_NONE), EINVAL);
	expect_error(page_grant(memory, PAGE, PROT_WRITE), EINVAL);
	expect_error(page_grant(memory, PAGE, 8 | PROT_READ), EINVAL);
	expect_error(page_grant(memory, PAGE, -1), EINVAL);
}

CASE(memory_that_is_not_there_is_efault)
{
	memory = private_pages(3);
	require(munmap(memory + PAGE, PAGE) == 0);
	expect_error(page_grant(memory, 3 * PAGE, PROT_READ), EFAULT);
	expect_error(page_grant(NULL, PAGE, PROT_READ), EFAULT);
	expect_error(page_grant((void *)0xc0000000, PAGE, PROT_READ), EFAULT);
	expect_error(page_grant((void *)0xbffff000, 2 * PAGE, PROT_READ),
		     EFAULT);
	expect_error(page_grant((void *)0xfffff000, PAGE, PROT_READ), EFAULT);
	expect_error(page_grant(memory, -PAGE, PROT_READ), EFAULT);
}

CASE(shared_memory_is_eperm)
{
	memory = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	expect_error(page_grant(memory, PAGE, PROT_READ), EPERM);
}

CASE(what_is_granted_cannot_be_granted_again)
{
	char *p;

	grant_pages(2, RW);
	expect_error(page_grant(memory, PAGE, PROT_READ), EPERM);
	p = view(2, RW);
	expect_error(page_grant(p, PAGE, PROT_READ), EPERM);
}

CASE(more_than_the_memory_allows_is_eacces)
{
	memory = private_pages(2);
	require(mprotect(memory, PAGE, PROT_READ) == 0);
	expect_error(page_grant(memory, 2 * PAGE, RW), EACCES);
	expect_error(page_grant(memory, PAGE, PROT_READ | PROT_EXEC), EACCES);
	grant = page_grant(memory, 2 * PAGE, PROT_READ);
	expect(grant >= 0);
	require(mprotect(memory, 2 * PAGE, PROT_NONE) == 0);
}

CASE(a_full_table_is_emfile_and_changes_nothing)
{
	memory = private_pages(1);
	memory[0] = 'f';
	while (dup(0) >= 0)
		;
	expect_error(page_grant(memory, PAGE, RW), EMFILE);
	close(100);
	grant = page_grant(memory, PAGE, RW);
	expect(grant == 100);
	expect(memory[0] == 'f');
}

/* ---- When memory is out ------------------------------------------------ */

/* Each allocation fails once; the errno is right and nothing is left. */
CASE(failed_allocations_leave_nothing)
{
	int n;

	for (n = 1; n < 100; n++) {
		memory = private_pages(3);
		memory[0] = 'm';
		test_fail_alloc(n);
		grant = page_grant(memory, 3 * PAGE, RW);
		if (test_fail_alloc(0) > 0)
			break;
		expect(grant == -1 && errno == ENOMEM);
		expect(memory[0] == 'm' && memory[PAGE] == 0);
		munmap(memory, 3 * PAGE);
	}
	expect(grant >= 0);
	expect(n > 3 && n < 100);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
