/*
 * sysconf.c - limits and options for programs: sysconf(), pathconf() and
 * confstr().
 *
 * Two tables of names and values, the same values as in <limits.h> and
 * <unistd.h>. The kernel answers for names that are not in the tables.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc/posix/database.h"
#include "libc/syscall.h"

struct fact {
	int name;
	long value;			/* -1: no such option, or no limit */
};

static const struct fact system_facts[] = {
	{ _SC_NGROUPS_MAX, NGROUPS_MAX },
	{ _SC_SEM_NSEMS_MAX, -1 },
	{ _SC_STREAM_MAX, STREAM_MAX },
	{ _SC_TZNAME_MAX, TZNAME_MAX },
	{ _SC_JOB_CONTROL, _POSIX_JOB_CONTROL },
	{ _SC_SAVED_IDS, _POSIX_SAVED_IDS },
	{ _SC_REALTIME_SIGNALS, _POSIX_REALTIME_SIGNALS },
	{ _SC_PRIORITY_SCHEDULING, _POSIX_PRIORITY_SCHEDULING },
	{ _SC_TIMERS, _POSIX_TIMERS },
	{ _SC_ASYNCHRONOUS_IO, _POSIX_ASYNCHRONOUS_IO },
	{ _SC_PRIORITIZED_IO, _POSIX_PRIORITIZED_IO },
	{ _SC_SYNCHRONIZED_IO, _POSIX_SYNCHRONIZED_IO },
	{ _SC_FSYNC, _POSIX_FSYNC },
	{ _SC_MAPPED_FILES, _POSIX_MAPPED_FILES },
	{ _SC_MEMLOCK, _POSIX_MEMLOCK },
	{ _SC_MEMLOCK_RANGE, _POSIX_MEMLOCK_RANGE },
	{ _SC_MEMORY_PROTECTION, _POSIX_MEMORY_PROTECTION },
	{ _SC_MESSAGE_PASSING, _POSIX_MESSAGE_PASSING },
	{ _SC_SEMAPHORES, _POSIX_SEMAPHORES },
	{ _SC_SHARED_MEMORY_OBJECTS, _POSIX_SHARED_MEMORY_OBJECTS },
	{ _SC_AIO_LISTIO_MAX, -1 },
	{ _SC_AIO_MAX, -1 },
	{ _SC_AIO_PRIO_DELTA_MAX, -1 },
	{ _SC_DELAYTIMER_MAX, DELAYTIMER_MAX },
	{ _SC_VERSION, _POSIX_VERSION },
	{ _SC_RTSIG_MAX, RTSIG_MAX },
	{ _SC_SIGQUEUE_MAX, SIGQUEUE_MAX },
	{ _SC_TIMER_MAX, TIMER_MAX },
	{ _SC_BC_BASE_MAX, BC_BASE_MAX },
	{ _SC_BC_DIM_MAX, BC_DIM_MAX },
	{ _SC_BC_SCALE_MAX, BC_SCALE_MAX },
	{ _SC_BC_STRING_MAX, BC_STRING_MAX },
	{ _SC_COLL_WEIGHTS_MAX, COLL_WEIGHTS_MAX },
	{ _SC_EXPR_NEST_MAX, EXPR_NEST_MAX },
	{ _SC_LINE_MAX, LINE_MAX },
	{ _SC_RE_DUP_MAX, RE_DUP_MAX },
	{ _SC_2_VERSION, _POSIX2_VERSION },
	{ _SC_THREADS, _POSIX_THREADS },
	{ _SC_THREAD_SAFE_FUNCTIONS, _POSIX_THREAD_SAFE_FUNCTIONS },
	{ _SC_GETGR_R_SIZE_MAX, LINE_BYTES },
	{ _SC_GETPW_R_SIZE_MAX, LINE_BYTES },
	{ _SC_LOGIN_NAME_MAX, LOGIN_NAME_MAX },
	{ _SC_TTY_NAME_MAX, TTY_NAME_MAX },
	{ _SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS },
	{ _SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX },
	{ _SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN },
	{ _SC_THREAD_THREADS_MAX, -1 },
	{ _SC_THREAD_ATTR_STACKADDR, _POSIX_THREAD_ATTR_STACKADDR },
	{ _SC_THREAD_ATTR_STACKSIZE, _POSIX_THREAD_ATTR_STACKSIZE },
	{ _SC_THREAD_PRIORITY_SCHEDULING, _POSIX_THREAD_PRIORITY_SCHEDULING },
	{ _SC_THREAD_PRIO_INHERIT, _POSIX_THREAD_PRIO_INHERIT },
	{ _SC_THREAD_PRIO_PROTECT, _POSIX_THREAD_PRIO_PROTECT },
	{ _SC_THREAD_ROBUST_PRIO_INHERIT, _POSIX_THREAD_ROBUST_PRIO_INHERIT },
	{ _SC_THREAD_ROBUST_PRIO_PROTECT, _POSIX_THREAD_ROBUST_PRIO_PROTECT },
	{ _SC_THREAD_SPORADIC_SERVER, _POSIX_THREAD_SPORADIC_SERVER },
	{ _SC_THREAD_PROCESS_SHARED, _POSIX_THREAD_PROCESS_SHARED },
	{ _SC_ATEXIT_MAX, ATEXIT_MAX },
	{ _SC_XOPEN_VERSION, _XOPEN_VERSION },
	{ _SC_BARRIERS, _POSIX_BARRIERS },
	{ _SC_CLOCK_SELECTION, _POSIX_CLOCK_SELECTION },
	{ _SC_CPUTIME, _POSIX_CPUTIME },
	{ _SC_THREAD_CPUTIME, _POSIX_THREAD_CPUTIME },
	{ _SC_MONOTONIC_CLOCK, _POSIX_MONOTONIC_CLOCK },
	{ _SC_READER_WRITER_LOCKS, _POSIX_READER_WRITER_LOCKS },
	{ _SC_SPIN_LOCKS, _POSIX_SPIN_LOCKS },
	{ _SC_REGEXP, _POSIX_REGEXP },
	{ _SC_SHELL, _POSIX_SHELL },
	{ _SC_SPAWN, _POSIX_SPAWN },
	{ _SC_TIMEOUTS, _POSIX_TIMEOUTS },
	{ _SC_SYMLOOP_MAX, SYMLOOP_MAX },
	{ _SC_SS_REPL_MAX, -1 },
	{ _SC_ADVISORY_INFO, _POSIX_ADVISORY_INFO },
	{ _SC_IPV6, _POSIX_IPV6 },
	{ _SC_RAW_SOCKETS, _POSIX_RAW_SOCKETS },
	{ _SC_SPORADIC_SERVER, _POSIX_SPORADIC_SERVER },
	{ _SC_TRACE, _POSIX_TRACE },
	{ _SC_TYPED_MEMORY_OBJECTS, _POSIX_TYPED_MEMORY_OBJECTS },
	{ _SC_V7_ILP32_OFF32, _POSIX_V7_ILP32_OFF32 },
	{ _SC_V7_ILP32_OFFBIG, _POSIX_V7_ILP32_OFFBIG },
	{ _SC_V7_LP64_OFF64, _POSIX_V7_LP64_OFF64 },
	{ _SC_V7_LPBIG_OFFBIG, _POSIX_V7_LPBIG_OFFBIG },
	{ _SC_2_C_BIND, _POSIX2_C_BIND },
	{ _SC_2_C_DEV, _POSIX2_C_DEV },
	{ _SC_2_CHAR_TERM, _POSIX2_CHAR_TERM },
	{ _SC_2_FORT_DEV, -1 },
	{ _SC_2_FORT_RUN, _POSIX2_FORT_RUN },
	{ _SC_2_LOCALEDEF, _POSIX2_LOCALEDEF },
	{ _SC_2_PBS, -1 },
	{ _SC_2_SW_DEV, _POSIX2_SW_DEV },
	{ _SC_2_UPE, _POSIX2_UPE },
	{ _SC_XOPEN_CRYPT, _XOPEN_CRYPT },
	{ _SC_XOPEN_ENH_I18N, _XOPEN_ENH_I18N },
	{ _SC_XOPEN_REALTIME, _XOPEN_REALTIME },
	{ _SC_XOPEN_REALTIME_THREADS, _XOPEN_REALTIME_THREADS },
	{ _SC_XOPEN_SHM, _XOPEN_SHM },
	{ _SC_XOPEN_STREAMS, _XOPEN_STREAMS },
	{ _SC_XOPEN_UNIX, _XOPEN_UNIX },
	{ _SC_XOPEN_UUCP, _XOPEN_UUCP },
};

