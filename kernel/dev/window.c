/*
 * window.c - ask the terminal for the size of the window.
 *
 * A serial line carries bytes and no size. But every terminal can report the
 * place of the cursor (ECMA-48, device status report 6). So the question is:
 * save the cursor, move the cursor further to the right and down than any
 * window reaches, report the place, restore the cursor. The terminal stops the
 * move at the last row and column, and the report is the size:
 *
 *	ESC 7   ESC [ 999 ; 999 H   ESC [ 6 n   ESC 8
 *	ESC [ rows ; columns R
 *
 * The answer comes between typed keys. window_filter() removes the answer, so
 * no program reads these bytes. Bytes that may begin an answer are held back.
 * When they turn out to be a key, such as an arrow, they go on in their order.
 *
 * The console need not be a terminal, and some terminals are dumb. After
 * UNANSWERED_MAX questions without an answer no more are asked.
 */
#include "kernel/dev/window.h"

#include "kernel/lib/string.h"

#define ESC		'\033'
#define ROWS		25
#define COLUMNS		80
#define SIDE_MIN	2	/* a smaller window cannot show a prompt */
#define SIDE_MAX	9999
#define UNANSWERED_MAX	3
#define PAUSE_NS	NSEC_PER_SEC	/* between two questions */

static const char question[] = "\0337\033[999;999H\033[6n\0338";

void window_init(struct window *window,
		 void (*output)(const char *bytes, size_t length))
{
	memset(window, 0, sizeof(*window));
	window->output = output;
	window->size.ws_row = ROWS;
	window->size.ws_col = COLUMNS;
}

void window_ask(struct window *window, uint64_t now_ns)
{
	bool is_first = window->asked_ns == 0;

	if (window->is_dumb || window->unanswered >= UNANSWERED_MAX ||
	    (!is_first && now_ns - window->asked_ns < PAUSE_NS))
		return;
	window->asked_ns = now_ns;
	window->unanswered++;
	window->output(question, sizeof(question) - 1);
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Could the held bytes and this byte be the beginning of an answer? */
static bool may_continue(const struct window *window, uint8_t byte)
{
	unsigned count = window->held_count;

	if (window->unanswered == 0 || count == WINDOW_HELD)
		return false;
	if (count < 2)
		return byte == (count == 0 ? ESC : '[');
	if (is_digit(byte))
		return true;
	if (!is_digit(window->held[count - 1]))
		return false;
	return byte == (window->number_count == 1 ? ';' : 'R');
}

static void hold(struct window *window, uint8_t byte)
{
	unsigned *number;

	window->held[window->held_count++] = byte;
	if (byte == '[' || byte == ';') {
		window->numbers[window->number_count++] = 0;
	} else if (is_digit(byte)) {
		number = &window->numbers[window->number_count - 1];
		*number = MIN(*number * 10 + byte - '0', SIDE_MAX + 1u);
	}
}

static bool is_side(unsigned number)
{
	return number >= SIDE_MIN && number <= SIDE_MAX;
}

static void take_answer(struct window *window)
{
	const unsigned *numbers = window->numbers;

	window->unanswered--;
	window->held_count = window->number_count = 0;
	if (!is_side(numbers[0]) || !is_side(numbers[1]))
		return;
	window->is_known = true;
	window->size = (struct winsize){ .ws_row = numbers[0],
					 .ws_col = numbers[1] };
}

size_t window_release(struct window *window, uint8_t keys[WINDOW_HELD])
{
	size_t count = window->held_count;

	memcpy(keys, window->held, count);
	window->held_count = window->number_count = 0;
	return count;
}

size_t window_filter(struct window *window, uint8_t byte,
		     uint8_t keys[WINDOW_HELD + 1])
{
	size_t count = 0;

	if (!may_continue(window, byte))
		count = window_release(window, keys);
	if (!may_continue(window, byte)) {
		keys[count++] = byte;
		return count;
	}
	if (byte == 'R')
		take_answer(window);
	else
		hold(window, byte);
	return count;
}
