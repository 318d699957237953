/*
 * libc_limits.c - sysconf(), pathconf(), confstr() and <limits.h> say the same,
 * and no less than POSIX promises. Any POSIX system.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/user/helpers.h"

/* A limit: none, or at least this. */
static int is_at_least(int name, long least)
{
	long value;

	errno = 0;
	value = sysconf(name);
	return value == -1 ? errno == 0 : value >= least;
}

/* A macro without a definition is its own text. */
#define TEXT_OF(macro)		#macro
#define IS_DEFINED(macro)	(strcmp(#macro, TEXT_OF(macro)) != 0)

/* A program for Linux asks for __linux__, and must not get it elsewhere. */
CASE(compiler_names_the_right_system)
{
	expect(IS_DEFINED(__parley__) != IS_DEFINED(__linux__));
	expect(IS_DEFINED(__unix__));
}

CASE(no_limit_is_below_what_posix_promises)
{
	expect(is_at_least(_SC_ARG_MAX, _POSIX_ARG_MAX));
	expect(is_at_least(_SC_CHILD_MAX, _POSIX_CHILD_MAX));
	expect(is_at_least(_SC_DELAYTIMER_MAX, _POSIX_DELAYTIMER_MAX));
	expect(is_at_least(_SC_LOGIN_NAME_MAX, _POSIX_LOGIN_NAME_MAX));
	expect(is_at_least(_SC_MQ_OPEN_MAX, _POSIX_MQ_OPEN_MAX));
	expect(is_at_least(_SC_MQ_PRIO_MAX, _POSIX_MQ_PRIO_MAX));
	expect(is_at_least(_SC_OPEN_MAX, _POSIX_OPEN_MAX));
	expect(is_at_least(_SC_RTSIG_MAX, _POSIX_RTSIG_MAX));
	expect(is_at_least(_SC_SEM_NSEMS_MAX, _POSIX_SEM_NSEMS_MAX));
	expect(is_at_least(_SC_SEM_VALUE_MAX, _POSIX_SEM_VALUE_MAX));
	expect(is_at_least(_SC_SIGQUEUE_MAX, _POSIX_SIGQUEUE_MAX));
	expect(is_at_least(_SC_STREAM_MAX, _POSIX_STREAM_MAX));
	expect(is_at_least(_SC_SYMLOOP_MAX, _POSIX_SYMLOOP_MAX));
	expect(is_at_least(_SC_THREAD_DESTRUCTOR_ITERATIONS,
			   _POSIX_THREAD_DESTRUCTOR_ITERATIONS));
	expect(is_at_least(_SC_THREAD_KEYS_MAX, _POSIX_THREAD_KEYS_MAX));
	expect(is_at_least(_SC_THREAD_THREADS_MAX, _POSIX_THREAD_THREADS_MAX));
	expect(is_at_least(_SC_TIMER_MAX, _POSIX_TIMER_MAX));
	expect(is_at_least(_SC_TTY_NAME_MAX, _POSIX_TTY_NAME_MAX));
	expect(is_at_least(_SC_TZNAME_MAX, _POSIX_TZNAME_MAX));
	expect(is_at_least(_SC_LINE_MAX, _POSIX2_LINE_MAX));
	expect(is_at_least(_SC_RE_DUP_MAX, _POSIX2_RE_DUP_MAX));
	expect(is_at_least(_SC_IOV_MAX, _XOPEN_IOV_MAX));
}

CASE(sysconf_says_what_limits_h_says)
{
	expect(sysconf(_SC_HOST_NAME_MAX) == HOST_NAME_MAX);
	expect(sysconf(_SC_IOV_MAX) == IOV_MAX);
	expect(sysconf(_SC_LINE_MAX) == LINE_MAX);
	expect(sysconf(_SC_MQ_PRIO_MAX) == MQ_PRIO_MAX);
	expect(sysconf(_SC_RTSIG_MAX) == RTSIG_MAX);
	expect(sysconf(_SC_SEM_VALUE_MAX) == SEM_VALUE_MAX);
	expect(sysconf(_SC_THREAD_KEYS_MAX) == PTHREAD_KEYS_MAX);
	expect(sysconf(_SC_THREAD_STACK_MIN) >= PTHREAD_STACK_MIN);
	expect(sysconf(_SC_DELAYTIMER_MAX) == DELAYTIMER_MAX);
	expect(sysconf(_SC_PAGESIZE) == getpagesize());
	expect(sysconf(_SC_PAGE_SIZE) == sysconf(_SC_PAGESIZE));
	expect(sysconf(_SC_CLK_TCK) > 0);
	expect(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	expect(sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN));
	expect(sysconf(_SC_PHYS_PAGES) > sysconf(_SC_AVPHYS_PAGES));
}

