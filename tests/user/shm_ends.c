/*
 * shm_ends.c - mappings and their objects: memory behind the end, a truncated
 * object, files, and arguments that mmap() and its relatives refuse. Any POSIX
 * system.
 */
#include "tests/user/shm_case.h"

static void *volatile fault_address;
static volatile int fault_code;

static void say_address(int n, siginfo_t *info, void *context)
{
	(void)context;
	_exit(n == SIGBUS && info->si_addr == fault_address ? 77 : 78);
}

/* ---- The end of the object ----------------------------------------------- */

CASE(beyond_the_object_is_sigbus)
{
	int fd = open_shm(PAGE);
	volatile char *p = map_shm(fd, 3 * PAGE);

	expect(read_dies(p + PAGE - 1) == 0);
	expect(read_dies(p + PAGE) == SIGBUS);
	expect(write_dies(p + 2 * PAGE) == SIGBUS);
	shm_unlink(name_wanted);
}

CASE(the_rest_of_the_last_page_is_there_and_zero)
{
	int fd = open_shm(10);
	volatile char *p = map_shm(fd, PAGE);

	expect(p[PAGE - 1] == 0);
	p[PAGE - 1] = 1;
	/* The byte is not part of the object, and does not appear when the
	   object grows. */
	require(ftruncate(fd, PAGE) == 0);
	expect(p[9] == 0);
	shm_unlink(name_wanted);
}

CASE(truncated_under_a_mapping_is_sigbus_for_the_toucher)
{
	int fd = open_shm(4 * PAGE);
	volatile char *p = map_shm(fd, 4 * PAGE);

	memset((void *)p, 0, 4 * PAGE);
	p[PAGE - 1] = 'x';
	require(ftruncate(fd, PAGE) == 0);
	expect(read_dies(p + PAGE) == SIGBUS);
	expect(write_dies(p + 3 * PAGE) == SIGBUS);
	expect(p[PAGE - 1] == 'x');
	shm_unlink(name_wanted);
}

CASE(another_process_truncates)
{
	int fd = open_shm(2 * PAGE);
	volatile char *p = map_shm(fd, 2 * PAGE);
	pid_t pid;

	p[PAGE] = 'x';
	pid = fork_or_fail();
	if (pid == 0)
		_exit(ftruncate(fd, 0) == 0 ? 0 : 1);
	expect(result_of(pid) == 0);
	expect(read_dies(p) == SIGBUS);
	expect(read_dies(p + PAGE) == SIGBUS);
	shm_unlink(name_wanted);
}

CASE(grown_again_it_is_zero)
{
	int fd = open_shm(2 * PAGE);
	volatile char *p = map_shm(fd, 2 * PAGE);

	memset((void *)p, 'x', 2 * PAGE);
	require(ftruncate(fd, 100) == 0);
	require(ftruncate(fd, 2 * PAGE) == 0);
	expect(p[99] == 'x' && p[100] == 0 && p[PAGE - 1] == 0);
	expect(p[PAGE] == 0 && p[2 * PAGE - 1] == 0);
	p[PAGE] = 'y';
	expect(p[PAGE] == 'y');
	shm_unlink(name_wanted);
}

CASE(a_mapping_made_before_the_object_grew_sees_it)
{
	int fd = open_shm(0);
	volatile char *p = map_shm(fd, PAGE);

	expect(read_dies(p) == SIGBUS);
	require(ftruncate(fd, PAGE) == 0);
	p[0] = 'g';
	expect(p[0] == 'g');
	shm_unlink(name_wanted);
}

CASE(sigbus_says_where)
{
	int fd = open_shm(PAGE);
	volatile char *p = map_shm(fd, 2 * PAGE);
	struct sigaction action;
	pid_t pid;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = say_address;
	action.sa_flags = SA_SIGINFO;
	pid = fork_or_fail();
	if (pid == 0) {
		sigaction(SIGBUS, &action, NULL);
		fault_address = (void *)(p + PAGE + 123);
		p[PAGE + 123] = 1;
		_exit(0);
	}
	expect(result_of(pid) == 77);
	shm_unlink(name_wanted);
}

