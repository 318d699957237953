/*
 * pages_revoke.c - page_revoke(), and the other ways in which a grant ends.
 * Parley only.
 */
#include "tests/user/pages_case.h"

/* A child maps the grant, tells the parent, waits, and reads its view again. */
static pid_t start_receiver(void)
{
	pid_t pid = fork_or_fail();
	volatile char *p;

	if (pid != 0)
		return pid;
	p = view(1, PROT_READ);
	if (p[0] != 'b')
		_exit(1);
	say(to_parent);
	hear(to_child);
	_exit(p[0] == 'b' ? 0 : 2);
}

/* ---- Refused arguments of page_revoke() ---------------------------------- */

CASE(revoking_what_is_no_grant)
{
	int fds[2];

	expect_error(page_revoke(-1), EBADF);
	expect_error(page_revoke(99), EBADF);
	require(pipe(fds) == 0);
	expect_error(page_revoke(fds[0]), EINVAL);
}

static int revoke(void)
{
	return page_revoke(grant) == 0 ? 0 : errno;
}

CASE(only_the_owner_revokes)
{
	char *p;

	grant_pages(1, RW);
	p = view(1, RW);
	expect(run_in_child(revoke) == EPERM);
	expect(read_dies(p) == 0);
	expect(page_revoke(grant) == 0);
}

CASE(any_descriptor_of_the_grant_revokes_it)
{
	grant_pages(1, RW);
	expect(page_revoke(dup(grant)) == 0);
	expect(view_error(PAGE, PROT_READ, MAP_SHARED) == ENXIO);
}

/* ---- Revoking ------------------------------------------------------------ */

CASE(a_receiver_s_next_touch_is_sigbus)
{
	pid_t pid;

	open_steps();
	grant_pages(1, PROT_READ);
	pid = start_receiver();
	hear(to_parent);
	expect(page_revoke(grant) == 0);
	say(to_child);
	expect(result_of(pid) == -SIGBUS);
	expect(memory[0] == 'b');
}

CASE(without_revoking_it_goes_on)
{
	pid_t pid;

	open_steps();
	grant_pages(1, PROT_READ);
	pid = start_receiver();
	hear(to_parent);
	say(to_child);
	expect(result_of(pid) == 0);
}

CASE(all_receivers_lose_it)
{
	pid_t pids[8];

	open_steps();
	grant_pages(1, PROT_READ);
	for (int i = 0; i < 8; i++) {
		pids[i] = start_receiver();
		hear(to_parent);
	}
	expect(page_revoke(grant) == 0);
	for (int i = 0; i < 8; i++)
		say(to_child);
	for (int i = 0; i < 8; i++)
		expect(result_of(pids[i]) == -SIGBUS);
}

CASE(pages_never_touched_are_lost_too)
{
	pid_t pid;
	char *p;

	open_steps();
	grant_pages(4, PROT_READ);
	pid = fork_or_fail();
	if (pid == 0) {
		p = view(4, PROT_READ);
		say(to_parent);
		hear(to_child);
		_exit(*(volatile char *)(p + 3 * PAGE));
	}
	hear(to_parent);
	expect(page_revoke(grant) == 0);
	say(to_child);
	expect(result_of(pid) == -SIGBUS);
}

static volatile char *lost;

static void say_bus_address(int n, siginfo_t *info, void *context)
{
	(void)context;
	_exit(n == SIGBUS && info->si_addr == (void *)lost ? 77 : 78);
}

CASE(the_sigbus_says_where)
{
	struct sigaction action;
	pid_t pid;

	open_steps();
	grant_pages(1, PROT_READ);
	pid = fork_or_fail();
	if (pid == 0) {
		memset(&action, 0, sizeof(action));
		action.sa_sigaction = say_bus_address;
		action.sa_flags = SA_SIGINFO;
		sigaction(SIGBUS, &action, NULL);
		lost = view(1, PROT_READ) + 99;
		say(to_parent);
		hear(to_child);
		_exit(*lost);
	}
	hear(to_parent);
	page_revoke(grant);
	say(to_child);
	expect(result_of(pid) == 77);
}