CASE(sysconf_says_what_unistd_h_says)
{
	expect(sysconf(_SC_VERSION) == _POSIX_VERSION);
	expect(sysconf(_SC_2_VERSION) == _POSIX2_VERSION);
	expect(sysconf(_SC_JOB_CONTROL) == _POSIX_JOB_CONTROL);
	expect(sysconf(_SC_SAVED_IDS) == _POSIX_SAVED_IDS);
	expect(sysconf(_SC_REALTIME_SIGNALS) == _POSIX_REALTIME_SIGNALS);
	expect(sysconf(_SC_MESSAGE_PASSING) == _POSIX_MESSAGE_PASSING);
	expect(sysconf(_SC_SEMAPHORES) == _POSIX_SEMAPHORES);
	expect(sysconf(_SC_SHARED_MEMORY_OBJECTS) ==
	       _POSIX_SHARED_MEMORY_OBJECTS);
	expect(sysconf(_SC_MAPPED_FILES) == _POSIX_MAPPED_FILES);
	expect(sysconf(_SC_MEMORY_PROTECTION) == _POSIX_MEMORY_PROTECTION);
	expect(sysconf(_SC_THREADS) == _POSIX_THREADS);
	expect(sysconf(_SC_THREAD_PROCESS_SHARED) ==
	       _POSIX_THREAD_PROCESS_SHARED);
	expect(sysconf(_SC_TIMERS) == _POSIX_TIMERS);
	expect(sysconf(_SC_TIMEOUTS) == _POSIX_TIMEOUTS);
	expect(sysconf(_SC_BARRIERS) == _POSIX_BARRIERS);
	expect(sysconf(_SC_SPIN_LOCKS) == _POSIX_SPIN_LOCKS);
	expect(sysconf(_SC_READER_WRITER_LOCKS) == _POSIX_READER_WRITER_LOCKS);
	expect(sysconf(_SC_MONOTONIC_CLOCK) > 0);
	expect(sysconf(_SC_CPUTIME) > 0);
}

CASE(name_that_is_none_is_einval)
{
	expect_error(sysconf(99999), EINVAL);
	expect_error(sysconf(-1), EINVAL);
	expect_error(pathconf("/", 9999), EINVAL);
	expect_error(fpathconf(0, -5), EINVAL);
	errno = 0;
	expect(confstr(9999, NULL, 0) == 0 && errno == EINVAL);
}

CASE(paths_have_limits)
{
	int fds[2];

	require(pipe(fds) == 0);
	expect(pathconf("/", _PC_NAME_MAX) == NAME_MAX);
	expect(pathconf("/", _PC_PATH_MAX) >= _POSIX_PATH_MAX);
	expect(fpathconf(fds[0], _PC_PIPE_BUF) == PIPE_BUF);
	expect(pathconf("/", _PC_LINK_MAX) >= _POSIX_LINK_MAX);
	expect(pathconf("/", _PC_NO_TRUNC) == 1);
	expect(pathconf("/", _PC_CHOWN_RESTRICTED) == 1);
	expect_error(pathconf("/no/such/file", _PC_NAME_MAX), ENOENT);
	expect_error(fpathconf(200, _PC_NAME_MAX), EBADF);
}

CASE(confstr_cuts_to_what_fits)
{
	char path[256] = "", cut[3] = "xx";
	size_t bytes = confstr(_CS_PATH, NULL, 0);

	expect(bytes > 1 && bytes <= sizeof(path));
	expect(confstr(_CS_PATH, path, sizeof(path)) == bytes);
	expect(strlen(path) == bytes - 1 && strstr(path, "/bin"));
	expect(confstr(_CS_PATH, cut, sizeof(cut)) == bytes);
	expect(strncmp(cut, path, 2) == 0 && cut[2] == '\0');
}

CASE(confstr_knows_the_environments_of_compilers)
{
	char text[64] = "x";

	expect(confstr(_CS_POSIX_V7_WIDTH_RESTRICTED_ENVS, text, sizeof(text)) >
	       1 && strncmp(text, "POSIX_V7_", 9) == 0);
	errno = 0;
	confstr(_CS_POSIX_V7_LP64_OFF64_LIBS, text, sizeof(text));
	confstr(_CS_POSIX_V6_LPBIG_OFFBIG_CFLAGS, text, sizeof(text));
	confstr(_CS_V6_ENV, text, sizeof(text));
	expect(errno == 0);
	expect(confstr(987654, text, sizeof(text)) == 0 && errno == EINVAL);
	expect(sysconf(_SC_XOPEN_VERSION) == _XOPEN_VERSION);
	expect(_XOPEN_VERSION >= 700 && _XOPEN_UNIX > 0);
}

CASE(as_many_descriptors_as_open_max)
{
	struct rlimit limit;
	int fd, last = -1;

	expect(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	expect((long)limit.rlim_cur == sysconf(_SC_OPEN_MAX));
	while ((fd = dup(0)) >= 0)
		last = fd;
	expect(errno == EMFILE && last == sysconf(_SC_OPEN_MAX) - 1);
}

CASE(limits_of_a_process)
{
	struct rlimit limit = { 5, 4 };

	expect_error(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
	expect_error(getrlimit(999, &limit), EINVAL);
	expect(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	expect(limit.rlim_cur <= limit.rlim_max);
	expect(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	expect(getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur > 65536);
	expect(getrlimit(RLIMIT_CORE, &limit) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
