/*
 * line.c - the line discipline: editing, echo, signals, raw mode.
 */
#include <string.h>

#include "tests/host/kernel.h"

#include "kernel/dev/line.c"
#include "kernel/dev/line_screen.c"

static struct line line;
static char shown[8192];
static size_t shown_length;
static int signals[10];
static unsigned signal_count;

static void show(struct line_screen *of, const char *bytes, size_t length)
{
	(void)of;
	for (; length > 0 && shown_length < sizeof(shown) - 1; length--)
		shown[shown_length++] = *bytes++;
	shown[shown_length] = '\0';
}

static void note_signal(struct line *of, int number)
{
	(void)of;
	signals[signal_count++ % ARRAY_LENGTH(signals)] = number;
}

static void start(void)
{
	static uint16_t cells[LINE_CELLS];

	line = (struct line){ .screen.output = show, .signal = note_signal,
			      .cells = cells };
	line_init(&line);
	shown_length = signal_count = 0;
	shown[0] = '\0';
}

static void start_raw(void)
{
	struct termios modes;

	start();
	modes = line.screen.modes;
	modes.c_lflag = 0;
	modes.c_iflag = 0;
	line_set_modes(&line, &modes);
}

static void type(const char *keys)
{
	for (; *keys; keys++)
		line_input(&line, *keys);
}

static char got[LINE_CELLS + 1];

/* The result of a read of size bytes: the length, with the bytes in `got`; -1
 * when no byte is ready. */
static int read_line(size_t size)
{
	struct line_piece piece;

	got[0] = '\0';
	if (!line_is_readable(&line, size))
		return -1;
	line_peek(&line, (uint8_t *)got, size, &piece);
	line_consume(&line, &piece);
	got[piece.bytes] = '\0';
	return piece.bytes;
}

static bool reads(const char *wanted)
{
	read_line(sizeof(got) - 1);
	if (strcmp(got, wanted) == 0)
		return true;
	printf("# read \"%s\"\n", got);
	return false;
}

static bool shows(const char *wanted)
{
	if (strcmp(shown, wanted) == 0)
		return true;
	printf("# shown \"%s\"\n", shown);
	return false;
}

/* ---- Canonical mode ------------------------------------------------------ */

static void test_lines(void)
{
	start();
	type("hello");
	is(read_line(100), -1, "half_a_line_cannot_be_read");
	ok(!line_has_input(&line), "half_a_line_is_no_input");
	type("\rnext\r");
	ok(reads("hello\n"), "return_ends_a_line");
	ok(reads("next\n"), "a_read_gives_one_line_only");
	is(read_line(100), -1, "then_there_is_nothing");
	ok(shows("hello\r\nnext\r\n"), "what_is_typed_is_shown");
}

static void test_short_reads(void)
{
	start();
	type("abcdef\r");
	is(read_line(4), 4, "short_read_gives_a_part");
	ok(strcmp(got, "abcd") == 0, "the_first_part");
	ok(reads("ef\n"), "the_rest_waits");
}

static void test_end_of_file(void)
{
	start();
	type("\004");
	is(read_line(100), 0, "ctrl_d_alone_is_end_of_file");
	is(read_line(100), -1, "end_of_file_comes_once");
	type("abc\004");
	is(read_line(100), 3, "ctrl_d_in_a_line_pushes_it");
	is(read_line(100), -1, "and_is_no_end_of_file");
	type("abc\004");
	is(read_line(3), 3, "read_of_just_what_was_pushed");
	is(read_line(3), -1, "does_not_leave_an_end_of_file_behind");
	type("ab\004\004");
	is(read_line(100), 2, "pushed_then");
	is(read_line(100), 0, "second_ctrl_d_is_end_of_file");
	ok(shows("abcabcab"), "ctrl_d_is_not_shown");
}

static void test_erase(void)
{
	start();
	type("abx\177c\r");
	ok(reads("abc\n"), "erase_takes_one_character");
	ok(shows("abx\b \bc\r\n"), "erase_wipes_it");
	start();
	type("\177\177a\r");
	ok(reads("a\n") && shows("a\r\n"), "erase_stops_at_the_start");
	start();
	type("one\r\177two\r");
	ok(reads("one\n") && reads("two\n"), "erase_leaves_ended_lines");
	start();
	type("a\001\177b\r");
	ok(shows("a^A\b \b\b \bb\r\n"), "erase_wipes_both_columns_of_a_caret");
	start();
	type("\303\244\177b\r");
	ok(reads("b\n"), "erase_takes_all_bytes_of_a_utf8_character");
	ok(shows("\303\244\b \bb\r\n"), "and_wipes_one_column");
}

static void test_erase_tab(void)
{
	start();
	line_output(&line.screen, "$ ", 2);
	type("ab\t\177");
	ok(shows("$ ab\t\b\b\b\b"), "erase_of_a_tab_goes_back_to_its_start");
	type("c\r");
	ok(reads("abc\n"), "erase_of_a_tab_is_one_character");
}