CASE(a_call_beyond_the_object_is_efault)
{
	int fd = open_shm(PAGE), fds[2];
	volatile char *p = map_shm(fd, 2 * PAGE);

	require(pipe(fds) == 0);
	expect_error(write(fds[1], (void *)(p + PAGE), 1), EFAULT);
	require(ftruncate(fd, 0) == 0);
	expect_error(write(fds[1], (void *)p, 1), EFAULT);
	shm_unlink(name_wanted);
}

static void say_refusal(int n, siginfo_t *info, void *context)
{
	(void)context;
	_exit(n == SIGSEGV && info->si_addr == fault_address &&
	      info->si_code == fault_code ? 77 : 78);
}

static int write_refused(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = say_refusal;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	*(volatile char *)fault_address = 1;
	return 0;
}

CASE(sigsegv_says_where_and_why)
{
	int fd = open_shm(PAGE);
	char *p = map(PAGE, PROT_READ, MAP_SHARED, fd);

	require(p != MAP_FAILED);
	fault_address = p + 321;
	fault_code = SEGV_ACCERR;
	expect(run_in_child(write_refused) == 77);
	require(munmap(p, PAGE) == 0);
	fault_code = SEGV_MAPERR;
	expect(run_in_child(write_refused) == 77);
	shm_unlink(name_wanted);
}

/* No such page can be had without reading; it must not fault for ever. */
CASE(a_page_for_writing_alone_can_be_read)
{
	int fd = open_shm(2 * PAGE);
	volatile char *p = map(2 * PAGE, PROT_WRITE, MAP_PRIVATE, fd);

	expect(p[0] == 0);
	p[PAGE] = 'w';
	expect(p[PAGE] == 'w');
	p = map(PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	p[0] = 'a';
	if (fork_or_fail() == 0)
		_exit(0);
	expect(p[0] == 'a');
	expect(wait(NULL) > 0);
	shm_unlink(name_wanted);
}

CASE(mprotect_that_is_refused_changes_nothing)
{
	char *p = (char *)shared(2 * PAGE);
	int fd;

	close(open_shm(PAGE));
	fd = shm_open(name_wanted, O_RDONLY, 0);
	require(mmap(p + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
		     0) == p + PAGE);
	require(mprotect(p, PAGE, PROT_READ) == 0);
	expect_error(mprotect(p, 2 * PAGE, PROT_READ | PROT_WRITE), EACCES);
	if (leak_is_parley())
		expect(write_dies(p) == SIGSEGV);
	shm_unlink(name_wanted);
}

/* ---- Files --------------------------------------------------------------- */

static char name[64];

static int open_file(const char *text)
{
	int fd;

	snprintf(name, sizeof(name), "/tmp/shm-%d", (int)getpid());
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(fd >= 0);
	require(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	unlink(name);
	return fd;
}

CASE(a_file_mapping_and_write_see_each_other)
{
	char text[8] = "";
	int fd = open_file("file contents");
	char *p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);

	require(p != MAP_FAILED);
	expect(memcmp(p, "file contents", 14) == 0);
	p[0] = 'F';
	lseek(fd, 0, SEEK_SET);
	expect(read(fd, text, 4) == 4 && memcmp(text, "File", 4) == 0);
	expect(write(fd, "!", 1) == 1);
	expect(p[4] == '!');
}

CASE(a_private_file_mapping_keeps_its_own)
{
	char text[8] = "";
	int fd = open_file("file");
	char *p = map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);

	require(p != MAP_FAILED);
	p[0] = 'P';
	lseek(fd, 0, SEEK_SET);
	expect(read(fd, text, 4) == 4 && text[0] == 'f');
	require(ftruncate(fd, 0) == 0);
	expect(read_dies(p) == SIGBUS);
}

CASE(an_offset_shows_that_page)
{
	int fd = open_shm(3 * PAGE);
	volatile char *all = map_shm(fd, 3 * PAGE), *part;

	part = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    2 * PAGE);
	require(part != MAP_FAILED);
	part[0] = 'o';
	expect(all[2 * PAGE] == 'o');
	require(ftruncate(fd, 2 * PAGE) == 0);
	expect(read_dies(part) == SIGBUS);
	expect(read_dies(all + PAGE) == 0);
	shm_unlink(name_wanted);
}

/* ---- mmap, munmap, msync: what they refuse ------------------------------- */