CASE(a_call_with_revoked_pages_is_efault)
{
	pid_t pid;
	char *p;

	open_steps();
	grant_pages(1, RW);
	pid = fork_or_fail();
	if (pid == 0) {
		p = view(1, RW);
		p[0] = 'c';
		say(to_parent);
		hear(to_child);
		expect_error(write(to_parent[1], p, 1), EFAULT);
		expect_error(read(to_child[0], p, 1), EFAULT);
		_exit(case_failed);
	}
	hear(to_parent);
	page_revoke(grant);
	say(to_child);
	say(to_child);
	expect(result_of(pid) == 0);
}

/* The child of an owner has its own copy, and loses nothing. */
CASE(a_child_forked_after_the_grant_shares_the_pages)
{
	pid_t pid;

	open_steps();
	grant_pages(3, RW);
	pid = fork_or_fail();
	if (pid == 0) {
		memory[1] = 'c';
		say(to_parent);
		hear(to_child);
		expect(memory[0] == 'b' && memory[1] == 'c');
		expect(memory[2 * PAGE] == 'b');
		expect(page_grant(memory, 3 * PAGE, RW) >= 0);
		_exit(case_failed);
	}
	hear(to_parent);
	expect(memory[1] == 'b');
	memory[0] = 'p';
	view(3, RW)[2 * PAGE] = 'v';
	page_revoke(grant);
	say(to_child);
	expect(result_of(pid) == 0);
	expect(memory[1] == 'b' && memory[2 * PAGE] == 'v');
}

/* Pages without rights to write, and a part of the block unmapped. */
CASE(a_fork_loses_a_part_of_the_lent_block)
{
	grant_pages(4, PROT_READ);
	require(munmap(memory + PAGE, PAGE) == 0);
	require(mprotect(memory, PAGE, PROT_READ) == 0);
	expect(read_dies(memory + PAGE) == SIGSEGV);
	expect(write_dies(memory) == SIGSEGV);
	expect(read_dies(memory) == 0 && write_dies(memory + 3 * PAGE) == 0);
	expect(memory[3 * PAGE] == 'b');
}

CASE(a_revoked_grant_cannot_be_mapped)
{
	grant_pages(1, RW);
	expect(page_revoke(grant) == 0);
	expect(view_error(PAGE, PROT_READ, MAP_SHARED) == ENXIO);
	expect(page_revoke(grant) == 0);
}

CASE(the_owner_s_second_view_stays)
{
	char *p;

	grant_pages(1, RW);
	p = view(1, RW);
	page_revoke(grant);
	expect(p[0] == 'b');
	expect(memory[0] == 'b');
}

CASE(revoked_memory_is_private_again)
{
	pid_t pid;

	grant_pages(1, RW);
	page_revoke(grant);
	pid = fork_or_fail();
	if (pid == 0) {
		memory[0] = 'c';
		_exit(memory[0] == 'c' ? 0 : 1);
	}
	expect(result_of(pid) == 0);
	expect(memory[0] == 'b');
}

CASE(revoked_memory_can_be_granted_again)
{
	grant_pages(2, RW);
	for (int i = 0; i < 20; i++) {
		char *p = view(2, RW);

		p[i] = 'r';
		expect(memory[i] == 'r');
		munmap(p, 2 * PAGE);
		expect(page_revoke(grant) == 0);
		close(grant);
		grant = page_grant(memory, 2 * PAGE, RW);
		require(grant >= 0);
	}
}

CASE(a_part_can_be_granted_and_revoked)
{
	char *all = private_pages(5);

	memset(all, 'a', 5 * PAGE);
	grant = page_grant(all + 2 * PAGE, PAGE, RW);
	require(grant >= 0);
	expect_error(page_grant(all, 5 * PAGE, RW), EPERM);
	expect(page_revoke(grant) == 0);
	close(grant);
	grant = page_grant(all, 5 * PAGE, RW);
	expect(grant >= 0);
	expect(view(5, RW)[5 * PAGE - 1] == 'a');
}