static void test_kill_and_word(void)
{
	start();
	type("some words here\025ls\r");
	ok(reads("ls\n"), "kill_empties_the_line");
	start();
	type("one two  \027x\r");
	ok(reads("one x\n"), "werase_takes_a_word_and_blanks_behind");
	start();
	type("word\027\027\r");
	ok(reads("\n"), "werase_stops_at_the_start");
	start();
	line.screen.modes.c_lflag &= ~IEXTEN;
	type("a\027\r");
	ok(reads("a\027\n"), "werase_is_an_extension");
}

/* A terminal of four columns. */
static void test_rows(void)
{
	start();
	line.screen.columns = 4;
	type("abcd");
	ok(shows("abcd \r"), "a_full_row_moves_on_at_once");
	type("e");
	shown_length = 0;
	type("\177\177\177");
	ok(shows("\b \b" TO_LAST_COLUMN "\b \b"), "erasing_goes_back_up");
	type("x\n");
	ok(reads("abx\n"), "and_takes_out_what_it_wiped");
	start();
	line.screen.columns = 4;
	type("abc\001");
	shown_length = 0;
	type("\177");
	ok(shows("\b \b" TO_LAST_COLUMN),
	   "a_caret_over_two_rows_is_wiped_in_both");
	start();
	line_output(&line.screen, "\033[H\033[2J\033[1;32ma\033[m", 19);
	is(line.screen.column, 1, "escape_sequences_take_no_column");
	start();
	line.screen.columns = 4;
	type("abcdefgh");
	shown_length = 0;
	type("\025");
	ok(line.screen.column == 0, "kill_goes_back_to_the_first_row");
}

static void test_signals(void)
{
	start();
	type("half\003");
	is(signal_count, 1, "ctrl_c_sends_one_signal");
	is(signals[0], SIGINT, "ctrl_c_interrupts");
	ok(shows("half^C"), "ctrl_c_is_shown");
	type("ls\r");
	ok(reads("ls\n"), "ctrl_c_drops_the_line");
	type("\032\034");
	ok(signals[1] == SIGTSTP && signals[2] == SIGQUIT,
	   "ctrl_z_stops_and_ctrl_backslash_quits");
	start();
	type("line\r\003");
	is(read_line(100), -1, "ctrl_c_drops_lines_not_read");
	line.screen.modes.c_lflag |= NOFLSH;
	type("line\r\003");
	ok(reads("line\n"), "noflsh_keeps_them");
	start();
	line.screen.modes.c_lflag &= ~ISIG;
	type("\003\r");
	ok(reads("\003\n") && signal_count == 0, "without_isig_it_is_a_byte");
	start();
	line.screen.modes.c_cc[VINTR] = 0;
	line_input(&line, 0);
	type("\003\r");
	is(signal_count, 0, "a_key_of_0_is_switched_off");
}

static void test_echo_modes(void)
{
	start();
	line.screen.modes.c_lflag &= ~ECHO;
	type("secret\177\r");
	ok(reads("secre\n") && shows(""), "without_echo_nothing_is_shown");
	line.screen.modes.c_lflag |= ECHONL;
	type("x\r");
	ok(shows("\r\n"), "echonl_shows_the_newline");
	start();
	line.screen.modes.c_lflag &= ~ECHOE;
	type("ab\177\r");
	ok(shows("ab^?\r\n"), "without_echoe_the_key_is_shown");
}

static void test_translation(void)
{
	start();
	line.screen.modes.c_iflag = 0;
	type("a\rb\n");
	ok(reads("a\rb\n"), "without_icrnl_return_is_a_byte");
	line.screen.modes.c_iflag = IGNCR;
	type("a\rb\n");
	ok(reads("ab\n"), "igncr_drops_return");
	line.screen.modes.c_iflag = INLCR;
	type("a\n");
	is(read_line(100), -1, "inlcr_makes_newline_a_return");
	start();
	line_output(&line.screen, "a\nb", 3);
	line.screen.modes.c_oflag &= ~ONLCR;
	line_output(&line.screen, "\n", 1);
	line.screen.modes.c_oflag = ONLCR;
	line_output(&line.screen, "\n", 1);
	ok(shows("a\r\nb\n\n"), "onlcr_needs_opost");
}

static void test_overflow(void)
{
	start();
	for (int i = 0; i < LINE_CELLS + 100; i++)
		line_input(&line, 'x');
	is(line.tail - line.head, LINE_CELLS - 1, "a_line_has_a_limit");
	ok(shown[shown_length - 1] == '\a', "the_bell_rings");
	type("\177\r");
	is(read_line(LINE_CELLS), LINE_CELLS - 1, "and_can_still_be_ended");
	for (int i = 0; i < LINE_CELLS; i++)
		type("x\r");
	type("\003");
	is(signal_count, 1, "ctrl_c_works_when_nothing_fits");
}

