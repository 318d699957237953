/*
 * tty.c - the console: serial line COM1, screen and keyboard, as one terminal.
 *
 * Bytes take three steps. The interrupt puts them into a ring and notes work.
 * The deferred work, with task switches postponed, gives them to the terminal
 * (terminal.c) and its line discipline. A read takes the bytes from there.
 *
 * A program in raw mode draws the whole screen and needs the size. So the
 * kernel asks the terminal for the size after the switch to raw mode, and at
 * the next keys (window.c).
 */
#include "kernel/dev/tty.h"
#include "arch/arch.h"
#include "kernel/dev/terminal.h"
#include "kernel/dev/window.h"
#include "kernel/fs/device.h"
#include "kernel/lib/ring.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/task/cpu.h"

#define HELD_NS		(NSEC_PER_SEC / 2)	/* for the rest of an answer */

/* [P] */
static struct {
	struct terminal terminal;
	struct ring ring;		/* [I] from the interrupt */
	struct window window;
	struct timer window_timer;	/* releases held bytes */
	uint16_t cells[LINE_CELLS];
} tty;

/* ---- Input -------------------------------------------------------------- */

/* A full ring holds thousands of keys that were not even looked at: drop. */
void machine_console_input(uint8_t byte)
{
	ring_put(&tty.ring, byte);
	cpu_pend(PENDING_TTY);
}

/* A byte from the terminal: a key, or a part of the answer about the size. */
static void take_byte(uint8_t byte)
{
	unsigned unanswered = tty.window.unanswered;
	uint8_t keys[WINDOW_HELD + 1];
	size_t count;

	tty.window.size = tty.terminal.size;	/* a program may have set it */
	count = window_filter(&tty.window, byte, keys);
	terminal_input(&tty.terminal, keys, count);
	if (tty.window.unanswered != unanswered && tty.window.is_known)
		terminal_set_size(&tty.terminal, &tty.window.size);
}

static void take_input(void)
{
	int byte;

	while ((byte = ring_get(&tty.ring)) >= 0)
		take_byte(byte);
	timer_stop(&tty.window_timer);
	if (tty.window.held_count > 0)
		timer_start(&tty.window_timer, arch_now_ns() + HELD_NS);
	if (!line_is_canonical(&tty.terminal.line) &&
	    line_has_input(&tty.terminal.line))
		window_ask(&tty.window, arch_now_ns());
	terminal_wake(&tty.terminal);
}

/* The escape key alone looks like the beginning of an answer. */
static void release_held(struct timer *timer)
{
	uint8_t keys[WINDOW_HELD];

	(void)timer;
	terminal_input(&tty.terminal, keys, window_release(&tty.window, keys));
	terminal_wake(&tty.terminal);
}

static void ask_for_size(struct terminal *terminal)
{
	(void)terminal;
	window_ask(&tty.window, arch_now_ns());
}

/* ---- Output ------------------------------------------------------------- */

static void show(struct line_screen *screen, const char *bytes, size_t length)
{
	(void)screen;
	arch_console_write(bytes, length);
}

void tty_write_log(const char *bytes, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\n')
			continue;
		arch_console_write(bytes + start, i - start);
		arch_console_write("\r\n", 2);
		start = i + 1;
	}
	arch_console_write(bytes + start, length - start);
}

/* ---- The object --------------------------------------------------------- */

static bool tty_describe(const struct object *object, char *to, size_t size)
{
	(void)object;
	strlcpy(to, "tty /dev/console", size);
	return true;
}

static const struct object_ops tty_ops = {
	.kind = "tty",
	.sends_signals = true,
	.read = terminal_read,
	.write = terminal_write,
	.poll = terminal_poll,
	.control = terminal_control,
	.describe = tty_describe,
};

static const struct terminal_ops console_ops = { .is_raw = ask_for_size };

void tty_is_dumb(void)
{
	tty.window.is_dumb = true;
}

void tty_init(void)
{
	tty.terminal.ops = &console_ops;
	tty.terminal.line.screen.output = show;
	tty.terminal.line.cells = tty.cells;
	terminal_init(&tty.terminal, &tty_ops);
	window_init(&tty.window, arch_console_write);
	tty.terminal.size = tty.window.size;
	timer_init(&tty.window_timer, release_held);
	cpu_set_deferred(PENDING_TTY, take_input);
	cpu_pend(PENDING_TTY);		/* keys may have come before us */
	device_register("console", &tty.terminal.object, 0600);
}
