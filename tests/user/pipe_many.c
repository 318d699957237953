/*
 * pipe_many.c - several writers and readers on one pipe: atomic writes never
 * mix, longer writes lose no byte, no byte comes twice. Any POSIX system.
 */
#include <stdint.h>

#include "tests/user/helpers.h"

static int fds[2];
static unsigned char copy[4096];

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

struct record {
	uint16_t bytes;			/* of the record */
	uint16_t writer;
	uint32_t number;
	unsigned char body[4096 - 8];
};

#define WRITERS	50
#define RECORDS	8

static int write_records(int writer)
{
	static struct record record;

	for (int i = 0; i < RECORDS; i++) {
		record.bytes = 4096 - (writer * 977 + i * 1231) % 4000;
		record.writer = writer;
		record.number = i;
		memset(record.body, writer, sizeof(record.body));
		if (write(fds[1], &record, record.bytes) != record.bytes)
			return 1;
	}
	return 0;
}

static int record_is_whole(const struct record *record)
{
	for (int i = 0; i < record->bytes - 8; i++)
		if (record->body[i] != record->writer)
			return 0;
	return 1;
}

CASE(atomic_writes_of_50_writers_never_mix)
{
	static struct record record;
	uint32_t next[WRITERS] = { 0 };
	int seen = 0;

	open_pipe();
	for (int i = 0; i < WRITERS; i++)
		if (fork_or_fail() == 0)
			_exit(write_records(i));
	close(fds[1]);
	while (read_all(fds[0], &record, 8)) {
		require(record.bytes >= 8 && record.bytes <= 4096);
		require(record.writer < WRITERS);
		require(read_all(fds[0], record.body, record.bytes - 8));
		require(record_is_whole(&record));
		require(record.number == next[record.writer]++);
		seen++;
		if (seen % 64 == 0)
			case_pause();	/* a slow reader: they all wait */
	}
	expect(seen == WRITERS * RECORDS);
	for (int i = 0; i < WRITERS; i++)
		expect(wait(NULL) > 0);
}

static int write_long(int writer)
{
	static unsigned char bytes[100000];

	memset(bytes, writer, sizeof(bytes));
	return write(fds[1], bytes, sizeof(bytes)) != sizeof(bytes);
}

CASE(long_writes_of_several_lose_nothing)
{
	long count[4] = { 0 };
	ssize_t n;

	open_pipe();
	for (int i = 0; i < 4; i++)
		if (fork_or_fail() == 0)
			_exit(write_long(i));
	close(fds[1]);
	while ((n = read(fds[0], copy, 3000)) > 0)
		for (int i = 0; i < n; i++)
			count[copy[i] & 3]++;
	for (int i = 0; i < 4; i++)
		expect(count[i] == 100000);
	for (int i = 0; i < 4; i++) {
		int status = -1;

		expect(wait(&status) > 0 && status == 0);
	}
}

static int forward_numbers(int to)
{
	uint32_t number;
	ssize_t n;

	while ((n = read(fds[0], &number, 4)) == 4)
		if (write(to, &number, 4) != 4)
			return 1;
	return n != 0;
}

CASE(several_readers_take_each_word_once)
{
	static char seen[4000];
	uint32_t number;
	int out[2], total = 0;

	open_pipe();
	require(pipe(out) == 0);
	for (int i = 0; i < 5; i++)
		if (fork_or_fail() == 0) {
			close(fds[1]);
			_exit(forward_numbers(out[1]));
		}
	close(out[1]);
	if (fork_or_fail() == 0) {
		for (number = 0; number < sizeof(seen); number++)
			if (write(fds[1], &number, 4) != 4)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	while (read_all(out[0], &number, 4)) {
		require(number < sizeof(seen) && !seen[number]);
		seen[number] = 1;
		total++;
	}
	expect(total == sizeof(seen));
}

/* ---- Chains -------------------------------------------------------------- */

#define RING	20
#define ROUNDS	50

/* Pass numbers on from a pipe to the next pipe until the end of file. */
static int pass_on(int from, int to)
{
	uint32_t number;

	while (read_all(from, &number, 4)) {
		number++;
		if (write(to, &number, 4) != 4)
			return 1;
	}
	return 0;
}

CASE(a_token_goes_round_a_ring_of_processes)
{
	uint32_t number = 0;
	int in[2], out[2];

	require(pipe(in) == 0);
	fds[0] = in[0];
	for (int i = 0; i < RING; i++) {
		require(pipe(out) == 0);
		if (fork_or_fail() == 0) {
			close(in[1]);
			close(out[0]);
			_exit(pass_on(fds[0], out[1]));
		}
		close(fds[0]);
		close(out[1]);
		fds[0] = out[0];
	}
	for (int i = 0; i < ROUNDS; i++) {
		require(write(in[1], &number, 4) == 4);
		require(read_all(fds[0], &number, 4));
	}
	expect(number == RING * ROUNDS);
	close(in[1]);
	expect(read(fds[0], &number, 4) == 0);
	for (int i = 0; i < RING; i++) {
		int status = -1;

		expect(wait(&status) > 0 && status == 0);
	}
}

CASE(a_long_stream_through_a_chain_stays_whole)
{
	uint32_t number, next = 0;
	int from, out[2];

	open_pipe();
	from = fds[0];
	for (int i = 0; i < 5; i++) {
		require(pipe(out) == 0);
		if (fork_or_fail() == 0) {
			close(fds[1]);
			close(out[0]);
			_exit(pass_on(from, out[1]));
		}
		close(from);
		close(out[1]);
		from = out[0];
	}
	if (fork_or_fail() == 0) {
		for (number = 0; number < 20000; number++)
			if (write(fds[1], &number, 4) != 4)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	while (read_all(from, &number, 4))
		require(number == next++ + 5);
	expect(next == 20000);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
