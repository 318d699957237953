/*
 * fs_contents.c - the bytes of files against a plain array, and a lack of
 * memory.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/memory.c tests/host/stub/kernel.c
 * link: kernel/fs/contents.c kernel/fs/contents_pages.c
 */
#include "tests/host/stub/host.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/contents.h"
#include "kernel/lib/string.h"

#define MODEL_BYTES	(6u << 20)	/* needs two levels of slots */

static struct contents file;

/* In parts, as a system call does. */
static int resize(uint32_t bytes)
{
	int error;

	while ((error = contents_resize(&file, bytes)) > 0)
		continue;
	return error;
}
static uint8_t *model;
static uint32_t model_bytes;
static uint8_t *image;

static void start(uint32_t image_bytes)
{
	memset(&file, 0, sizeof(file));
	memset(model, 0, MODEL_BYTES);
	model_bytes = 0;
	if (!image_bytes)
		return;
	for (uint32_t i = 0; i < ALIGN_UP(image_bytes, PAGE_SIZE); i++)
		image[i] = i % 251 + 1;
	memcpy(model, image, image_bytes);
	contents_set_image(&file, virt_to_frame(image), image_bytes);
	model_bytes = image_bytes;
}

static void finish(const char *name)
{
	resize(0);
	is(frame_count[FRAME_FILE], 0, "%s: all frames come back", name);
	is(file.frames, 0, "%s: no frames are counted", name);
}

static ssize_t put(uint64_t position, uint32_t bytes, uint8_t value)
{
	memset(host_user_bytes(host_user), value, bytes);
	for (uint32_t i = 0; i < bytes; i += 97)
		host_user_bytes(host_user)[i] = i + value;
	return contents_write(&file, position, host_user, bytes,
			      contents_from_user);
}

static void model_put(uint32_t position, uint32_t bytes)
{
	memcpy(model + position, host_user_bytes(host_user), bytes);
	model_bytes = MAX(model_bytes, position + bytes);
}

static void model_resize(uint32_t bytes)
{
	if (bytes < model_bytes)
		memset(model + bytes, 0, model_bytes - bytes);
	model_bytes = bytes;
}

static bool reads_like_model(uint32_t position, uint32_t bytes)
{
	uint32_t left = position < model_bytes ? model_bytes - position : 0;
	uint32_t expected = MIN(bytes, left);
	ssize_t done = contents_read(&file, position, host_user, bytes,
				     contents_to_user);

	return done == expected &&
	       memcmp(host_user_bytes(host_user), model + position,
		      expected) == 0;
}

static bool is_like_model(void)
{
	for (uint32_t at = 0; at <= model_bytes; at += HOST_USER_BYTES)
		if (!reads_like_model(at, HOST_USER_BYTES))
			return false;
	return file.bytes == model_bytes;
}

/* Some change at a random place; most are small, some cross many pages. */
static bool random_change(void)
{
	uint32_t spread = host_random(4) ? 40000 : MODEL_BYTES;
	uint32_t position = host_random(spread);
	uint32_t most = host_random(8) ? 9000 : 200000;
	uint32_t bytes = host_random(MIN(most, MODEL_BYTES - position)) + 1;

	if (host_random(6) == 0) {
		model_resize(position);
		return resize(position) == 0;
	}
	if (put(position, bytes, host_random(256)) != bytes)
		return false;
	model_put(position, bytes);
	return true;
}

static void test_random(uint32_t image_bytes, const char *name)
{
	bool good = true;

	start(image_bytes);
	for (int i = 0; good && i < 1500; i++) {
		good = random_change() &&
		       reads_like_model(host_random(50000), 30000);
		if (good && i % 50 == 0)
			good = is_like_model();
	}
	ok(good && is_like_model(), "%s: reads what was written", name);
	finish(name);
}

static void test_image(void)
{
	uint8_t *copy = malloc(3 * PAGE_SIZE);
	frame_t own;

	start(2 * PAGE_SIZE + 100);
	memcpy(copy, image, 3 * PAGE_SIZE);
	is(contents_look(&file, 1), virt_to_frame(image) + 1,
	   "image_page_is_used_in_place");
	put(PAGE_SIZE + 5, 1, 7);
	model_put(PAGE_SIZE + 5, 1);
	ok(memcmp(image, copy, 3 * PAGE_SIZE) == 0, "write_spares_the_image");
	ok(is_like_model(), "write_copies_the_rest_of_the_page");
	is(contents_pages(&file), 3, "copied_page_counts_once");
	own = contents_make(&file, 2);
	ok(own && ((uint8_t *)frame_to_virt(own))[100] == 0,
	   "next_file_does_not_show_behind_the_end");
	resize(0);
	start(2 * PAGE_SIZE + 100);
	resize(3 * PAGE_SIZE);
	model_resize(3 * PAGE_SIZE);
	ok(is_like_model(), "growing_over_the_image_end_shows_zeros");
	resize(0);
	start(2 * PAGE_SIZE + 100);
	put(9 * PAGE_SIZE, 10, 1);
	model_put(9 * PAGE_SIZE, 10);
	ok(is_like_model(), "writing_far_behind_the_image_shows_zeros");
	resize(10);
	resize(5000);
	model_resize(10);
	model_resize(5000);
	ok(is_like_model(), "cut_image_does_not_come_back");
	finish("image");
	free(copy);
}