/* ---- Raw mode ------------------------------------------------------------ */

static void test_raw(void)
{
	start_raw();
	type("a\r\003\177\004");
	ok(reads("a\r\003\177\004"), "raw_input_is_as_typed");
	ok(shows("") && signal_count == 0, "raw_input_does_nothing");
	line.screen.modes.c_cc[VMIN] = 3;
	type("ab");
	is(read_line(100), -1, "min_3_waits_for_three");
	is(read_line(2), 2, "but_not_beyond_the_read");
	type("abcd");
	is(read_line(100), 4, "min_is_no_maximum");
	line.screen.modes.c_cc[VMIN] = 0;
	is(read_line(100), 0, "min_0_waits_for_nothing");
}

static void test_mode_changes(void)
{
	struct termios canonical, raw;

	start();
	canonical = raw = line.screen.modes;
	raw.c_lflag &= ~ICANON;
	type("one\r\004half");
	line_set_modes(&line, &raw);
	ok(reads("one\nhalf"), "raw_mode_reads_what_is_half_typed");
	type("xy");
	line_set_modes(&line, &canonical);
	ok(reads("xy"), "canonical_mode_reads_what_was_typed_raw");
	type("z\177w\r");
	ok(reads("w\n"), "and_edits_from_there");
	type("keep\r");
	line_set_modes(&line, &raw);
	line_set_modes(&line, &canonical);
	type("more\r");
	ok(reads("keep\n"), "lines_stay_lines_across_raw_mode");
	line_flush_input(&line);
	is(read_line(100), -1, "flush_drops_all_input");
}

static void set_iflag(tcflag_t flags)
{
	struct termios modes = line.screen.modes;

	modes.c_iflag = flags;
	line_set_modes(&line, &modes);
}

static void test_flow(void)
{
	start();
	type("a\023\021b\r");
	ok(reads("a\023\021b\n") && !line.is_stopped,
	   "flow_keys_are_input_without_ixon");
	set_iflag(ICRNL | IXON);
	type("a\023b\r");
	ok(line.is_stopped && reads("ab\n"), "stop_key_is_no_input");
	type("\021");
	ok(!line.is_stopped && !line_has_input(&line),
	   "start_key_leaves_the_output_stopped");
	type("\023\003");
	ok(!line.is_stopped, "interrupted_program_cannot_write");
	type("\023");
	set_iflag(ICRNL);
	ok(!line.is_stopped, "output_stays_stopped_without_a_key_to_start_it");
	set_iflag(ICRNL | IXON | IXANY);
	type("\023x");
	ok(!line.is_stopped, "ixany_waits_for_the_start_key");
	type("\023\023");
	ok(line.is_stopped, "ixany_takes_a_second_stop_key_for_any_key");
	set_iflag(ICRNL | IXANY);
	line.is_stopped = true;		/* by tcflow() */
	type("x");
	ok(line.is_stopped, "ixany_without_ixon_continues_the_output");
}

static void test_end_key_and_seven_bits(void)
{
	struct termios modes;

	start();
	modes = line.screen.modes;
	modes.c_cc[VEOL] = ';';
	line_set_modes(&line, &modes);
	type("one;two");
	ok(reads("one;") && shows("one;two"), "eol_key_ends_no_line");
	is(read_line(100), -1, "eol_key_ends_the_next_line_too");
	start();
	set_iflag(ICRNL | ISTRIP);
	type("\341\215");
	ok(reads("a\n"), "istrip_keeps_the_eighth_bit");
}

/* Any input in any mode: the invariant holds, and all readable bytes can be
 * read. */
static void test_noise(void)
{
	bool ordered = true;
	struct termios modes;

	start();
	for (int i = 0; i < 400000; i++) {
		uint32_t r = test_random();

		if (r % 1000 == 0) {
			modes = line.screen.modes;
			modes.c_lflag = test_random();
			modes.c_iflag = test_random();
			line_set_modes(&line, &modes);
		} else if (r % 100 == 0) {
			read_line(test_random() % 300 + 1);
		} else {
			line_input(&line, test_random() % 3 ? 'a' :
				   test_random());
		}
		ordered &= line.committed - line.head <= LINE_CELLS &&
			   line.tail - line.committed <= LINE_CELLS &&
			   line.tail - line.head <= LINE_CELLS;
		shown_length = 0;
	}
	ok(ordered, "noise_keeps_head_committed_tail_in_order");
}

int main(void)
{
	test_lines();
	test_short_reads();
	test_end_of_file();
	test_erase();
	test_erase_tab();
	test_kill_and_word();
	test_rows();
	test_signals();
	test_echo_modes();
	test_translation();
	test_overflow();
	test_raw();
	test_mode_changes();
	test_flow();
	test_end_key_and_seven_bits();
	test_noise();
	return tap_done();
}
