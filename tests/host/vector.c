/*
 * vector.c - kernel/obj/vector.c: each byte of the joined range is the right
 * byte of a part, and no address around the range is.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 *
 * The model: the address of each byte, in an array.
 */
#include "tests/host/stub/host.h"

#include "kernel/lib/string.h"
#include "kernel/obj/vector.c"

#define BYTES_MOST	2000

static struct task task;
static struct vector vector;
static struct iovec parts[IOV_MAX];
static uaddr_t model[IOV_MAX * BYTES_MOST];
static uint8_t copy[IOV_MAX * BYTES_MOST];
static int count;

/* Parts that do not overlap, some empty, behind the vector itself. */
static void make_parts(void)
{
	uaddr_t at = host_user + IOV_MAX * sizeof(struct iovec);
	size_t total = 0;

	count = host_random(IOV_MAX + 1);
	for (int i = 0; i < count; i++) {
		size_t bytes = host_random(3) ? host_random(BYTES_MOST) : 0;

		parts[i] = (struct iovec){ (void *)(uintptr_t)at, bytes };
		for (size_t k = 0; k < bytes; k++)
			model[total++] = at + k;
		at += bytes + host_random(3);
	}
	memcpy(host_user_bytes(host_user), parts, sizeof(parts));
}

static size_t total(void)
{
	size_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += parts[i].iov_len;
	return sum;
}

static uint8_t *byte_at(size_t at)
{
	return host_user_bytes(model[at]);
}

static bool copies_are_right(size_t at, size_t bytes)
{
	bool is_right;

	for (size_t i = 0; i < bytes; i++)
		*byte_at(at + i) = i * 3;
	is_right = machine_copy_from_vector(copy, VECTOR_START + at,
					    bytes) == 0;
	for (size_t i = 0; i < bytes; i++) {
		is_right &= copy[i] == (uint8_t)(i * 3);
		copy[i] = i * 5;
	}
	is_right &= machine_copy_to_vector(VECTOR_START + at, copy,
					   bytes) == 0;
	for (size_t i = 0; i < bytes; i++)
		is_right &= *byte_at(at + i) == (uint8_t)(i * 5);
	is_right &= machine_clear_vector(VECTOR_START + at, bytes) == 0;
	for (size_t i = 0; i < bytes; i++)
		is_right &= *byte_at(at + i) == 0;
	return is_right;
}

static void test_copies(void)
{
	bool is_right = true, is_closed = true;

	for (int round = 0; round < 300; round++) {
		make_parts();
		is_right &= vector_begin(&vector, host_user, count) == 0;
		is_right &= vector.bytes == total();
		for (int i = 0; i < 10; i++) {
			size_t at = host_random(total() + 1);

			is_right &= copies_are_right(
				at, host_random(total() - at + 1));
		}
		is_closed &= machine_copy_from_vector(
			copy, VECTOR_START, total() + 1) == -EFAULT;
		is_closed &= machine_copy_to_vector(
			VECTOR_START + total(), copy, 1) == -EFAULT;
		is_closed &= machine_clear_vector(
			VECTOR_START - 1, 1) == -EFAULT;
		is_closed &= !vector_has(VECTOR_START + 1, (size_t)-1);
		vector_end(&vector);
		is_closed &= machine_copy_from_vector(
			copy, VECTOR_START, 0) == -EFAULT;
	}
	ok(is_right, "bytes_of_a_range_come_from_another_part");
	ok(is_closed, "address_outside_of_the_range_is_copied");
	is(host_pool_objects(), 0, "vector_is_not_freed");
}

static int begin(int n)
{
	memcpy(host_user_bytes(host_user), parts, sizeof(parts));
	return vector_begin(&vector, host_user, n);
}

static void test_refusals(void)
{
	for (int i = 0; i < IOV_MAX; i++)
		parts[i] = (struct iovec){ (void *)(uintptr_t)host_user, 1 };
	is(begin(-1), -EINVAL, "count_below_zero_is_valid");
	is(begin(IOV_MAX + 1), -EINVAL, "count_over_the_limit_is_valid");
	is(vector_begin(&vector, USER_HIGHEST, IOV_MAX), -EFAULT,
	   "vector_in_the_kernel_is_valid");
	parts[IOV_MAX - 1].iov_base = (void *)(uintptr_t)USER_HIGHEST;
	is(begin(IOV_MAX), -EFAULT, "part_in_the_kernel_is_valid");
	parts[IOV_MAX - 1].iov_len = SSIZE_MAX;
	is(begin(IOV_MAX), -EINVAL, "sum_over_ssize_max_is_valid");
	alloc_fail_countdown = 1;
	is(begin(IOV_MAX), -ENOMEM, "lack_of_memory_is_not_seen");
	ok(!task.vector, "refused_call_leaves_a_range");
	is(host_pool_objects(), 0, "refused_vector_is_not_freed");
}

int main(void)
{
	host_init(64);
	cpu.current = &task;
	test_copies();
	test_refusals();
	return tap_done();
}