static const struct fact path_facts[] = {
	{ _PC_LINK_MAX, LINK_MAX },
	{ _PC_MAX_CANON, MAX_CANON },
	{ _PC_MAX_INPUT, MAX_INPUT },
	{ _PC_NAME_MAX, NAME_MAX },
	{ _PC_PATH_MAX, PATH_MAX },
	{ _PC_PIPE_BUF, PIPE_BUF },
	{ _PC_CHOWN_RESTRICTED, _POSIX_CHOWN_RESTRICTED },
	{ _PC_NO_TRUNC, _POSIX_NO_TRUNC },
	{ _PC_VDISABLE, _POSIX_VDISABLE },
	{ _PC_SYNC_IO, 1 },
	{ _PC_ASYNC_IO, -1 },
	{ _PC_PRIO_IO, -1 },
	{ _PC_FILESIZEBITS, FILESIZEBITS },
	{ _PC_REC_MIN_XFER_SIZE, PAGE_SIZE },
	{ _PC_REC_INCR_XFER_SIZE, PAGE_SIZE },
	{ _PC_REC_MAX_XFER_SIZE, -1 },
	{ _PC_REC_XFER_ALIGN, PAGE_SIZE },
	{ _PC_ALLOC_SIZE_MIN, PAGE_SIZE },
	{ _PC_SYMLINK_MAX, PATH_MAX },
	{ _PC_2_SYMLINKS, 1 },
	{ _PC_TIMESTAMP_RESOLUTION, 1 },
};

