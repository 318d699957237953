/*
 * stty.c - show or change the modes of the terminal.
 */
#include <err.h>
#include <program.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char help[] =
	"stty [-a] [SETTING...]\n"
	"Shows or changes the modes of the terminal on standard input.\n"
	"SETTING is the name of a mode as stty shows it, with - in front to\n"
	"switch it off; a key with its character (intr ^C); min N; time N;\n"
	"raw, sane; size, which prints rows and columns; rows N, columns N.\n";

static struct termios modes;

static const struct {
	const char *name;
	size_t word;		/* which member of struct termios */
	tcflag_t bit;
} flags[] = {
	{ "icrnl", offsetof(struct termios, c_iflag), ICRNL },
	{ "inlcr", offsetof(struct termios, c_iflag), INLCR },
	{ "igncr", offsetof(struct termios, c_iflag), IGNCR },
	{ "istrip", offsetof(struct termios, c_iflag), ISTRIP },
	{ "ixon", offsetof(struct termios, c_iflag), IXON },
	{ "ixany", offsetof(struct termios, c_iflag), IXANY },
	{ "opost", offsetof(struct termios, c_oflag), OPOST },
	{ "onlcr", offsetof(struct termios, c_oflag), ONLCR },
	{ "isig", offsetof(struct termios, c_lflag), ISIG },
	{ "icanon", offsetof(struct termios, c_lflag), ICANON },
	{ "iexten", offsetof(struct termios, c_lflag), IEXTEN },
	{ "echo", offsetof(struct termios, c_lflag), ECHO },
	{ "echoe", offsetof(struct termios, c_lflag), ECHOE },
	{ "echok", offsetof(struct termios, c_lflag), ECHOK },
	{ "echonl", offsetof(struct termios, c_lflag), ECHONL },
	{ "echoctl", offsetof(struct termios, c_lflag), ECHOCTL },
	{ "noflsh", offsetof(struct termios, c_lflag), NOFLSH },
	{ "tostop", offsetof(struct termios, c_lflag), TOSTOP },
};

static const struct {
	const char *name;
	int index;
	cc_t usual;
} keys[] = {
	{ "intr", VINTR, 'C' & 31 }, { "quit", VQUIT, '\\' & 31 },
	{ "erase", VERASE, 127 }, { "kill", VKILL, 'U' & 31 },
	{ "eof", VEOF, 'D' & 31 }, { "susp", VSUSP, 'Z' & 31 },
	{ "werase", VWERASE, 'W' & 31 }, { "start", VSTART, 'Q' & 31 },
	{ "stop", VSTOP, 'S' & 31 }, { "eol", VEOL, 0 },
};

#define FLAGS (sizeof(flags) / sizeof(flags[0]))
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static tcflag_t *word_of(size_t flag)
{
	return (tcflag_t *)((char *)&modes + flags[flag].word);
}

static void print_size(const char *format)
{
	struct winsize size;

	if (tcgetwinsize(STDIN_FILENO, &size) == 0)
		printf(format, size.ws_row, size.ws_col);
}

static void print_key(const char *name, cc_t key)
{
	if (key == 0)
		printf("%s <undef>; ", name);
	else if (key == 127)
		printf("%s ^?; ", name);
	else if (key < 32)
		printf("%s ^%c; ", name, key + 64);
	else
		printf("%s %c; ", name, key);
}

static void print_all(void)
{
	print_size("rows %d; columns %d;\n");
	for (size_t i = 0; i < KEYS; i++)
		print_key(keys[i].name, modes.c_cc[keys[i].index]);
	printf("min %d; time %d;\n", modes.c_cc[VMIN], modes.c_cc[VTIME]);
	for (size_t i = 0; i < FLAGS; i++)
		printf("%s%s%s", *word_of(i) & flags[i].bit ? "" : "-",
		       flags[i].name, i + 1 < FLAGS ? " " : "\n");
}

static void make_sane(void)
{
	static const char off[] = "inlcr igncr istrip ixon ixany "
				  "echonl noflsh tostop";

	for (size_t i = 0; i < FLAGS; i++)
		if (strstr(off, flags[i].name))
			*word_of(i) &= ~flags[i].bit;
		else
			*word_of(i) |= flags[i].bit;
	for (size_t i = 0; i < KEYS; i++)
		modes.c_cc[keys[i].index] = keys[i].usual;
}

static bool set_flag(const char *name)
{
	bool off = *name == '-';

	for (size_t i = 0; i < FLAGS; i++) {
		if (strcmp(name + off, flags[i].name) != 0)
			continue;
		if (off)
			*word_of(i) &= ~flags[i].bit;
		else
			*word_of(i) |= flags[i].bit;
		return true;
	}
	return false;
}

/* ^C is the control character, and ^- no key; of other text the first byte
 * counts. */
static bool set_key(const char *name, const char *key)
{
	for (size_t i = 0; key && i < KEYS; i++) {
		if (strcmp(name, keys[i].name) != 0)
			continue;
		modes.c_cc[keys[i].index] = key[0] != '^' ? key[0] :
			key[1] == '?' ? 127 : key[1] == '-' ? 0 : key[1] & 31;
		return true;
	}
	return false;
}

static bool set_count(const char *name, const char *count)
{
	int index = strcmp(name, "min") == 0 ? VMIN :
		strcmp(name, "time") == 0 ? VTIME : -1;

	if (!count || index < 0)
		return false;
	modes.c_cc[index] = parse_number(count, 0, 255, "count");
	return true;
}

/* rows N, or columns N: for a terminal that does not tell its size. */
static bool set_side(const char *name, const char *number)
{
	bool is_rows = strcmp(name, "rows") == 0;
	struct winsize size;
	int side;

	if (!number || (!is_rows && strcmp(name, "columns") != 0 &&
			strcmp(name, "cols") != 0))
		return false;
	side = parse_number(number, 1, 9999, name);
	if (tcgetwinsize(STDIN_FILENO, &size) < 0)
		err(1, "standard input");
	*(is_rows ? &size.ws_row : &size.ws_col) = side;
	if (tcsetwinsize(STDIN_FILENO, &size) < 0)
		err(1, "standard input");
	return true;
}

static void set_all(char **setting)
{
	for (; *setting; setting++)
		if (strcmp(*setting, "raw") == 0)
			cfmakeraw(&modes);
		else if (strcmp(*setting, "sane") == 0)
			make_sane();
		else if (strcmp(*setting, "size") == 0)
			print_size("%d %d\n");
		else if (set_key(*setting, setting[1]) ||
			 set_side(*setting, setting[1]) ||
			 set_count(*setting, setting[1]))
			setting++;
		else if (!set_flag(*setting))
			errx(2, "no such setting: %s", *setting);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) < 0)
		err(1, "standard input");
}

int main(int argc, char **argv)
{
	argv++;
	if (argc > 1 && strcmp(*argv, "-h") == 0)
		usage('h', help);
	if (tcgetattr(STDIN_FILENO, &modes) < 0)
		err(1, "standard input");
	if (argc == 1 || strcmp(*argv, "-a") == 0)
		print_all();
	else
		set_all(argv);
	return finish(0);
}
