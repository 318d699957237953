/*
 * abuse_arguments.c - lengths, flags, numbers and times that make no sense.
 */
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>

#include "tests/user/calls.h"
#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define PAGE	4096
#define HIGHEST	0xc0000000u

static int fds[2], file;
static char bytes[PAGE];

static void open_all(void)
{
	require(pipe2(fds, O_NONBLOCK) == 0);
	require(write(fds[1], bytes, 100) == 100);
	file = open("/tmp/abuse_arguments", O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(file >= 0 && write(file, bytes, 100) == 100);
	unlink("/tmp/abuse_arguments");
	lseek(file, 0, SEEK_SET);
}

static char *map(size_t size, int prot)
{
	char *pages = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			   0);

	require(pages != MAP_FAILED);
	return pages;
}

/* ---- Lengths ------------------------------------------------------------- */

static const uint32_t lengths[] = {
	0x80000000, 0x7fffffff, 0xffffffff, 0xfffff000, 0xc0000000,
	0x80000001, 0xfffffffe,
};

static int is_error(long result)
{
	return result < 0 && result >= -4095;
}

CASE(absurd_lengths_transfer_no_more_than_there_is)
{
	open_all();
	for (size_t i = 0; i < sizeof(lengths) / 4; i++) {
		long got = raw_call(RAW_read, fds[0], (uintptr_t)bytes,
				    lengths[i]);

		expect(is_error(got) || got <= 100);
		got = raw_call(RAW_read, file, (uintptr_t)bytes, lengths[i]);
		expect(is_error(got) || got <= 100);
		lseek(file, 0, SEEK_SET);
		got = raw_call(RAW_getcwd, (uintptr_t)bytes, lengths[i]);
		expect(is_error(got) || got <= PAGE);
	}
}

CASE(absurd_lengths_write_nothing_that_is_not_ours)
{
	static char end[PAGE * 2];

	open_all();
	for (size_t i = 0; i < sizeof(lengths) / 4; i++) {
		long got = raw_call(RAW_write, fds[1], (uintptr_t)end,
				    lengths[i]);

		expect(is_error(got) || got <= PIPE_BYTES);
		drain(fds[0], got > 0 ? got : 0);
		got = raw_call(RAW_write, file, (uintptr_t)end, lengths[i]);
		expect(is_error(got) || got > 0);
		ftruncate(file, 0);
	}
}

CASE(lengths_that_wrap_are_efault)
{
	static const uint32_t starts[] = { 0xfffff000, 0xbffff000,
					   0xbfffffff, 0x80000000 };

	open_all();
	for (size_t i = 0; i < 4; i++) {
		expect(raw_call(RAW_read, fds[0], starts[i], -starts[i]) ==
		       -EFAULT);
		expect(raw_call(RAW_read, fds[0], starts[i], 1 - starts[i]) ==
		       -EFAULT);
		expect(raw_call(RAW_write, fds[1], starts[i], 0x80000000) ==
		       -EFAULT);
	}
	expect(raw_call(RAW_read, fds[0], (uintptr_t)bytes, 200) == 100);
}

CASE(length_0_touches_no_pointer)
{
	static const uint32_t pointers[] = { 0, 1, 0xc0000000, 0xffffffff };

	open_all();
	for (size_t i = 0; i < 4; i++) {
		expect(raw_call(RAW_read, fds[0], pointers[i], 0) == 0);
		expect(raw_call(RAW_write, fds[1], pointers[i], 0) == 0);
		expect(raw_call(RAW_read, file, pointers[i], 0) == 0);
		expect(raw_call(RAW_write, file, pointers[i], 0) == 0);
		expect(raw_call(RAW_poll, pointers[i], 0, 0) <= 0);
	}
}

CASE(buffer_that_ends_in_nothing_counts_truly)
{
	char *page = map(2 * PAGE, PROT_READ | PROT_WRITE);
	long got;

	require(munmap(page + PAGE, PAGE) == 0);
	open_all();
	for (int room = 1; room < 100; room += 7) {
		lseek(file, 0, SEEK_SET);
		got = raw_call(RAW_read, file, (uintptr_t)page + PAGE - room,
			       100);
		expect(got == -EFAULT || (got > 0 && got <= room));
		expect(lseek(file, 0, SEEK_CUR) == (got < 0 ? 0 : got));
		lseek(file, 0, SEEK_SET);
		got = raw_call(RAW_write, file, (uintptr_t)page + PAGE - room,
			       100);
		expect(got == -EFAULT || (got > 0 && got <= room));
	}
}

/* ---- Numbers ------------------------------------------------------------- */

CASE(numbers_without_a_call_are_enosys)
{
	uint32_t seed = 1;

	for (uint32_t n = 0; n < 1000; n++)
		if (n >= CALLS_MOST || !call_shapes[n].name)
			expect(raw_call(n, 0) == -ENOSYS);
	for (int bit = 10; bit < 32; bit++) {
		expect(raw_call(1u << bit, 0) == -ENOSYS);
		expect(raw_call(-(1u << bit), 0) == -ENOSYS);
		expect(raw_call((1u << bit) | RAW_getpid, 0) == -ENOSYS);
	}
	expect(raw_call(-1u, 0) == -ENOSYS);
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1664525 + 1013904223;
		if (seed >= CALLS_MOST)
			require(raw_call(seed, seed, seed, seed) == -ENOSYS);
		if (seed >= CALLS_MOST)
			require(raw_sysenter(seed, &seed) == -ENOSYS);
	}
}