/* ---- Ends ---------------------------------------------------------------- */

static int grant_and_leave(void)
{
	grant_pages(1, RW);
	view(1, RW)[0] = 'l';
	return 0;
}

CASE(the_owner_s_exit_frees_all)
{
	for (int i = 0; i < 10; i++)
		expect(run_in_child(grant_and_leave) == 0);
}

/* The grandchild maps the grant; then the owner ends. */
CASE(the_owner_s_exit_leaves_the_pages_to_others)
{
	int to_receiver[2];
	pid_t owner;
	char *p;

	open_steps();
	require(pipe(to_receiver) == 0);
	owner = fork_or_fail();
	if (owner == 0) {
		grant_pages(1, RW);
		if (fork_or_fail() == 0) {
			p = view(1, RW);
			munmap(memory, PAGE);
			say(to_receiver);
			hear(to_child);
			expect(p[0] == 'b');
			p[0] = 'c';
			expect(p[0] == 'c');
			expect_error(page_revoke(grant), EPERM);
			if (!case_failed)
				say(to_parent);
			_exit(case_failed);
		}
		hear(to_receiver);
		_exit(0);
	}
	expect(result_of(owner) == 0);
	say(to_child);
	hear(to_parent);
}

/* Fork until a child has the number; the errno of its page_revoke(). */
static int revoke_as(pid_t number)
{
	pid_t pid = 0;
	int error = 0;

	while (pid != number) {
		pid = fork_or_fail();
		if (pid == 0)
			_exit(getpid() == number ? revoke() : 0);
		error = result_of(pid);
	}
	return error;
}

CASE(a_later_process_with_the_owner_s_number_revokes)
{
	pid_t owner;
	char error;

	open_steps();
	owner = fork_or_fail();
	if (owner == 0) {
		owner = getpid();
		grant_pages(1, RW);
		if (fork_or_fail() != 0)
			_exit(0);
		hear(to_child);
		error = revoke_as(owner);
		_exit(write(to_parent[1], &error, 1) != 1);
	}
	expect(result_of(owner) == 0);
	say(to_child);
	require(read(to_parent[0], &error, 1) == 1);
	expect(error == EPERM);
}

CASE(the_owner_may_unmap_what_others_keep)
{
	char *p;

	grant_pages(2, RW);
	p = view(2, RW);
	require(munmap(memory, PAGE) == 0);
	expect(p[0] == 'b' && memory[PAGE] == 'b');
	p[PAGE] = 'x';
	expect(memory[PAGE] == 'x');
	expect(page_revoke(grant) == 0);
	expect(memory[PAGE] == 'x');
}

CASE(closing_the_descriptor_leaves_the_views)
{
	char *p;

	grant_pages(1, RW);
	p = view(1, RW);
	close(grant);
	p[0] = 'k';
	expect(memory[0] == 'k');
}

CASE(a_killed_receiver_leaks_nothing)
{
	pid_t pid;

	open_steps();
	for (int i = 0; i < 10; i++) {
		grant_pages(4, RW);
		pid = start_receiver();
		hear(to_parent);
		expect(kill_and_wait(pid) == -SIGKILL);
		if (i % 2)
			page_revoke(grant);
		close(grant);
	}
}

CASE(a_tree_of_receivers_is_revoked)
{
	volatile char *p;
	pid_t pids[4];

	open_steps();
	grant_pages(8, RW);
	p = view(8, RW);
	for (int i = 0; i < 4; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0) {
			fork();
			say(to_parent);
			for (;;)
				p[rand() % (8 * PAGE)]++;
		}
	}
	for (int i = 0; i < 8; i++)
		hear(to_parent);
	expect(page_revoke(grant) == 0);
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == -SIGBUS);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
