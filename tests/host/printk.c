/*
 * printk.c - formats against the host's printf, and a log under interruption.
 *
 * flags: -Wno-format -Wno-format-truncation -Wno-format-overflow
 */
#include <string.h>

#include "tests/host/kernel.h"

#define snprintf	our_snprintf
#define vsnprintf	our_vsnprintf
#define strlcpy		our_strlcpy
#include "kernel/lib/format.c"
#include "kernel/lib/printk.c"
#undef snprintf

static void forget_log(void)
{
	written = sunk = busy = 0;
	log_sink = NULL;
}

/* ---- Formats ----------------------------------------------------------- */

static int mismatches;

/* The format and its arguments must give the same text as on the host, at any
   size. */
#define same(...) do { \
	char ours[128], theirs[128]; \
	for (size_t size = 0; size < sizeof(ours); size += 7) { \
		memset(ours, '#', sizeof(ours)); \
		memset(theirs, '#', sizeof(theirs)); \
		int a = our_snprintf(ours, size, __VA_ARGS__); \
		int b = snprintf(theirs, size, __VA_ARGS__); \
		if (a == b && memcmp(ours, theirs, sizeof(ours)) == 0) \
			continue; \
		mismatches++; \
		printf("# line %d size %zu: %d \"%s\", host %d \"%s\"\n", \
		       __LINE__, size, a, size ? ours : "", b, \
		       size ? theirs : ""); \
		break; \
	} \
} while (0)

static void test_integers(void)
{
	static const long long values[] = {
		0, 1, -1, 9, 10, 42, -42, 255, 65535, INT32_MAX, INT32_MIN,
		UINT32_MAX, 4294967296, 1000000000000, INT64_MAX, INT64_MIN,
	};

	mismatches = 0;
	for (unsigned i = 0; i < ARRAY_LENGTH(values); i++) {
		long long v = values[i];

		same("%d|%i|%u|%x|%X|%o", (int)v, (int)v, (unsigned)v,
		     (unsigned)v, (unsigned)v, (unsigned)v);
		same("%lld|%llu|%llx|%llo", v, v, v, v);
		same("%ld|%lu|%zu", (long)v, (long)v, (size_t)v);
		same("%8d|%-8d|%08d|%+d|% d", (int)v, (int)v, (int)v, (int)v,
		     (int)v);
		same("%.5d|%8.5d|%-8.5d|%08.5d|%.0d", (int)v, (int)v, (int)v,
		     (int)v, (int)v);
		same("%#x|%#10x|%#010x|%#X", (unsigned)v, (unsigned)v,
		     (unsigned)v, (unsigned)v);
		same("%*d|%-*d|%*d|%.*d", 6, (int)v, 6, (int)v, -6, (int)v, 3,
		     (int)v);
	}
	is(mismatches, 0, "integers_are_formatted_as_the_host_does");
}

static void test_texts(void)
{
	mismatches = 0;
	same("%s|%10s|%-10s|%.2s|%10.2s|%-10.2s|", "abc", "abc", "abc", "abc",
	     "abc", "abc");
	same("%c|%5c|%-5c|", 'x', 'y', 'z');
	same("%%|%5s|%.0s|", "", "abc");
	same("no conversion at all");
	is(mismatches, 0, "texts_are_formatted_as_the_host_does");
}

static void test_oddities(void)
{
	char to[32];
	char unended[3] = { 'a', 'b', 'c' };

	our_snprintf(to, sizeof(to), "%s", (char *)NULL);
	ok(strcmp(to, "(null)") == 0, "null_string_is_shown_not_read");
	our_snprintf(to, sizeof(to), "%.3s", unended);
	ok(strcmp(to, "abc") == 0, "precision_bounds_what_is_read");
	our_snprintf(to, sizeof(to), "%y|%");
	ok(strcmp(to, "%y|") == 0, "unknown_conversion_stays_as_it_is");
	our_snprintf(to, sizeof(to), "%p", (void *)0x1234);
	ok(strcmp(to, "0x1234") == 0, "pointers_have_a_prefix");
}

