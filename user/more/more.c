/*
 * more.c - show text a screen at a time, forward and back.
 *
 * The text may come through a pipe, so the keys are read from the terminal. The
 * terminal passes on each key at once and does not show the key. If the output
 * is no terminal, more is cat.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "user/more/more.h"

#define CONTROL(letter)	((letter) & 31)
#define ESCAPE		27
#define ERASE		127
#define PATTERN_BYTES	128

static const char help[] =
	"more [FILE...]\n"
	"Shows the files, or standard input, a screen at a time.\n"
	"Keys: space and b for a screen, enter and k for a line, g and G for\n"
	"the beginning and the end, / and ? to search, n and N for the next\n"
	"one, h for help, q to leave.\n";

static const char keys_help[] =
	"space f  a screen on\n"
	"b        a screen back\n"
	"enter j  a line on\n"
	"k        a line back\n"
	"d u      half a screen\n"
	"g G      beginning, end\n"
	"/X ?X    search on, back for X\n"
	"n N      next, other way\n"
	"q        leave";

static int terminal = -1;
static struct termios usual;
static char prompt[PATTERN_BYTES + 32];	/* for the next key; "": the usual */
static char pattern[PATTERN_BYTES];
static bool is_backward;		/* meaning of n */

/* ---- The terminal ------------------------------------------------------- */

static void restore(void)
{
	window_prompt(NULL);
	tcsetattr(terminal, TCSADRAIN, &usual);
}

static void end(int number)
{
	tcsetattr(terminal, TCSADRAIN, &usual);
	_exit(128 + number);
}

static void note(int number)
{
	(void)number;
}

static void set_raw(void)
{
	struct termios mode = usual;

	mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	tcsetattr(terminal, TCSADRAIN, &mode);
}

static void set_action(int number, void (*action)(int))
{
	struct sigaction new = { .sa_handler = action };

	sigemptyset(&new.sa_mask);
	sigaction(number, &new, NULL);
}

/* A new size, or the return from ctrl+Z, is noticed only while more waits for a
   key: both signals are blocked at all other times. */
static void prepare(void)
{
	sigset_t set;

	terminal = open("/dev/tty", O_RDWR);
	if (terminal < 0 || tcgetattr(terminal, &usual) < 0)
		errx(1, "no terminal to read keys from");
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	set_action(SIGWINCH, note);
	set_action(SIGCONT, note);
	set_action(SIGINT, end);
	set_action(SIGTERM, end);
	window_measure(terminal);
	set_raw();
	atexit(restore);
}

/* False if a signal came before a key. */
static bool wait_for_key(void)
{
	sigset_t mask;
	fd_set set;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGWINCH);
	sigdelset(&mask, SIGCONT);
	FD_ZERO(&set);
	FD_SET(terminal, &set);
	return pselect(terminal + 1, &set, NULL, NULL, NULL, &mask) >= 0 ||
		errno != EINTR;
}

static char read_byte(void)
{
	char byte;

	while (!wait_for_key()) {
		set_raw();
		window_measure(terminal);
		window_paint();
		window_prompt(prompt);
	}
	return read(terminal, &byte, 1) == 1 ? byte : 'q';
}

/* A key: a key that sends an escape sequence means the same as a letter. */
static char read_key(void)
{
	char key = read_byte(), number;

	if (key != ESCAPE)
		return key;
	key = read_byte();
	if (key != '[' && key != 'O')
		return ESCAPE;
	switch (number = read_byte()) {
	case 'A': return 'k';
	case 'B': return 'j';
	case 'H': return 'g';
	case 'F': return 'G';
	}
	while (number >= '0' && number <= '9' && (key = read_byte()) != '~')
		if (key < '0' || key > ';')
			return ESCAPE;
	switch (number) {
	case '1': case '7': return 'g';
	case '4': case '8': return 'G';
	case '5': return 'b';
	case '6': return 'f';
	default: return ESCAPE;
	}
}

