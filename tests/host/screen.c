/*
 * screen.c - the text screen: cursor, scrolling, escape sequences.
 */
#include <string.h>

#include "tests/host/kernel.h"

#include "arch/i686/screen.c"

#define ATTRIBUTES	0xff00

static uint16_t cells[SCREEN_CELLS + 80];	/* and a fence behind */
static struct screen screen;

static void show(const char *text)
{
	screen_write(&screen, text, strlen(text));
}

static void start(void)
{
	memset(cells, 0xee, sizeof(cells));
	screen_init(&screen, cells);
}

/* Does the row begin with this text, and go on with a blank? */
static bool row_is(int row, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if ((cells[row * SCREEN_COLUMNS + i] & 0xff) != text[i])
			return false;
	}
	return (cells[row * SCREEN_COLUMNS + length] & 0xff) == ' ';
}

static bool cursor_is(int row, int column)
{
	return screen.row == row && screen.column == column;
}

static void test_plain(void)
{
	start();
	show("one\r\ntwo\ttab\r\nx\b\by");
	ok(row_is(0, "one"), "first_line");
	ok(row_is(1, "two     tab"), "tab_goes_to_the_next_stop");
	ok(row_is(2, "y"), "backspace_stops_at_the_margin");
	ok(cursor_is(2, 1), "cursor_is_behind_the_last_character");
}

static void test_full_line(void)
{
	start();
	for (int i = 0; i < SCREEN_COLUMNS; i++)
		show("x");
	is(screen.row, 0, "line_of_80_stays_on_its_line");
	show("\r\nnext");
	ok(row_is(1, "next"), "newline_after_80_makes_no_empty_line");
	for (int i = 0; i < SCREEN_COLUMNS; i++)
		show("y");
	is(cells[2 * SCREEN_COLUMNS] & 0xff, 'y', "longer_line_goes_on_below");
}

static void test_scrolling(void)
{
	char line[20];

	start();
	for (int i = 0; i < 30; i++) {
		snprintf(line, sizeof(line), "line %d\r\n", i);
		show(line);
	}
	ok(row_is(0, "line 6"), "top_line_scrolls_away");
	ok(row_is(23, "line 29"), "last_line_is_at_the_bottom");
	ok(row_is(24, ""), "bottom_line_is_clear");
	is(cells[SCREEN_CELLS], 0xeeee, "nothing_is_written_behind_the_screen");
}

static void test_moves(void)
{
	start();
	show("\033[5;10H");
	ok(cursor_is(4, 9), "H_places_from_1");
	show("\033[2A\033[3B\033[4C\033[D");
	ok(cursor_is(5, 12), "ABCD_move");
	show("\033[99A\033[99D");
	ok(cursor_is(0, 0), "moves_stop_at_the_corner");
	show("\033[200;200f");
	ok(cursor_is(24, 79), "places_are_on_the_screen");
	show("\033[H");
	ok(cursor_is(0, 0), "H_alone_is_the_corner");
	show("\033[;5H");
	ok(cursor_is(0, 4), "missing_number_is_1");
	show("\033[7G");
	ok(cursor_is(0, 6), "G_places_in_the_line");
}

static void test_clearing(void)
{
	start();
	show("abcdef\033[3D\033[K");
	ok(row_is(0, "abc"), "K_clears_to_the_end_of_the_line");
	show("\033[1;2H\033[1K");
	ok((cells[1] & 0xff) == ' ' && (cells[2] & 0xff) == 'c',
	   "1K_clears_up_to_the_cursor");
	show("\r\nsecond\033[2J");
	ok(row_is(0, "") && row_is(1, ""), "2J_clears_all");
	show("\033[1;1Hone\r\ntwo\033[1;2H\033[J");
	ok(row_is(0, "o") && row_is(1, ""), "J_clears_to_the_end");
}

static void test_colours(void)
{
	start();
	show("a\033[31mb\033[1;34;47mc\033[7md\033[0me\033[92mf");
	is(cells[0] & ATTRIBUTES, 0x0700, "plain_is_white_on_black");
	is(cells[1] & ATTRIBUTES, 0x0400, "ansi_red_is_vga_red");
	is(cells[2] & ATTRIBUTES, 0x7900, "bright_blue_on_white");
	is(cells[3] & ATTRIBUTES, 0x9700 & 0x7f00, "inverse_swaps");
	is(cells[4] & ATTRIBUTES, 0x0700, "0_resets_all");
	is(cells[5] & ATTRIBUTES, 0x0a00, "90s_are_bright");
}

static void test_cursor(void)
{
	start();
	show("\033[?25l");
	ok(screen.cursor_is_hidden, "cursor_can_be_hidden");
	show("\033[25h");
	ok(screen.cursor_is_hidden, "mode_without_question_mark_is_another");
	show("\033[?25h");
	ok(!screen.cursor_is_hidden, "cursor_can_be_shown");
}

static void test_odd_sequences(void)
{
	start();
	show("\033[1;2;3;4;5;6;7;8;9;10;11zx");
	ok(row_is(0, "x"), "unknown_sequence_is_swallowed");
	show("\r\033[99999999999999999999Ax\033cx");
	ok(row_is(0, "xx"), "huge_number_does_no_harm");
	show("\r\033[3\n");
	is(screen.escape, ESCAPE_NONE, "control_character_ends_a_sequence");
}

static void test_saving(void)
{
	start();
	show("ab\0337\033[999;999H\033[6n\0338c");
	ok(row_is(0, "abc"), "restore_brings_the_cursor_back");
	is(cells[SCREEN_CELLS - 1] & 0xff, ' ', "asking_for_it_draws_nothing");
}

/* Whatever comes, the cursor stays on the screen; the sanitizers judge. */
static void test_noise(void)
{
	static const char likely[] = "\033[[[0123456789;;?ABCDGHJKfmhl\n\t\b";
	bool inside = true;
	char c;

	start();
	for (int i = 0; i < 500000; i++) {
		c = test_random() % 4 ? likely[test_random() %
					       (sizeof(likely) - 1)] :
			(char)test_random();
		screen_write(&screen, &c, 1);
		inside &= screen.row < SCREEN_ROWS &&
			  screen.column <= SCREEN_COLUMNS;
	}
	ok(inside, "noise_leaves_the_cursor_on_the_screen");
	is(cells[SCREEN_CELLS], 0xeeee, "noise_writes_nothing_behind");
}

int main(void)
{
	test_plain();
	test_full_line();
	test_scrolling();
	test_moves();
	test_clearing();
	test_colours();
	test_cursor();
	test_odd_sequences();
	test_saving();
	test_noise();
	return tap_done();
}