static void test_text(void)
{
	char bytes[8] = "#######";
	struct text text = { bytes, 6, 0 };

	text_printf(&text, "%s", "abc");
	text_printf(&text, "%d", 12345);
	is(text.length, 8, "text_counts_what_did_not_fit");
	ok(memcmp(bytes, "abc123##", 7) == 0, "text_writes_only_its_buffer");
}

/* ---- The log ------------------------------------------------------------ */

static char sunk_text[64 * 1024];
static size_t sunk_length;
static int lines_from_sink;		/* so many lines come from the sink */
static int deepest, depth;

static void sink(const char *bytes, size_t length)
{
	if (++depth > deepest)
		deepest = depth;
	memcpy(sunk_text + sunk_length, bytes, length);
	sunk_length += length;
	if (lines_from_sink > 0) {
		lines_from_sink--;
		printk("from sink %d\n", lines_from_sink);
	}
	depth--;
}

static void start_log(void)
{
	forget_log();
	memset(sunk_text, 0, sizeof(sunk_text));
	sunk_length = 0;
	lines_from_sink = deepest = 0;
}

static void test_sink(void)
{
	start_log();
	printk("early %d\n", 1);
	printk("early %d\n", 2);
	printk_set_sink(sink);
	ok(strcmp(sunk_text, "early 1\nearly 2\n") == 0,
	   "lines_before_the_sink_are_replayed");
	printk("late\n");
	printk_set_sink(NULL);
	printk("kept\n");
	ok(strcmp(sunk_text, "early 1\nearly 2\nlate\n") == 0,
	   "no_line_comes_twice_or_goes_to_a_sink_that_left");
	printk_set_sink(sink);
	ok(strcmp(sunk_text, "early 1\nearly 2\nlate\nkept\n") == 0,
	   "lines_without_a_sink_wait_for_the_next");
}

static void test_recursion(void)
{
	start_log();
	lines_from_sink = 3;
	printk_set_sink(sink);
	printk("outer\n");
	ok(strcmp(sunk_text, "outer\nfrom sink 2\nfrom sink 1\nfrom sink 0\n")
	   == 0, "sink_may_log_and_nothing_is_lost");
	is(deepest, 1, "sink_is_never_inside_itself");
	is(busy, 0, "log_is_idle_afterwards");
}

/* A switch away from a task inside printk(); other tasks log before it goes
   on. */
static void test_preempted_writer(void)
{
	start_log();
	printk_set_sink(sink);
	busy = 1;
	printk("meanwhile\n");
	is(sunk_length, 0, "nobody_drains_while_a_line_may_be_half_written");
	leave();
	ok(strcmp(sunk_text, "meanwhile\n") == 0,
	   "the_first_writer_carries_what_the_others_left");
	busy = 1;
	printk_break_in();
	printk("PANIC\n");
	ok(strstr(sunk_text, "PANIC\n") != NULL,
	   "panic_inside_printk_is_not_silent");
}

static void test_overflow(void)
{
	static char all[40000];
	struct text text = { all, sizeof(all), 0 };

	start_log();
	for (int i = 0; i < 2000; i++) {
		printk("line %d\n", i);
		text_printf(&text, "line %d\n", i);
	}
	printk_set_sink(sink);
	is(sunk_length, HISTORY_BYTES, "late_sink_gets_what_the_ring_holds");
	ok(memcmp(sunk_text, all + text.length - HISTORY_BYTES,
		  HISTORY_BYTES) == 0, "late_sink_gets_it_in_order");
}

static void test_long_line(void)
{
	char big[400];

	start_log();
	printk_set_sink(sink);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	printk("%s\n", big);
	is(sunk_length, LINE_BYTES, "a_line_too_long_is_cut");
	is(sunk_text[LINE_BYTES - 1], '\n', "a_line_that_was_cut_still_ends");
}

int main(void)
{
	test_integers();
	test_texts();
	test_oddities();
	test_text();
	test_sink();
	test_recursion();
	test_preempted_writer();
	test_overflow();
	test_long_line();
	return tap_done();
}
