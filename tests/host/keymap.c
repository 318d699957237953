/*
 * keymap.c - from scan codes to the bytes of a terminal.
 */
#include <string.h>

#include "tests/host/kernel.h"

#include "arch/i686/keymap.c"

/* Do these scan codes, in hexadecimal, give exactly these bytes? */
static bool gives(const char *codes, const char *wanted, size_t wanted_length)
{
	struct keymap map = { 0 };
	char got[100];
	size_t length = 0;
	unsigned code;
	int used;

	for (; sscanf(codes, "%x%n", &code, &used) == 1; codes += used)
		length += keymap_decode(&map, code, got + length);
	return length == wanted_length && memcmp(got, wanted, length) == 0;
}

#define GIVES(codes, wanted)	gives(codes, wanted, sizeof(wanted) - 1)

static void test_noise(void)
{
	struct keymap map = { 0 };
	char bytes[KEY_BYTES];
	bool fits = true;

	for (int i = 0; i < 300000; i++)
		fits &= keymap_decode(&map, test_random(), bytes) <= KEY_BYTES;
	ok(fits, "noise_gives_no_more_than_key_bytes");
}

int main(void)
{
	ok(GIVES("1e 9e 30 b0", "ab"), "letters_come_once_on_press");
	ok(GIVES("2a 1e 9e aa 1e 9e", "Aa"), "left_shift_until_released");
	ok(GIVES("36 02 82 b6 02 82", "!1"), "right_shift_until_released");
	ok(GIVES("3a ba 1e 9e 02 82", "A1"), "caps_lock_changes_letters_only");
	ok(GIVES("3a ba 2a 1e", "a"), "shift_undoes_caps_lock");
	ok(GIVES("3a ba 3a ba 1e", "a"), "caps_lock_goes_off_again");
	ok(GIVES("1d 2e ae 9d 2e", "\003c"), "ctrl_c_is_3");
	ok(GIVES("1d 20", "\004"), "ctrl_d_is_4");
	ok(GIVES("1d 2b", "\034"), "ctrl_backslash_is_28");
	ok(GIVES("1d 39", "\0"), "ctrl_space_is_nul");
	ok(GIVES("e0 1d 2e", "\003"), "right_ctrl_works_too");
	ok(GIVES("38 1e", "\033a"), "alt_puts_esc_in_front");
	ok(GIVES("0e 1c 0f 39", "\177\r\t "), "backspace_enter_tab_space");
	ok(GIVES("e0 48 e0 50 e0 4d e0 4b", "\033[A\033[B\033[C\033[D"),
	   "cursor_keys");
	ok(GIVES("e0 c8", ""), "release_of_a_cursor_key_is_silent");
	ok(GIVES("e0 47 e0 4f e0 49 e0 51 e0 52 e0 53",
		 "\033[H\033[F\033[5~\033[6~\033[2~\033[3~"), "editing_keys");
	ok(GIVES("e0 2a e0 48 e0 c8 e0 aa 1e", "\033[Aa"),
	   "shift_that_keyboards_make_up_is_ignored");
	ok(GIVES("e1 1d 45 e1 9d c5 1e", "a"), "pause_is_silent");
	ok(GIVES("e0 1c e0 35", "\r/"), "enter_and_slash_of_the_number_pad");
	ok(GIVES("3b 57 7f 2b", "\\"), "unknown_keys_are_silent");
	test_noise();
	return tap_done();
}
