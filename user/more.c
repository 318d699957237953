/*
 * more.c - show text a screen at a time.
 *
 * The text may come through a pipe, so the keys are read from the terminal
 * itself, in a mode in which each arrives at once and unseen. If the output is
 * no terminal, more is cat.
 */
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROWS_USUAL	24
#define COLUMNS_USUAL	80
#define PROMPT		"\033[7m--more--\033[m"
#define NO_PROMPT	"\r        \r"

static const char help[] =
	"more [FILE...]\n"
	"Shows the files, or standard input, a screen at a time.\n"
	"Keys: space for a screen, enter for a line, q for the end.\n";

static int terminal = -1;
static struct termios usual;
static int rows = ROWS_USUAL, columns = COLUMNS_USUAL;
static int room;		/* lines to go until we ask */

static void restore(void)
{
	tcsetattr(terminal, TCSADRAIN, &usual);
}

static void interrupted(int signal)
{
	restore();
	_exit(128 + signal);
}

static void prepare(void)
{
	struct winsize size;
	struct termios mode;

	terminal = open("/dev/tty", O_RDWR);
	if (terminal < 0 || tcgetattr(terminal, &usual) < 0)
		errx(1, "no terminal to read keys from");
	if (ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 &&
	    size.ws_col > 0) {
		rows = size.ws_row;
		columns = size.ws_col;
	}
	signal(SIGINT, interrupted);
	signal(SIGTERM, interrupted);
	atexit(restore);
	mode = usual;
	mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	tcsetattr(terminal, TCSADRAIN, &mode);
	room = rows - 1;
}

/* Ask how to go on; does not return after q. */
static void ask(void)
{
	char key;

	fflush(stdout);
	write_all(terminal, PROMPT, strlen(PROMPT));
	do {
		if (read(terminal, &key, 1) != 1)
			key = 'q';
	} while (!strchr(" \r\nqQ", key));
	write_all(terminal, NO_PROMPT, strlen(NO_PROMPT));
	if (key == 'q' || key == 'Q')
		exit(0);
	room = key == ' ' ? rows - 1 : 1;
}

/* Lines of the screen that this one takes. */
static int height(const char *line, size_t length)
{
	int column = 0;

	for (size_t i = 0; i < length; i++)
		column += line[i] == '\t' ? 8 - column % 8 : 1;
	return column > columns ? (column + columns - 1) / columns : 1;
}

static void show(char *line, size_t length)
{
	if (terminal >= 0) {
		int lines = height(line, length);

		if (lines > room)
			ask();
		room -= lines;
	}
	fwrite(line, 1, length, stdout);
	putchar('\n');
}

int main(int argc, char **argv)
{
	argv = parse_no_options(argc, argv, help);
	if (isatty(STDOUT_FILENO))
		prepare();
	return finish(for_each_line(argv, show));
}