CASE(unknown_flags_are_einval)
{
	for (int bit = 0; bit < 32; bit++) {
		uint32_t flag = 1u << bit;

		if (flag & ~(O_NONBLOCK | O_CLOEXEC))
			expect_error(pipe2(fds, flag), EINVAL);
		if (flag & ~(WNOHANG | WUNTRACED | WCONTINUED | WCAUSE))
			expect_error(waitpid(-1, NULL, flag), EINVAL);
		if (flag > 8)
			expect_error(access("/", flag), EINVAL);
		if (flag > 4)
			expect_error(mprotect(bytes, 0x1000, flag), EINVAL);
		if (flag != TIMER_ABSTIME)
			expect(raw_call(RAW_clock_nanosleep, CLOCK_MONOTONIC,
					flag, (uintptr_t)bytes, 0) == -EINVAL);
	}
}

CASE(unknown_clocks_and_ways_are_einval)
{
	struct timespec now;

	expect_error(clock_gettime(-1, &now), EINVAL);
	expect_error(clock_gettime(1000, &now), EINVAL);
	open_all();
	expect_error(lseek(file, 0, 77), EINVAL);
	expect_error(fcntl(0, 12345, 0), EINVAL);
	expect_error(fcntl(0, F_DUPFD, -1), EINVAL);
	expect_error(fcntl(0, F_DUPFD, INT_MAX), EINVAL);
	expect(raw_call(RAW_getrusage, 7, (uintptr_t)bytes) == -EINVAL);
	expect(raw_call(RAW_getpriority, 7, 0) == -EINVAL);
	expect(raw_call(RAW_setpriority, -1, 0, 0) == -EINVAL);
	expect(sysconf(-1) == -1 && sysconf(INT_MAX) == -1);
}

CASE(absurd_descriptors_are_ebadf)
{
	static const int numbers[] = { -1, -2, 4096, 5000, 65536, INT_MAX,
				       INT_MIN, 0x40000000 };
	struct stat status;

	for (size_t i = 0; i < sizeof(numbers) / 4; i++) {
		int fd = numbers[i];

		expect_error(read(fd, bytes, 1), EBADF);
		expect_error(write(fd, bytes, 1), EBADF);
		expect_error(close(fd), EBADF);
		expect_error(dup(fd), EBADF);
		expect_error(dup2(fd, 5), EBADF);
		expect_error(dup2(0, fd), EBADF);
		expect_error(fcntl(fd, F_GETFD), EBADF);
		expect_error(fcntl(fd, F_SETFD, 1), EBADF);
		expect_error(lseek(fd, 0, SEEK_SET), EBADF);
		expect_error(fstat(fd, &status), EBADF);
		expect_error(ftruncate(fd, 0), EBADF);
		expect_error(ioctl(fd, TCGETS, bytes), EBADF);
	}
}

/* ---- Times --------------------------------------------------------------- */

static long sleep_for(time_t seconds, long ns)
{
	struct timespec time = { seconds, ns };

	return raw_call(RAW_clock_nanosleep, CLOCK_MONOTONIC, 0,
			(uintptr_t)&time, 0);
}

CASE(times_that_are_none_are_einval)
{
	expect(sleep_for(0, -1) == -EINVAL);
	expect(sleep_for(0, 1000000000) == -EINVAL);
	expect(sleep_for(0, LONG_MAX) == -EINVAL);
	expect(sleep_for(0, LONG_MIN) == -EINVAL);
	expect(sleep_for(-1, 0) == -EINVAL);
	expect(sleep_for(INT64_MIN, 0) == -EINVAL);
	expect(sleep_for(0, 0) == 0);
}

CASE(huge_times_do_not_wrap)
{
	static const int64_t huge[] = { INT32_MAX, UINT32_MAX, 1ll << 33,
					18446744073, 18446744074, 1ll << 40,
					INT64_MAX / 1000000000, INT64_MAX };

	for (size_t i = 0; i < sizeof(huge) / sizeof(huge[0]); i++) {
		pid_t child = fork_or_fail();

		if (child == 0)
			_exit(sleep_for(huge[i], 999999999));
		until_asleep(child);
		case_pause();
		expect(is_asleep(child));
		expect(kill_and_wait(child) == -SIGKILL);
	}
}

CASE(misaligned_time_is_as_good)
{
	struct timespec time = { 0, 1000 };

	memcpy(bytes + 1, &time, sizeof(time));
	expect(raw_call(RAW_clock_nanosleep, CLOCK_MONOTONIC, 0,
			(uintptr_t)bytes + 1, 0) == 0);
	expect(raw_call(RAW_clock_gettime, CLOCK_MONOTONIC,
			(uintptr_t)bytes + 3) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
