/*
 * shm_share.c - memory that several processes share: across fork and by name,
 * with which rights, until when. Any POSIX system. Long because each errno is
 * a case, and each case stands alone.
 */
#include "tests/user/shm_case.h"

/* ---- Anonymous, across fork ---------------------------------------------- */

CASE(shared_memory_starts_as_zeros)
{
	volatile int *p = shared(4 * PAGE);

	for (int i = 0; i < 4 * PAGE / 4; i++)
		if (p[i])
			require(!"zero");
}

CASE(parent_sees_what_the_child_writes)
{
	volatile int *p = shared(PAGE);
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		p[5] = 55;
		_exit(0);
	}
	expect(result_of(pid) == 0);
	expect(p[5] == 55);
}

CASE(child_sees_what_the_parent_writes_later)
{
	volatile int *p = shared(PAGE);
	int fds[2];
	pid_t pid;
	char byte;

	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(read(fds[0], &byte, 1) == 1 && p[7] == 7 ? 0 : 1);
	p[7] = 7;
	expect(write(fds[1], "", 1) == 1);
	expect(result_of(pid) == 0);
}

CASE(pages_touched_after_fork_are_shared_too)
{
	volatile int *p = shared(8 * PAGE);
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		for (int i = 0; i < 8; i++)
			p[i * PAGE / 4] = i + 1;
		_exit(0);
	}
	expect(result_of(pid) == 0);
	for (int i = 0; i < 8; i++)
		expect(p[i * PAGE / 4] == i + 1);
}