/* ---- The actions of the keys -------------------------------------------- */

/* Forward; behind the last line more ends. */
static void go_on(size_t rows)
{
	if (window_is_at_end())
		exit(finish(text_status()));
	window_forward(rows);
}

static void go_to_end(void)
{
	struct place to = { .line = text_read_all() };

	window_go(to);
	window_back(window_rows());
}

/* The next line with the pattern becomes the first in the window. */
static void search(bool back)
{
	struct place to = { .line = window_top() };
	const char *line;

	while (*pattern) {
		if (back && to.line == 0)
			break;
		to.line += back ? -1 : 1;
		line = text_line(to.line);
		if (!line)
			break;
		if (strstr(line, pattern)) {
			window_go(to);
			return;
		}
	}
	snprintf(prompt, sizeof(prompt), "no more of: %s", pattern);
}

/* Type the text to search for. Returns false if the user gave up. */
static bool type_pattern(char key)
{
	char text[PATTERN_BYTES] = "";
	size_t length = 0;
	char c;

	for (;;) {
		snprintf(prompt, sizeof(prompt), "%c%s", key, text);
		window_prompt(prompt);
		c = read_byte();
		if (c == '\n' || c == '\r')
			break;
		if (c == ESCAPE || (!length && (c == ERASE || c == '\b')))
			return false;
		if (c == ERASE || c == '\b')
			while (length && (text[--length] & 0xc0) == 0x80)
				;
		else if (c == CONTROL('U'))
			length = 0;
		else if ((c & 0xe0 || c == '\t') && length + 1 < sizeof(text))
			text[length++] = c;
		text[length] = '\0';
	}
	if (length)	/* empty: the last pattern again */
		strcpy(pattern, text);
	is_backward = key == '?';
	return true;
}

static void show_help(void)
{
	fputs("\033[H\033[2J", stdout);
	puts(keys_help);
	window_prompt("any key goes back");
	read_key();
	window_paint();
}

static void run_key(char key)
{
	size_t rows = window_rows();
	bool is_typed;

	switch (key) {
	case ' ': case 'f': case CONTROL('F'): go_on(rows); break;
	case '\r': case '\n': case 'j': case 'e': go_on(1); break;
	case 'd': case CONTROL('D'): go_on((rows + 1) / 2); break;
	case 'b': case CONTROL('B'): window_back(rows); break;
	case 'k': case 'y': window_back(1); break;
	case 'u': case CONTROL('U'): window_back((rows + 1) / 2); break;
	case 'g': case '<': window_go((struct place){ 0 }); break;
	case 'G': case '>': go_to_end(); break;
	case 'n': search(is_backward); break;
	case 'N': search(!is_backward); break;
	case CONTROL('L'): window_paint(); break;
	case 'h': show_help(); break;
	case 'q': case 'Q': exit(finish(text_status()));
	case '/': case '?':
		is_typed = type_pattern(key);
		*prompt = '\0';
		if (is_typed)
			search(is_backward);
		break;
	}
}

/* A text that fits into the window needs no key. */
static void show_all(void)
{
	char key;

	window_forward(window_rows());
	if (window_is_at_end())
		return;
	for (;;) {
		if (!*prompt)
			strcpy(prompt, window_is_at_end() ? "--end--"
				: "--more-- (h: help)");
		window_prompt(prompt);
		key = read_key();
		window_prompt(NULL);
		*prompt = '\0';
		run_key(key);
	}
}

static void print(char *line, size_t length)
{
	fwrite(line, 1, length, stdout);
	putchar('\n');
}

int main(int argc, char **argv)
{
	argv = parse_no_options(argc, argv, help);
	if (!isatty(STDOUT_FILENO))
		return finish(for_each_line(argv, print));
	if (!*argv && isatty(STDIN_FILENO))
		errx(2, "give it a file, or a pipe: ls /bin | more");
	text_open(argv);
	prepare();
	show_all();
	return finish(text_status());
}
