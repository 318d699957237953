/*
 * symbols.c - a table of symbols, honest and hostile.
 */
#include <string.h>

#include "tests/host/kernel.h"

#define snprintf	our_snprintf
#define vsnprintf	our_vsnprintf
#include "kernel/lib/format.c"
#include "kernel/lib/symbols.c"
#undef snprintf

/* Functions at 0x1000 and 0x1100, no more code from 0x1200 on. */
struct image {
	struct symbols_header header;
	struct symbols_function functions[3];
	struct symbols_line lines[4];
	struct symbols_frame frames[3];
	uint32_t files[2];
	char strings[32];
};

static const struct image honest = {
	.header = { SYMBOLS_MAGIC, 3, 4, 3, 0, 2, 32, 0 },
	.functions = { { 0x1000, 1 }, { 0x1100, 6 }, { 0x1200, 0 } },
	.lines = { { 0x1000, 0, 10 }, { 0x1008, 0, 12 }, { 0x1100, 1, 7 },
		   { 0x1200, 0, 0 } },
	.frames = { { 0x1000, 0 }, { 0x1001, 1 },
		    { 0x1003, SYMBOLS_FRAME_POINTER } },
	.files = { 12, 16 },
	/*           1     6      12   16 */
	.strings = "\0main\0hello\0a.c\0b.c",
};

static char answer[100];

static const char *look(const struct image *image, size_t bytes,
			uint32_t address)
{
	struct symbols symbols;

	if (symbols_open_memory(&symbols, image, bytes)) {
		symbols_format(answer, sizeof(answer), &symbols, address);
		symbols_frame_words(&symbols, address);
	} else {
		strcpy(answer, "refused");
	}
	return answer;
}

static bool says(uint32_t address, const char *text)
{
	return strcmp(look(&honest, sizeof(honest), address), text) == 0;
}

static void test_honest(void)
{
	ok(says(0x1000, "main+0x0 (a.c:10)"), "first_address_of_a_function");
	ok(says(0x1007, "main+0x7 (a.c:10)"), "address_within_a_line");
	ok(says(0x10ff, "main+0xff (a.c:12)"), "last_address_of_a_function");
	ok(says(0x1104, "hello+0x4 (b.c:7)"), "next_function_other_file");
	ok(says(0xfff, "0xfff"), "address_before_all_is_unknown");
	ok(says(0x1200, "0x1200"), "address_behind_all_is_unknown");
	ok(says(UINT32_MAX, "0xffffffff"), "highest_address_is_unknown");
}

static void test_sizes(void)
{
	static char odd[sizeof(honest) + 1];
	bool refused = true;

	/* A separate copy for each size lets the sanitizer watch the end. */
	for (size_t bytes = 0; bytes < sizeof(honest); bytes++) {
		char *copy = __builtin_malloc(bytes + 1);

		memcpy(copy, &honest, bytes);
		look((void *)copy, bytes, 0x1104);
		refused &= strcmp(answer, "refused") == 0;
		__builtin_free(copy);
	}
	ok(refused, "table_cut_short_is_refused");
	look(NULL, 0, 1);
	ok(strcmp(answer, "refused") == 0, "no_table_is_no_answer");
	memcpy(odd + 1, &honest, sizeof(honest));
	look((void *)(odd + 1), sizeof(honest), 0x1104);
	ok(strcmp(answer, "hello+0x4 (b.c:7)") == 0,
	   "misaligned_table_is_read_without_a_misaligned_access");
}

static void test_frames(void)
{
	struct symbols symbols;

	ok(symbols_open_memory(&symbols, &honest, sizeof(honest)) &&
	   symbols_frame_words(&symbols, 0x1000) == 0 &&
	   symbols_frame_words(&symbols, 0x1002) == 1 &&
	   symbols_frame_words(&symbols, 0x1104) == SYMBOLS_FRAME_POINTER &&
	   symbols_frame_words(&symbols, 0xfff) == SYMBOLS_FRAME_USUAL,
	   "place_of_the_return_address_follows_the_instruction");
}

static void test_names(void)
{
	struct image image = honest;

	memset(image.strings + 1, 'x', sizeof(image.strings) - 1);
	look(&image, sizeof(image), 0x1000);
	ok(strncmp(answer, "xxxx", 4) == 0 && strlen(answer) < 100,
	   "name_without_an_end_ends_with_the_table");
	strcpy(image.strings + 1, "a\n\033[1m\xff");
	look(&image, sizeof(image), 0x1000);
	ok(strncmp(answer, "a??[1m?+0x0", 11) == 0,
	   "bytes_that_move_the_cursor_are_not_printed");
}

static void test_counts_that_wrap(void)
{
	static const uint32_t counts[] = {
		4, 0x10000, 0x20000000, 0x40000000, 0x7fffffff, 0x80000000,
		0xffffffff,
	};
	struct image image;

	for (unsigned i = 0; i < ARRAY_LENGTH(counts); i++) {
		for (int field = 1; field < 7; field++) {
			image = honest;
			((uint32_t *)&image.header)[field] += counts[i];
			look(&image, sizeof(image), 0x1104);
		}
	}
	ok(true, "counts_that_wrap_read_nothing_outside");
}

/* Any word of a table may lie: the sanitizers judge. */
static void test_damage(void)
{
	size_t words = sizeof(honest) / sizeof(uint32_t);

	for (int round = 0; round < 200000; round++) {
		struct image *image = __builtin_malloc(sizeof(*image));

		*image = honest;
		for (int n = test_random() % 4; n >= 0; n--)
			((uint32_t *)image)[1 + test_random() % (words - 1)] =
				test_random() >> test_random() % 32;
		look(image, sizeof(*image), test_random() % 0x2000);
		__builtin_free(image);
	}
	ok(true, "damaged_table_reads_nothing_outside");
}

int main(void)
{
	test_honest();
	test_sizes();
	test_frames();
	test_names();
	test_counts_that_wrap();
	test_damage();
	return tap_done();
}