CASE(private_memory_is_not_shared)
{
	volatile int *p = map(PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pid_t pid;

	p[0] = 1;
	pid = fork_or_fail();
	if (pid == 0) {
		p[0] = 2;
		_exit(p[0] == 2 ? 0 : 1);
	}
	expect(result_of(pid) == 0);
	expect(p[0] == 1);
}

CASE(grandchildren_share_and_outlive_their_parents)
{
	volatile int *p = shared(2 * PAGE);
	pid_t pid = fork_or_fail();
	int fds[2];
	char byte;

	if (pid == 0) {
		require(pipe(fds) == 0);
		pid = fork_or_fail();
		if (pid == 0) {
			close(fds[1]);
			(void)!read(fds[0], &byte, 1);
			p[0] = 3;
			p[PAGE / 4] = 4;
			_exit(0);
		}
		_exit(0);
	}
	expect(result_of(pid) == 0);
	while (p[PAGE / 4] != 4)
		case_pause();
	expect(p[0] == 3);
}

/* A tree of processes: each process adds one to its counter. */
static void grow_tree(volatile int *p, int depth, int place)
{
	pid_t left, right;

	p[place] += 1;
	if (depth == 0)
		return;
	left = fork_or_fail();
	if (left == 0) {
		grow_tree(p, depth - 1, 2 * place);
		_exit(case_failed);
	}
	right = fork_or_fail();
	if (right == 0) {
		grow_tree(p, depth - 1, 2 * place + 1);
		_exit(case_failed);
	}
	expect(result_of(left) == 0);
	expect(result_of(right) == 0);
}

CASE(a_tree_of_forks_shares_one_page)
{
	volatile int *p = shared(PAGE);

	grow_tree(p, 4, 1);
	for (int i = 1; i < 32; i++)
		expect(p[i] == 1);
}

CASE(a_tree_of_forks_is_killed_without_a_leak)
{
	volatile int *p = shared(64 * PAGE);
	pid_t children[4];

	for (int i = 0; i < 4; i++) {
		children[i] = fork_or_fail();
		if (children[i] == 0) {
			fork();
			for (;;)
				p[rand() % (64 * PAGE / 4)]++;
		}
	}
	for (int i = 0; i < 5; i++)
		case_pause();
	for (int i = 0; i < 4; i++)
		expect(kill_and_wait(children[i]) == -SIGKILL);
}

CASE(a_thousand_attaches_and_detaches)
{
	int fd = open_shm(PAGE);

	for (int i = 0; i < 1000; i++) {
		volatile char *p = map_shm(fd, PAGE);

		p[i % PAGE]++;
		require(munmap((void *)p, PAGE) == 0);
	}
	shm_unlink(name_wanted);
}

CASE(exec_and_exit_let_go)
{
	volatile int *p = shared(16 * PAGE);
	pid_t pid;

	memset((void *)p, 1, 16 * PAGE);
	pid = fork_or_fail();
	if (pid == 0) {
		execl("/bin/true", "true", NULL);
		_exit(9);
	}
	expect(result_of(pid) == 0);
	expect(p[0] == 0x01010101);
}

/* ---- Names --------------------------------------------------------------- */

CASE(an_object_is_empty_at_first)
{
	struct stat status;
	int fd;

	shm_unlink(name_wanted);
	fd = shm_open(name_wanted, O_RDWR | O_CREAT, 0640);
	require(fd >= 0 && fstat(fd, &status) == 0);
	expect(status.st_size == 0);
	expect((status.st_mode & 0777) == 0640);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(shm_unlink(name_wanted) == 0);
}

CASE(strangers_meet_by_name)
{
	int fd = open_shm(PAGE), other;
	volatile char *a = map_shm(fd, PAGE), *b;

	other = shm_open(name_wanted, O_RDWR, 0);
	require(other >= 0 && other != fd);
	b = map_shm(other, PAGE);
	expect(a != b);
	a[100] = 'a';
	expect(b[100] == 'a');
	b[200] = 'b';
	expect(a[200] == 'b');
	shm_unlink(name_wanted);
}

CASE(o_excl_is_eexist)
{
	open_shm(PAGE);
	expect_error(shm_open(name_wanted, O_RDWR | O_CREAT | O_EXCL, 0600),
		     EEXIST);
	expect(shm_open(name_wanted, O_RDWR | O_CREAT, 0600) >= 0);
	shm_unlink(name_wanted);
}

CASE(a_missing_object_is_enoent)
{
	shm_unlink(name_wanted);
	expect_error(shm_open(name_wanted, O_RDWR, 0), ENOENT);
	expect_error(shm_open(name_wanted, O_RDONLY, 0), ENOENT);
	expect_error(shm_unlink(name_wanted), ENOENT);
}

CASE(bad_names_are_refused)
{
	static char long_name[400];

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[0] = '/';
	expect_error(shm_open("/", O_RDWR | O_CREAT, 0600), EINVAL);
	expect_error(shm_open("/a/b", O_RDWR | O_CREAT, 0600), EINVAL);
	/* ENAMETOOLONG in POSIX; some systems say EINVAL of this too. */
	if (leak_is_parley())
		expect_error(shm_open(long_name, O_RDWR | O_CREAT, 0600),
			     ENAMETOOLONG);
}

CASE(o_trunc_empties_it)
{
	struct stat status;
	int fd = open_shm(3 * PAGE);

	require(fstat(fd, &status) == 0);
	expect(status.st_size == 3 * PAGE);
	expect(shm_open(name_wanted, O_RDWR | O_TRUNC, 0) >= 0);
	require(fstat(fd, &status) == 0);
	expect(status.st_size == 0);
	shm_unlink(name_wanted);
}

CASE(unlinked_it_lives_until_the_last_user_has_gone)
{
	int fd = open_shm(PAGE), other;
	volatile char *p = map_shm(fd, PAGE);

	p[0] = 'u';
	expect(shm_unlink(name_wanted) == 0);
	close(fd);
	expect(p[0] == 'u');
	other = open_shm(PAGE);
	expect(map_shm(other, PAGE)[0] == 0);
	expect(p[0] == 'u');
	shm_unlink(name_wanted);
}

CASE(the_object_keeps_its_bytes_without_a_mapping)
{
	int fd = open_shm(2 * PAGE);
	volatile char *p = map_shm(fd, 2 * PAGE);

	p[0] = 'a';
	p[PAGE] = 'b';
	munmap((void *)p, 2 * PAGE);
	close(fd);
	fd = shm_open(name_wanted, O_RDONLY, 0);
	p = map(2 * PAGE, PROT_READ, MAP_SHARED, fd);
	expect(p[0] == 'a' && p[PAGE] == 'b');
	shm_unlink(name_wanted);
}

/* ---- Protection ---------------------------------------------------------- */

CASE(read_only_object_cannot_be_mapped_for_writing)
{
	int fd;

	close(open_shm(PAGE));
	fd = shm_open(name_wanted, O_RDONLY, 0);
	errno = 0;
	expect(map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd) ==
	       MAP_FAILED && errno == EACCES);
	errno = 0;
	expect(map(PAGE, PROT_WRITE, MAP_SHARED, fd) == MAP_FAILED &&
	       errno == EACCES);
	expect(map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd) !=
	       MAP_FAILED);
	shm_unlink(name_wanted);
}

