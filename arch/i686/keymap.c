/*
 * keymap.c - from the scan codes of a PS/2 keyboard to the bytes of a terminal.
 *
 * Set 1: a key has a number; its release is the number with bit 7. Keys that
 * the first PC did not have come with a prefix E0, Pause with E1 and five more
 * bytes. Cursor keys give the sequences that an ANSI terminal sends.
 */
#include "arch/i686/keymap.h"
#include "kernel/lib/string.h"

#define RELEASED	0x80
#define PREFIX		0xe0
#define PREFIX_PAUSE	0xe1
#define PAUSE_REST	5
#define ESC		0x1b

enum {
	KEY_CONTROL = 0x1d,
	KEY_LEFT_SHIFT = 0x2a,
	KEY_RIGHT_SHIFT = 0x36,
	KEY_ALT = 0x38,
	KEY_CAPS_LOCK = 0x3a
};

/* By scan code, from 0. Backspace is DEL, as on a VT220. */
static const char plain[] =
	"\0\033" "1234567890-=\177" "\tqwertyuiop[]\r" "\0" "asdfghjkl;'`"
	"\0\\zxcvbnm,./" "\0*\0 ";
static const char shifted[] =
	"\0\033" "!@#$%^&*()_+\177" "\tQWERTYUIOP{}\r" "\0" "ASDFGHJKL:\"~"
	"\0|ZXCVBNM<>?" "\0*\0 ";

/* The bytes behind ESC [ for a key with the prefix, and on the number pad. */
static const char *cursor_sequence(uint8_t key)
{
	switch (key) {
	case 0x47:
		return "H";		/* Home */
	case 0x48:
		return "A";		/* up */
	case 0x49:
		return "5~";		/* Page up */
	case 0x4b:
		return "D";		/* left */
	case 0x4d:
		return "C";		/* right */
	case 0x4f:
		return "F";		/* End */
	case 0x50:
		return "B";		/* down */
	case 0x51:
		return "6~";		/* Page down */
	case 0x52:
		return "2~";		/* Insert */
	case 0x53:
		return "3~";		/* Delete */
	default:
		return NULL;
	}
}

/* Returns true for a modifier key, such as shift. */
static bool note_modifier(struct keymap *map, uint8_t key, bool is_pressed)
{
	switch (key) {
	case KEY_LEFT_SHIFT:
		/* Some keyboards send a shift with the prefix around the cursor
		 * keys: not a press of shift. */
		if (!map->is_extended)
			map->left_shift = is_pressed;
		return true;
	case KEY_RIGHT_SHIFT:
		if (!map->is_extended)
			map->right_shift = is_pressed;
		return true;
	case KEY_CONTROL:
		map->control = is_pressed;
		return true;
	case KEY_ALT:
		map->alt = is_pressed;
		return true;
	case KEY_CAPS_LOCK:
		if (is_pressed)
			map->capitals = !map->capitals;
		return true;
	default:
		return false;
	}
}

/* The byte of a character with ctrl. */
static char with_control(char c)
{
	if (c >= '@' && c <= '~')
		return c & 0x1f;
	switch (c) {
	case ' ':
	case '2':
		return 0;
	case '6':
		return 0x1e;
	case '-':
	case '/':
		return 0x1f;
	default:
		return c;
	}
}

static size_t put_sequence(const char *sequence, char *to)
{
	size_t length = strlen(sequence);

	to[0] = ESC;
	to[1] = '[';
	memcpy(to + 2, sequence, length);
	return length + 2;
}

static size_t put_character(const struct keymap *map, uint8_t key, char *to)
{
	bool shift = map->left_shift || map->right_shift;
	size_t length = 0;
	char c = plain[key];

	if (c == 0)
		return 0;
	if (c >= 'a' && c <= 'z' ? shift != map->capitals : shift)
		c = shifted[key];
	if (map->control)
		c = with_control(c);
	if (map->alt)
		to[length++] = ESC;
	to[length++] = c;
	return length;
}

static size_t take_key(struct keymap *map, uint8_t key, bool is_pressed,
		       char *to)
{
	const char *sequence;

	if (note_modifier(map, key, is_pressed) || !is_pressed)
		return 0;
	sequence = cursor_sequence(key);
	if (sequence)
		return put_sequence(sequence, to);
	/* Only Enter and / of the number pad have a prefix and a character. */
	if (map->is_extended && key != 0x1c && key != 0x35)
		return 0;
	if (key >= sizeof(plain) - 1)
		return 0;
	return put_character(map, key, to);
}

size_t keymap_decode(struct keymap *map, uint8_t code, char *to)
{
	size_t length;

	if (map->skip > 0) {
		map->skip--;
		return 0;
	}
	if (code == PREFIX) {
		map->is_extended = true;
		return 0;
	}
	if (code == PREFIX_PAUSE) {
		map->skip = PAUSE_REST;
		return 0;
	}
	length = take_key(map, code & ~RELEASED, !(code & RELEASED), to);
	map->is_extended = false;
	return length;
}