/* Gives the end when the name is not there. */
static const struct fact *find(const struct fact *fact, size_t count, int name)
{
	const struct fact *end = fact + count;

	while (fact < end && fact->name != name)
		fact++;
	return fact;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

long sysconf(int name)
{
	const struct fact *fact = find(system_facts, COUNT(system_facts), name);

	if (fact < system_facts + COUNT(system_facts))
		return fact->value;
	return __sys_sysconf(name);
}

static long path_fact(int name)
{
	const struct fact *fact = find(path_facts, COUNT(path_facts), name);

	if (fact < path_facts + COUNT(path_facts))
		return fact->value;
	errno = EINVAL;
	return -1;
}

long fpathconf(int fd, int name)
{
	return fcntl(fd, F_GETFD) < 0 ? -1 : path_fact(name);
}

long pathconf(const char *path, int name)
{
	struct stat status;

	return stat(path, &status) < 0 ? -1 : path_fact(name);
}

/* Programs need no flag: off_t has 64 bits always. */
static const char *text_of(int name)
{
	switch (name) {
	case _CS_PATH:
		return "/bin";
	case _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS:
		return "POSIX_V7_ILP32_OFFBIG";
	case _CS_POSIX_V6_WIDTH_RESTRICTED_ENVS:
		return "POSIX_V6_ILP32_OFFBIG";
	case _CS_V7_ENV:
	case _CS_V6_ENV:
	case _CS_POSIX_V7_THREADS_CFLAGS:
	case _CS_POSIX_V7_THREADS_LDFLAGS:
	case _CS_POSIX_V6_ILP32_OFFBIG_CFLAGS:
	case _CS_POSIX_V6_ILP32_OFFBIG_LDFLAGS:
	case _CS_POSIX_V6_ILP32_OFFBIG_LIBS:
	case _CS_POSIX_V7_ILP32_OFFBIG_CFLAGS:
	case _CS_POSIX_V7_ILP32_OFFBIG_LDFLAGS:
	case _CS_POSIX_V7_ILP32_OFFBIG_LIBS:
		return "";
	}
	return NULL;
}

/* How long the value is with its NUL; as much as fits goes to text. 0: EINVAL,
 * or errno stays and the name has no value. */
size_t confstr(int name, char *text, size_t size)
{
	const char *value = text_of(name);

	if (!value) {
		if (name < 0 || name > _CS_POSIX_V6_LPBIG_OFFBIG_LIBS)
			errno = EINVAL;
		return 0;
	}
	if (size > 0)
		strlcpy(text, value, size);
	return strlen(value) + 1;
}