static int map_error(void *at, size_t bytes, int prot, int flags, int fd,
		     off_t offset)
{
	errno = 0;
	return mmap(at, bytes, prot, flags, fd, offset) == MAP_FAILED
		? errno : 0;
}

CASE(bad_arguments_of_mmap)
{
	const int rw = PROT_READ | PROT_WRITE;
	int fd = open_shm(PAGE), fds[2];

	expect(map_error(NULL, 0, rw, MAP_SHARED, fd, 0) == EINVAL);
	expect(map_error(NULL, PAGE, rw, 0, fd, 0) == EINVAL);
	expect(map_error(NULL, PAGE, rw, MAP_SHARED, fd, 1) == EINVAL);
	expect(map_error(NULL, PAGE, rw, MAP_SHARED, -1, 0) == EBADF);
	expect(map_error(NULL, PAGE, rw, MAP_SHARED, 99, 0) == EBADF);
	expect(map_error(NULL, (size_t)-PAGE, rw, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0) == ENOMEM);
	expect(map_error((void *)1, PAGE, rw, MAP_FIXED | MAP_SHARED |
			 MAP_ANONYMOUS, -1, 0) == EINVAL);
	expect(map_error((void *)-PAGE, PAGE, rw, MAP_FIXED | MAP_SHARED |
			 MAP_ANONYMOUS, -1, 0) == ENOMEM);
	require(pipe(fds) == 0);
	expect(map_error(NULL, PAGE, PROT_READ, MAP_SHARED, fds[0], 0) ==
	       ENODEV);
	fd = open("/", O_RDONLY);
	expect(map_error(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == ENODEV);
	shm_unlink(name_wanted);
}

CASE(bad_arguments_of_msync_munmap_mprotect)
{
	char *p = (char *)shared(2 * PAGE);

	expect(msync(p, 2 * PAGE, MS_SYNC) == 0);
	expect(msync(p, PAGE, MS_ASYNC | MS_INVALIDATE) == 0);
	expect_error(msync(p + 1, PAGE, MS_SYNC), EINVAL);
	expect_error(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
	expect_error(msync(p, PAGE, 64), EINVAL);
	expect_error(munmap(p + 1, PAGE), EINVAL);
	expect_error(munmap(p, 0), EINVAL);
	expect_error(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
	require(munmap(p + PAGE, PAGE) == 0);
	expect_error(msync(p, 2 * PAGE, MS_SYNC), ENOMEM);
	expect_error(mprotect(p, 2 * PAGE, PROT_READ), ENOMEM);
	expect(munmap(p, 2 * PAGE) == 0);
	expect(munmap(p, 2 * PAGE) == 0);
	expect(read_dies(p) == SIGSEGV);
}

CASE(map_fixed_replaces_what_was_there)
{
	int fd = open_shm(PAGE);
	char *p = (char *)shared(3 * PAGE), *middle;

	memset(p, 'o', 3 * PAGE);
	middle = mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_FIXED, fd, 0);
	require(middle == p + PAGE);
	expect(p[PAGE - 1] == 'o' && p[PAGE] == 0 && p[2 * PAGE] == 'o');
	middle[0] = 'n';
	expect(map_shm(fd, PAGE)[0] == 'n');
	/* An object over itself. */
	middle = mmap(p + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
		      0);
	expect(middle == p + PAGE && *middle == 'n');
	shm_unlink(name_wanted);
}

CASE(half_a_mapping_goes_the_rest_stays)
{
	char *p = (char *)shared(4 * PAGE);
	pid_t pid;

	memset(p, 'h', 4 * PAGE);
	require(munmap(p + PAGE, 2 * PAGE) == 0);
	expect(p[0] == 'h' && p[3 * PAGE] == 'h');
	expect(read_dies(p + PAGE) == SIGSEGV);
	pid = fork_or_fail();
	if (pid == 0) {
		p[3 * PAGE] = 'c';
		_exit(0);
	}
	expect(result_of(pid) == 0);
	expect(p[3 * PAGE] == 'c');
}

CASE(a_hint_is_no_order)
{
	char *p = (char *)shared(PAGE), *q;

	q = mmap(p, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	expect(q != MAP_FAILED && q != p);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
