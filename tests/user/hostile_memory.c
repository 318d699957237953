/*
 * hostile_memory.c - a user takes memory in each form: names, bytes of files,
 * pipes that nobody reads, pages. Root works on, and all comes back.
 */
#include "tests/user/greedy.h"

#define FOLDER		"/tmp/hostile"
#define FILE_NAME	"/tmp/hostile_file"
#define BLOCK		65536
#define TABLE_HOLDERS	200	/* processes: 200 times 3.5 MiB of tables */

static char bytes[BLOCK];

static void name_of(char *name, size_t size, int number)
{
	snprintf(name, size, FOLDER "/%d-with-a-name-that-needs-memory-too",
		 number);
}

static void take_directories(void)
{
	char name[80];
	int count = 0;

	require(mkdir(FOLDER, 0777) == 0);
	do
		name_of(name, sizeof(name), count++);
	while (mkdir(name, 0777) == 0);
	expect(errno == EDQUOT);
	expect(count > 1000);
}

CASE(empty_directories_leave_root_its_memory)
{
	char name[80];
	int count = 0;
	pid_t pid = attack_as(ATTACKER, take_directories);

	expect(root_can_work());
	expect(used_by(ATTACKER, "names") > 1000);
	kill_and_wait(pid);
	expect(used_by(ATTACKER, "names") > 1000);
	do
		name_of(name, sizeof(name), count++);
	while (rmdir(name) == 0);
	expect(rmdir(FOLDER) == 0);
	expect(used_by(ATTACKER, "names") == -1);
}

/* Write to a file until an error; the result is the errno. The last pages are
 * for the attacker: a page fault without memory kills. */
static int fill_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600), error;

	require(fd >= 0);
	errno = 0;
	while (write(fd, bytes, BLOCK) > 0)
		;
	error = errno;
	require(ftruncate(fd, lseek(fd, 0, SEEK_END) - 4 * BLOCK) == 0);
	return error;
}

static void take_file_bytes(void)
{
	expect(fill_file(FILE_NAME) == EDQUOT);
}

CASE(bytes_of_files_leave_root_its_memory)
{
	pid_t pid = attack_as(ATTACKER, take_file_bytes);

	expect(root_can_work());
	kill_and_wait(pid);
	expect(used_by(ATTACKER, "memory") > 1 << 20);
	expect(unlink(FILE_NAME) == 0);
	expect(used_by(ATTACKER, "memory") == -1);
}

/* Full pipes as descriptors in a mailbox that no process reads. The memory of
 * the first pipe is for the attacker, as above. */
static void take_pipes(void)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, 8, 0 };
	struct message head = { .flags = MESSAGE_HAS_FD };
	int box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	int first[2], fds[2], count = 0, error;

	require(box >= 0 && pipe(first) == 0);
	require(write(first[1], bytes, BLOCK) == BLOCK);
	errno = 0;
	while (pipe(fds) == 0) {
		fcntl(fds[1], F_SETFL, O_NONBLOCK);
		if (write(fds[1], bytes, BLOCK) < 0)
			break;
		head.fd = fds[0];
		if (mailbox_send(box, &head, "", MAILBOX_NONBLOCK, NULL) < 0)
			break;
		close(fds[0]);
		close(fds[1]);
		count++;
	}
	error = errno;
	close(first[0]);
	close(first[1]);
	expect(error == ENOMEM || error == ENFILE || error == ETOOMANYREFS);
	expect(count > 100);
}

CASE(pipes_under_way_end_with_their_mailbox)
{
	pid_t pid = attack_as(ATTACKER, take_pipes);

	expect(root_can_work());
	kill_and_wait(pid);
	expect(used_by(ATTACKER, "memory") == -1);
}

/* Two users together: each has a limit, and root's reserve stays. */
CASE(two_users_together_leave_root_its_memory)
{
	pid_t one = attack_as(ATTACKER, take_pipes);
	pid_t two = attack_as(ATTACKER + 1, take_pipes);

	expect(root_can_work());
	kill_and_wait(one);
	kill_and_wait(two);
}

static void take_what_is_left(void)
{
	int error = fill_file(FILE_NAME "2");

	expect(error == ENOSPC || error == ENOMEM || error == EDQUOT);
}

