/* ktrace.c - the kernel's trace, switched on and read from inside. */
#include <fcntl.h>
#include <sys/ktrace.h>

#include "tests/user/helpers.h"

static char text[64 * 1024];

/* Stop the recording, and read the trace. */
static void read_trace(void)
{
	int fd = open("/proc/trace", O_RDONLY);
	size_t length = 0;
	ssize_t done;

	ktrace(0);
	require(fd >= 0);
	while ((done = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += done;
	text[length] = '\0';
	close(fd);
}

/* The first line, beginning at `from`, with the number of this process and this
 * event; NULL: there is no such line. */
static char *find(char *from, const char *event)
{
	char wanted[80];

	snprintf(wanted, sizeof(wanted), "\t%d\t%s", getpid(), event);
	return from ? strstr(from, wanted) : NULL;
}

CASE(ktrace_takes_kinds_that_do_not_exist)
{
	expect_error(ktrace(KTRACE_ALL + 1), EINVAL);
	expect_error(ktrace(-1), EINVAL);
}

CASE(ktrace_tells_others_than_root)
{
	require(seteuid(1000) == 0);
	expect_error(ktrace(KTRACE_ALL), EPERM);
	expect_error(ktrace(0), EPERM);
}

CASE(ktrace_forgets_what_was_on)
{
	expect(ktrace(KTRACE_IPC | KTRACE_TASKS) == 0);
	expect(ktrace(KTRACE_CALLS) == (KTRACE_IPC | KTRACE_TASKS));
	expect(ktrace(0) == KTRACE_CALLS);
}

CASE(text_made_in_parts_says_at_which_events)
{
	static const char *const paths[] = { "/proc/waits", "/proc/tasks",
					     "/proc/why" };
	unsigned first, last;
	char *line;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		expect(read_text(paths[i], text, sizeof(text)));
		expect(!strstr(text, "taken from event"));
		require(ktrace(KTRACE_CALLS) == 0);
		expect(read_text(paths[i], text, sizeof(text)));
		ktrace(0);
		line = strstr(text, "\ntaken from event ");
		expect(line && sscanf(line, " taken from event %u to event %u",
				      &first, &last) == 2 && first <= last);
	}
}

CASE(a_pipe_is_read_before_it_is_written)
{
	int fds[2];
	char byte = 'x', *at;

	require(pipe(fds) == 0);
	require(ktrace(KTRACE_IPC) == 0);
	expect(write(fds[1], &byte, 1) == 1 && read(fds[0], &byte, 1) == 1);
	read_trace();
	at = find(find(text, "send\tpipe "), "receive\tpipe ");
	expect(at != NULL && strstr(at, "\t1 bytes") != NULL);
}

/* Opened before the trace, for one direction. */
CASE(file_that_is_only_written_has_no_name)
{
	int fd = open("/tmp/only-written", O_CREAT | O_WRONLY, 0600);

	require(fd >= 0 && ktrace(KTRACE_IPC) == 0);
	expect(write(fd, "x", 1) == 1);
	read_trace();
	expect(strstr(text, "only-written") != NULL);
	expect(close(fd) == 0 && unlink("/tmp/only-written") == 0);
}

CASE(calls_are_recorded_on_the_fast_way_only)
{
	require(ktrace(KTRACE_CALLS) == 0);
	getppid();
	read_trace();
	expect(find(find(text, "call\tCALL:5"), "return\tCALL:5") != NULL);
}

CASE(calls_are_recorded_after_the_end)
{
	require(ktrace(KTRACE_CALLS) == 0);
	read_trace();
	getppid();
	read_trace();
	expect(find(text, "call\tCALL:5\t") == NULL ||
	       !find(find(text, "call\tCALL:114"), "call\tCALL:5\t"));
}

CASE(a_wait_and_its_end_are_in_no_order)
{
	pid_t pid;

	require(ktrace(KTRACE_TASKS) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(0);
	result_of(pid);
	read_trace();
	expect(find(find(text, "block\tfor exit"), "waited") != NULL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
