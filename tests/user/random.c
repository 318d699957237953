/*
 * random.c - getrandom(), getentropy(), /dev/random and /dev/urandom.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/user/helpers.h"

#define BYTES	4096

static unsigned char bytes[2][BYTES];

/* How many bits are set; of random bytes, about half. */
static int count_bits(const unsigned char *at)
{
	int count = 0;

	for (int i = 0; i < BYTES; i++)
		count += __builtin_popcount(at[i]);
	return count;
}

static int looks_random(const unsigned char *at)
{
	int seen[256] = { 0 }, kinds = 0;

	for (int i = 0; i < BYTES; i++)
		kinds += seen[at[i]]++ == 0;
	return kinds == 256 && abs(count_bits(at) - BYTES * 4) < 800;
}

CASE(getrandom_fills_all_bytes)
{
	expect(getrandom(bytes[0], BYTES, 0) == BYTES);
	expect(looks_random(bytes[0]));
}

CASE(two_calls_differ)
{
	require(getrandom(bytes[0], BYTES, GRND_NONBLOCK) == BYTES);
	require(getrandom(bytes[1], BYTES, GRND_RANDOM) == BYTES);
	expect(memcmp(bytes[0], bytes[1], BYTES) != 0);
}

CASE(odd_counts_write_no_byte_more)
{
	memset(bytes[0], 0, BYTES);
	for (int count = 0; count < 100; count++) {
		expect(getrandom(bytes[0], count, 0) == count);
		expect(bytes[0][count] == 0);
		memset(bytes[0], 0, 128);
	}
}

CASE(getrandom_refuses)
{
	expect_error(getrandom(nowhere, 16, 0), EFAULT);
	expect_error(getrandom(bytes[0], 16, 0x100), EINVAL);
}

CASE(getentropy_gives_at_most_256_bytes)
{
	memset(bytes[0], 0, BYTES);
	expect(getentropy(bytes[0], 256) == 0);
	expect(bytes[0][256] == 0 && count_bits(bytes[0]) > 800);
	expect_error(getentropy(bytes[0], 257), EIO);
}

static void read_device(const char *name)
{
	int fd = open(name, O_RDWR);

	require(fd >= 0);
	expect(read(fd, bytes[0], BYTES) == BYTES);
	expect(looks_random(bytes[0]));
	expect(write(fd, bytes[0], 100) == 100);
	expect(read(fd, bytes[1], BYTES) == BYTES);
	expect(memcmp(bytes[0], bytes[1], BYTES) != 0);
	close(fd);
}

CASE(devices_give_random_bytes)
{
	read_device("/dev/random");
	read_device("/dev/urandom");
}

static int count_after_a_signal(void)
{
	static unsigned char much[16 << 20];
	const struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
	ssize_t done;

	set_handler(SIGALRM, catch_it, 0);
	setitimer(ITIMER_REAL, &often, NULL);
	done = getrandom(much, sizeof(much), 0);
	return caught >= 1 && done > 256 && done < (ssize_t)sizeof(much);
}

CASE(signal_ends_a_long_call)
{
	expect(run_in_child(count_after_a_signal) == 1);
}

static int first_word(void)
{
	int word;

	getrandom(&word, sizeof(word), 0);
	return word & 0x7f;
}

CASE(children_get_bytes_of_their_own)
{
	int first = run_in_child(first_word), same = 0;

	for (int i = 0; i < 8; i++)
		same += run_in_child(first_word) == first;
	expect(same < 8);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
