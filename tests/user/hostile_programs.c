/*
 * hostile_programs.c - programs that are no files: FIFOs, directories, devices,
 * terminals, texts of /proc, sockets, links to themselves.
 *
 * linux: no
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/user/hostile.h"
#include "tests/user/pty.h"

static char *const words[] = { "true", NULL };
static char *const none[] = { NULL };

/* A program that is refused leaves its caller as it was. */
static void refuse(const char *path, int error)
{
	errno = 0;
	execve(path, words, none);
	if (errno != error)
		printf("# %s: errno %d\n", path, errno);
	expect(errno == error);
}

/* A writer holds the bytes of a correct program ready: nobody reads them. */
static int run_a_fifo(void)
{
	static char program[65536];
	const char *path = "/tmp/hostile_programs.fifo";
	int from = open("/bin/true", O_RDONLY), fd;

	require(mkfifo(path, 0700) == 0 && from >= 0);
	refuse(path, EACCES);		/* does not wait for a writer */
	fd = open(path, O_RDWR | O_NONBLOCK);
	require(write(fd, program, read(from, program, 16384)) > 0);
	refuse(path, EACCES);
	expect(read(fd, program, 4) == 4 && memcmp(program, "\177ELF", 4) == 0);
	expect(fexecve(fd, words, none) < 0);
	expect(unlink(path) == 0);
	return case_failed;
}

CASE(fifo_is_run)
{
	attack_beside_root(run_a_fifo);
}

static int run_odd_names(void)
{
	static const char *const names[] = {
		"/", "/tmp", "/dev", "/proc", "/dev/null", "/dev/zero",
		"/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/random",
		"/proc/waits", "/proc/meminfo", "/proc/self",
		"/ipc", "/bin/.", "/bin/..",
	};
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		errno = 0;
		execve(names[i], words, none);
		expect(errno == EACCES || errno == ENOENT);
	}
	refuse("/bin/true/", ENOTDIR);
	refuse("/bin/true/true", ENOTDIR);
	make_pair();
	refuse(name, EACCES);
	expect(fexecve(master, words, none) < 0);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)getpid());
	execve(path, words, none);
	expect(errno == EACCES || errno == ENOENT);
	return case_failed;
}

CASE(device_or_directory_is_run)
{
	attack_beside_root(run_odd_names);
}

static int run_odd_files(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *path = "/tmp/hostile_programs.file";
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, path);
	require(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	chmod(path, 0777);
	refuse(path, EACCES);
	expect(unlink(path) == 0 && symlink(path, path) == 0);
	refuse(path, ELOOP);
	expect(unlink(path) == 0);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	refuse(path, EACCES);		/* no permission to run */
	chmod(path, 0700);
	refuse(path, ENOEXEC);		/* no bytes */
	write(fd, "#!/tmp/hostile_programs.file\n", 29);
	refuse(path, ENOEXEC);		/* a script of itself: the shell's */
	ftruncate(fd, 1 << 20);
	refuse(path, ENOEXEC);
	expect(unlink(path) == 0);
	return case_failed;
}

CASE(file_that_is_no_program_is_run)
{
	attack_beside_root(run_odd_files);
}

/* The file changes and goes while many processes begin to run it. */
static int change_while_it_starts(void)
{
	static char program[1 << 18];
	const char *path = "/tmp/hostile_programs.copy";
	int from = open("/bin/true", O_RDONLY), fd;
	ssize_t bytes = read(from, program, sizeof(program));

	require(bytes > 0);
	for (int round = 0; round < 20; round++) {
		pid_t child;

		fd = open(path, O_RDWR | O_CREAT, 0700);
		require(write(fd, program, bytes) == bytes);
		child = fork_or_fail();
		if (child == 0) {
			execve(path, words, none);
			_exit(0);
		}
		if (round % 2)
			sched_yield();
		ftruncate(fd, round % 3 * 4096);
		pwrite(fd, program, 4096, round * 64);
		unlink(path);
		close(fd);
		result_of(child);
	}
	return case_failed;
}

CASE(program_that_changes_harms_the_kernel)
{
	attack_beside_root(change_while_it_starts);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
