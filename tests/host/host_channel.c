/*
 * host_channel.c - the framing of the host channel, at every way to cut it.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c kernel/dev/host.c
 */
#include "tests/host/stub/host.h"

#include "kernel/abi/errno.h"
#include "kernel/dev/host.h"
#include "kernel/fs/device.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/obj/file.h"
#include "kernel/task/cpu.h"

/* ---- Stubs below host.c -------------------------------------------------- */

static struct open_file file;
static void (*deferred)(void);
static char sent[16384];
static size_t sent_length;
static unsigned wakes, resumes;

void cpu_set_deferred(enum pending_bit bit, void (*work)(void))
{
	ok(bit == PENDING_HOST, "work_has_the_bit_of_the_channel");
	deferred = work;
}

int device_register(const char *name, struct object *object, mode_t mode)
{
	(void)mode;
	ok(strcmp(name, "host") == 0, "device_is_called_host");
	list_init(&object->queue[END_READ].sleepers);
	list_init(&object->queue[END_READ].watchers);
	file.object = object;
	return 0;
}

void wait_wake(struct wait_queue *queue)
{
	(void)queue;
	wakes++;
}

bool arch_host_is_present(void)
{
	return true;
}

void arch_host_write(const char *bytes, size_t length)
{
	memcpy(sent + sent_length, bytes, length);
	sent_length += length;
}

void arch_host_input_resume(void)
{
	resumes++;
}

/* ---- Tests -------------------------------------------------------------- */

static bool feed(const char *bytes, size_t length)
{
	for (; length > 0; length--)
		if (!machine_host_input(*bytes++))
			return false;
	return true;
}

static ssize_t read_host(size_t bytes)
{
	return file.object->ops->read(&file, host_user, bytes);
}

static bool is_readable(void)
{
	return file.object->ops->poll(&file) & POLLIN;
}

static bool got(const char *wanted, size_t length)
{
	return memcmp(host_user_bytes(host_user), wanted, length) == 0;
}

static void test_framing(void)
{
	is(read_host(10), -EAGAIN, "empty_channel_says_try_again");
	ok(!is_readable(), "and_poll_agrees");
	feed("ab\x10\x10" "c", 5);
	ok(is_readable(), "poll_sees_input");
	is(read_host(10), 4, "dle_dle_is_one_byte");
	ok(got("ab\x10" "c", 4), "and_that_byte_is_dle");
	feed("\x10", 1);
	is(read_host(10), -EAGAIN, "half_a_frame_is_no_input");
	ok(!is_readable(), "nor_for_poll");
	feed("\x10", 1);
	is(read_host(10), 1, "the_other_half_completes_it");
}

/* Reads of every size give the same bytes in the same order. */
static void test_sizes(void)
{
	static const char framed[] = "x\x10\x10y\x10\x10\x10\x10z";
	static const char plain[] = "x\x10y\x10\x10z";
	bool same = true;

	for (size_t size = 1; size < sizeof(plain) + 1; size++) {
		size_t done = 0;

		feed(framed, sizeof(framed) - 1);
		while (done < sizeof(plain) - 1) {
			ssize_t part = read_host(size);

			if (part <= 0)
				break;
			same &= got(plain + done, part);
			done += part;
		}
		same &= done == sizeof(plain) - 1;
	}
	ok(same, "reads_of_every_size_give_the_same_bytes");
}

static void test_bad_address(void)
{
	feed("abc", 3);
	is(file.object->ops->read(&file, 16, 3), -EFAULT,
	   "bad_address_is_efault");
	is(read_host(3), 3, "and_eats_no_input");
}

static void test_full(void)
{
	char byte = 'q';
	bool same = true;
	uint32_t fed = 0;

	while (feed(&byte, 1))
		fed++;
	is(fed, RING_BYTES, "full_channel_refuses_a_byte");
	resumes = 0;
	is(read_host(RING_BYTES * 2), RING_BYTES, "all_that_fitted_is_read");
	for (uint32_t i = 0; i < fed; i++)
		same &= host_user_bytes(host_user)[i] == 'q';
	ok(same, "and_nothing_is_damaged");
	ok(resumes > 0, "driver_is_told_that_there_is_room");
}

static void test_writing(void)
{
	char *from = (char *)host_user_bytes(host_user);
	size_t done = 0;

	for (size_t i = 0; i < 10000; i++)
		from[i] = i % 253;
	while (done < 10000)
		done += file.object->ops->write(&file, host_user + done,
						10000 - done);
	is(sent_length, 10000, "all_bytes_reach_the_host");
	ok(memcmp(sent, from, 10000) == 0, "as_they_are");
	is(file.object->ops->write(&file, 16, 5), -EFAULT,
	   "write_from_a_bad_address_is_efault");
}

static void test_end(void)
{
	wakes = 0;
	feed("last\x10\x04", 6);
	deferred();
	is(read_host(100), 4, "bytes_before_the_end_come_first");
	is(read_host(100), 0, "then_end_of_file");
	is(read_host(100), 0, "for_good");
	ok(is_readable(), "end_of_file_is_readable");
}

int main(void)
{
	host_init(1);
	host_channel_init(true);
	test_framing();
	test_sizes();
	test_bad_address();
	test_full();
	test_writing();
	test_end();
	return tap_done();
}