/* The second user must leave an eighth of what the user has. */
CASE(two_users_together_take_the_memory_of_a_third)
{
	pid_t one = attack_as(ATTACKER, take_file_bytes);
	pid_t two = attack_as(ATTACKER + 1, take_what_is_left), third;

	third = fork_or_fail();
	if (third == 0) {
		require(setuid(ATTACKER + 2) == 0);
		_exit(do_work());
	}
	expect(result_of(third) == 0);
	expect(root_can_work());
	kill_and_wait(one);
	kill_and_wait(two);
	expect(unlink(FILE_NAME) == 0 && unlink(FILE_NAME "2") == 0);
	expect(used_by(ATTACKER + 1, "memory") == -1);
}

/* ---- Pages --------------------------------------------------------------- */

/* A third of the machine: a user may have this once, not twice. */
static size_t large_bytes(void)
{
	return sysconf(_SC_PHYS_PAGES) / 3 * 4096;
}

static char *map_large(void)
{
	char *memory = mmap(NULL, large_bytes(), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(memory != MAP_FAILED);
	return memory;
}

static void touch(char *memory, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += 4096)
		memory[at] = 1;
}

static void hold_large(void)
{
	touch(map_large(), large_bytes());
}

static void hold_little(void)
{
	touch(map_large(), 65536);
}

/* Map, stop, and touch after SIGCONT. */
static void hold_large_later(void)
{
	char *memory = map_large();

	raise(SIGSTOP);
	touch(memory, large_bytes());
}

CASE(page_fault_over_the_limit_kills_the_largest_of_the_user)
{
	pid_t other = attack_as(ATTACKER + 1, hold_little);
	pid_t little = attack_as(ATTACKER, hold_little);
	pid_t later = attack_as(ATTACKER, hold_large_later);
	pid_t large = attack_as(ATTACKER, hold_large);

	kill(later, SIGCONT);
	expect(result_of(large) == -SIGKILL);
	wait_for_stop(later);
	expect(kill(little, 0) == 0 && waitpid(little, NULL, WNOHANG) == 0);
	expect(kill(other, 0) == 0 && waitpid(other, NULL, WNOHANG) == 0);
	expect(root_can_work());
	kill_and_wait(later);
	kill_and_wait(little);
	kill_and_wait(other);
}

/* Each page table stands for 2 MiB, and the pages are the page of zeros. */
static void hold_tables(void)
{
	const size_t bytes = 0x70000000;
	const volatile char *memory = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE |
					   MAP_ANONYMOUS, -1, 0);

	require(memory != MAP_FAILED);
	for (size_t at = 0; at < bytes; at += 2 << 20)
		require(memory[at] == 0);
	sleep_until_killed();
}

static void hold_tables_in_processes(void)
{
	pid_t pid = 0;

	for (int i = 0; i < TABLE_HOLDERS && pid >= 0; i++) {
		pid = fork();
		if (pid == 0)
			hold_tables();
		if (pid > 0)
			until_asleep(pid);
	}
}

static long low_memory(void)
{
	static char text[8192];
	const char *line;

	require(read_text("/proc/meminfo", text, sizeof(text)));
	line = strstr(text, "free-low: ");
	require(line);
	return atol(line + 10);
}

/* With much memory above 768 MiB, one limit for all memory would let one user
 * take all memory below. */
CASE(page_tables_leave_half_of_the_low_memory)
{
	long before = low_memory();
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		setpgid(0, 0);
		require(setuid(ATTACKER) == 0);
		hold_tables_in_processes();
		raise(SIGSTOP);
		_exit(0);
	}
	wait_for_stop(pid);
	expect(low_memory() > before * 2 / 5);
	expect(low_memory() < before * 4 / 5);
	expect(root_can_work());
	kill(-pid, SIGKILL);
	expect(result_of(pid) == -SIGKILL);
}

static int touch_all_as_user(void)
{
	require(setuid(ATTACKER) == 0);
	for (;;)
		touch(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0), 1 << 20);
	return 0;
}

CASE(process_that_is_the_largest_kills_itself)
{
	expect(run_in_child(touch_all_as_user) == -SIGKILL);
	expect(root_can_work());
}

static int map_too_much(void)
{
	size_t half = (size_t)sysconf(_SC_PHYS_PAGES) * 4096 / 2;

	require(setuid(ATTACKER) == 0);
	expect_error(mmap(NULL, half, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	return case_failed;
}

CASE(mapping_beyond_the_limit_is_refused)
{
	expect(run_in_child(map_too_much) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