/* Pages far apart, with no page between them. */
static void test_sparse(void)
{
	const uint64_t step = 1ull << 32;
	bool good = true;

	start(0);
	for (uint64_t i = 0; i < 60; i++)
		good = good && put(i * step + i, 1, i + 1) == 1;
	for (uint64_t i = 0; i < 60; i++)
		good = good && contents_read(&file, i * step + i, host_user, 1,
					     contents_to_user) == 1 &&
		       *host_user_bytes(host_user) == i + 1;
	ok(good, "bytes_of_equal_low_words_are_apart");
	is(file.frames, 60, "holes take no frames");
	is(contents_resize(&file, 30 * step), 1, "cut in parts");
	ok(file.bytes > 30 * step, "the parts begin at the end");
	/* Two pages of slots are looked through for each page. */
	for (int parts = 0; parts < 90 && contents_resize(&file, 30 * step);)
		parts++;
	is(file.frames, 30, "parts_end_though_the_pages_are_far_apart");
	ok(file.bytes == 30 * step, "the length is right");
	finish("sparse");
}

static void test_edges(void)
{
	start(0);
	is(put(CONTENTS_LARGEST, 1, 1), -EFBIG, "write_at_the_largest_offset");
	is(put(CONTENTS_LARGEST - 3, 10, 1), 3, "write_up_to_the_largest");
	is(contents_read(&file, CONTENTS_LARGEST, host_user, 1,
			 contents_to_user), 0, "read_at_the_end_is_0");
	is(put(0, 0, 1), 0, "write_of_nothing");
	resize(0);
	model_bytes = 0;
	is(contents_write(&file, 0, host_user + HOST_USER_BYTES - 5000, 9000,
			  contents_from_user), PAGE_SIZE,
	   "bad_address_in_the_second_page_is_a_short_write");
	is(contents_write(&file, 0, 16, 1, contents_from_user), -EFAULT,
	   "bad_address_at_once_is_efault");
	is(file.bytes, PAGE_SIZE, "efault_leaves_the_length");
	resize(0);
	memset(host_user_bytes(host_user), 0x55, HOST_USER_BYTES);
	is(contents_write(&file, 4096, host_user + HOST_USER_BYTES - 50, 100,
			  contents_from_user), -EFAULT, "write_broken_off");
	resize(8192);
	model_resize(8192);
	ok(is_like_model(), "broken_off_write_is_not_found_behind_the_end");
	is(contents_read(&file, 0, 16, 1, contents_to_user), -EFAULT,
	   "read_to_a_bad_address");
	finish("edges");
}

/* Let allocation 1, 2, 3... of one write fail: the result counts the written
 * bytes, and the rest leaves no trace. */
static void test_no_memory(void)
{
	const uint32_t position = (4u << 20) - 100;
	uint32_t bytes = 2 * PAGE_SIZE, n, failures = 0;
	bool good = true;

	for (n = 1; n < 20; n++) {
		ssize_t done;

		start(PAGE_SIZE / 2);
		alloc_fail_countdown = n;
		done = put(position, bytes, 3);
		failures += done != bytes;
		alloc_fail_countdown = 0;
		good = good && (done == -ENOSPC || done > 0);
		if (done > 0)
			model_put(position, done);
		good = good && is_like_model();
		resize(0);
		good = good && frame_count[FRAME_FILE] == 0;
	}
	ok(good, "failed_allocation_is_enospc_or_a_short_write");
	ok(failures > 3, "allocations did fail (%u)", failures);
}

static void test_full(void)
{
	uint32_t position = 0;
	ssize_t done;

	start(0);
	while ((done = put(position, 1u << 20, 1)) > 0)
		position += done;
	is(done, -ENOSPC, "full_memory_is_enospc");
	ok(frame_count[FRAME_FREE] > 0, "a_full_tree_leaves_some_frames");
	is(position, file.bytes, "what was written is there");
	finish("full");
}

int main(void)
{
	host_init(3000);
	image = host_boot_memory(16 * PAGE_SIZE);
	model = malloc(MODEL_BYTES);
	test_random(0, "empty file");
	test_random(10 * PAGE_SIZE + 77, "file of the image");
	test_image();
	test_sparse();
	test_edges();
	test_no_memory();
	test_full();
	free(model);
	return tap_done();
}
