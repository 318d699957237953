/*
 * window.c - the size of the terminal: the question, and its answer among keys.
 */
#include <string.h>

#include "tests/host/kernel.h"

#include "kernel/dev/window.c"

static struct window window;
static unsigned asked;
static char typed[256];
static uint64_t now_ns = 1;

static void count_question(const char *bytes, size_t length)
{
	asked += length == sizeof(question) - 1 &&
		 memcmp(bytes, question, length) == 0;
}

static void start(void)
{
	window_init(&window, count_question);
	asked = 0;
	now_ns += PAUSE_NS;
}

static void ask(void)
{
	window_ask(&window, now_ns);
	now_ns += PAUSE_NS;
}

/* The typed keys in these bytes. */
static const char *keys_of(const char *bytes)
{
	uint8_t keys[WINDOW_HELD + 1];
	size_t length = 0, count;

	for (; *bytes; bytes++) {
		count = window_filter(&window, *bytes, keys);
		memcpy(typed + length, keys, count);
		length += count;
	}
	typed[length] = '\0';
	return typed;
}

static bool passes(const char *bytes, const char *wanted)
{
	return strcmp(keys_of(bytes), wanted) == 0;
}

static bool has_size(unsigned rows, unsigned columns)
{
	return window.size.ws_row == rows && window.size.ws_col == columns;
}

static void test_answer(void)
{
	start();
	ok(has_size(25, 80), "a_window_begins_with_25_by_80");
	ask();
	is(asked, 1, "the_question_goes_out");
	ok(passes("\033[10;40R", ""), "no_program_reads_the_answer");
	ok(has_size(10, 40), "the_answer_is_the_size");
	ask();
	ok(passes("l\033[50;132Rs", "ls") && has_size(50, 132),
	   "keys_around_the_answer_are_kept");
	ask();
	ok(passes("\033\033[50;20R", "\033") && has_size(50, 20),
	   "escape_before_the_answer_is_kept");
}

static void test_keys(void)
{
	static const char *const others[] = {
		"\033[A", "\033OA", "\033[1;5C", "\033[3~", "\033b", "\033[R",
		"\033[;5R", "\033[5R", "\033[5;R", "\033[1;2;3R", "\033[[A",
		"\033[123456789012R", "\033[1;123456789012R",
	};

	start();
	ask();
	for (unsigned i = 0; i < ARRAY_LENGTH(others); i++)
		ok(passes(others[i], others[i]), "key_is_not_an_answer_%u", i);
	ok(has_size(25, 80), "and_changes_no_size");
	ok(passes("\033[1;5", ""), "bytes_that_may_be_an_answer_wait");
	is(window_release(&window, (uint8_t *)typed), 5, "until_time_is_up");
	ok(memcmp(typed, "\033[1;5", 5) == 0, "and_are_typed_then");
	ok(passes("R", "R"), "what_comes_later_is_a_key");
}

static void test_nonsense(void)
{
	start();
	ask();
	ok(passes("\033[1;1R", "") && has_size(25, 80),
	   "a_window_too_small_is_no_size");
	ask();
	ok(passes("\033[0;0R", "") && has_size(25, 80), "nor_is_none_at_all");
	ask();
	ok(passes("\033[99999;80R", "") && has_size(25, 80),
	   "nor_one_too_large");
	ok(passes("\033[10;40R", "\033[10;40R"),
	   "a_report_without_a_question_is_the_program's");
}

static void test_silence(void)
{
	start();
	window_ask(&window, now_ns);
	window_ask(&window, now_ns + PAUSE_NS - 1);
	is(asked, 1, "questions_have_a_pause_between_them");
	for (int i = 0; i < 10; i++) {
		now_ns += PAUSE_NS;
		ask();
	}
	is(asked, UNANSWERED_MAX, "a_silent_terminal_is_left_in_peace");
	ok(passes("\033[10;40R", "") && has_size(10, 40),
	   "an_answer_may_come_late");
	ask();
	is(asked, UNANSWERED_MAX + 1, "and_gives_hope_again");
	start();
	window.is_dumb = true;
	ask();
	is(asked, 0, "a_dumb_terminal_is_never_asked");
	ok(passes("\033[10;40R", "\033[10;40R"), "and_keeps_all_its_keys");
}

int main(void)
{
	test_answer();
	test_keys();
	test_nonsense();
	test_silence();
	return tap_done();
}