CASE(mprotect_gives_no_more_than_the_descriptor)
{
	void *p;
	int fd;

	close(open_shm(PAGE));
	fd = shm_open(name_wanted, O_RDONLY, 0);
	p = map(PAGE, PROT_READ, MAP_SHARED, fd);
	require(p != MAP_FAILED);
	close(fd);
	expect_error(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	expect(mprotect(p, PAGE, PROT_NONE) == 0);
	expect(mprotect(p, PAGE, PROT_READ) == 0);
	expect(write_dies(p) == SIGSEGV);
	shm_unlink(name_wanted);
}

CASE(a_write_only_file_cannot_be_mapped)
{
	int fd = open("/tmp/shm-write-only", O_WRONLY | O_CREAT, 0600);

	errno = 0;
	expect(map(PAGE, PROT_WRITE, MAP_SHARED, fd) == MAP_FAILED &&
	       errno == EACCES);
	unlink("/tmp/shm-write-only");
}

CASE(writing_a_page_mapped_for_reading_is_sigsegv)
{
	int fd = open_shm(PAGE);
	char *p = map(PAGE, PROT_READ, MAP_SHARED, fd);

	expect(read_dies(p) == 0);
	expect(write_dies(p) == SIGSEGV);
	shm_unlink(name_wanted);
}

CASE(prot_none_is_sigsegv_and_keeps_the_bytes)
{
	volatile int *p = shared(PAGE);
	char *never = map(PAGE, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1);

	p[0] = 123;
	require(mprotect((void *)p, PAGE, PROT_NONE) == 0);
	expect(read_dies(p) == SIGSEGV);
	expect(write_dies(p) == SIGSEGV);
	expect(read_dies(never) == SIGSEGV);
	require(mprotect((void *)p, PAGE, PROT_READ) == 0);
	expect(p[0] == 123);
}

CASE(a_call_into_prot_none_is_efault)
{
	volatile int *p = shared(PAGE);
	int fds[2];

	require(pipe(fds) == 0);
	require(mprotect((void *)p, PAGE, PROT_NONE) == 0);
	expect_error(write(fds[1], (void *)p, 1), EFAULT);
	expect(write(fds[1], "x", 1) == 1);
	expect_error(read(fds[0], (void *)p, 1), EFAULT);
	expect(drain(fds[0], 1));
}

/* ---- At work ------------------------------------------------------------- */

/* Two processes take turns on a word, without a call that waits. */
CASE(two_processes_count_in_turn)
{
	volatile int *p = shared(PAGE);
	pid_t pid = fork_or_fail();
	int me = pid != 0;

	for (int i = 0; i < 1000; i++) {
		while (__atomic_load_n(&p[0], __ATOMIC_ACQUIRE) % 2 != me)
			sched_yield();
		p[1]++;
		__atomic_fetch_add(&p[0], 1, __ATOMIC_RELEASE);
	}
	if (pid == 0)
		_exit(0);
	expect(result_of(pid) == 0);
	expect(p[0] == 2000 && p[1] == 2000);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
