/*
 * line.c - the line discipline: from keys to the input of a program.
 *
 * IEEE Std 1003.1-2017, chapter 11. In canonical mode a program reads lines:
 * until newline or end-of-file is typed, the line can be edited and no program
 * sees the line. Input lies in a ring of cells:
 *
 *	head          committed          tail
 *	| whole lines | line being edited |
 *
 * A cell holds a byte, and a mark when a line ends behind the byte. End-of-file
 * is a cell without a byte: a read stops there, and returns 0 if there was no
 * byte before. In raw mode all bytes up to the tail can be read, and the two
 * counters move together.
 *
 * When the ring is full, further keys are lost and the bell rings. Keys for
 * signals are looked for first, so ctrl+C works even with a full ring. A byte
 * with the two top bits 10 continues a UTF-8 character: the byte takes no
 * column, and is erased with the rest of the character.
 *
 * If the width of the window is known, a longer line goes on in the next row.
 * Terminals move the cursor behind the last column in different ways. So echo
 * moves the cursor to the next row at once, and erasing goes back up. A column
 * counts on from the first row. The file is longer than most: input, echo and
 * reading work on the same cells.
 */
#include "kernel/dev/line.h"
#include "kernel/abi/signal.h"
#include "kernel/lib/string.h"

#define CELL_END	0x100	/* the line ends behind this byte */
#define CELL_EOF	0x200	/* no byte: end of file was typed */

#define CONTROL(c)	((c) & 0x1f)
#define DELETE		0x7f
#define TAB_STOPS	8
#define TO_NEXT_ROW	" \r"
#define TO_LAST_COLUMN	"\033[A\033[999C\033[K"	/* of the row above, wiped */

static const struct termios usual_modes = {
	.c_iflag = ICRNL,
	.c_oflag = OPOST | ONLCR,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | IEXTEN,
	.c_cc = {
		[VINTR] = CONTROL('C'), [VQUIT] = CONTROL('\\'),
		[VERASE] = DELETE, [VKILL] = CONTROL('U'),
		[VEOF] = CONTROL('D'), [VMIN] = 1,
		[VSUSP] = CONTROL('Z'), [VWERASE] = CONTROL('W'),
	},
};

void line_init(struct line *line, void (*output)(const char *, size_t),
	       void (*signal)(int number))
{
	memset(line, 0, sizeof(*line));
	line->modes = usual_modes;
	line->output = output;
	line->signal = signal;
}

/* ---- Output ------------------------------------------------------------- */

static bool is_control(uint8_t byte)
{
	return byte < ' ' || byte == DELETE;
}

static bool is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Does the byte belong to an escape sequence, which takes no column? */
static bool is_in_escape(struct line *line, uint8_t byte)
{
	switch (line->escape) {
	case ESCAPE_NONE:
		line->escape = byte == '\033' ? ESCAPE_SEEN : ESCAPE_NONE;
		return false;
	case ESCAPE_SEEN:
		line->escape = byte == '[' ? ESCAPE_BRACKET : ESCAPE_NONE;
		return true;
	case ESCAPE_BRACKET:
		if (byte >= '@' && byte <= '~')
			line->escape = ESCAPE_NONE;
		if (byte == 'H')	/* most often the first column */
			line->column = 0;
		return true;
	}
	return false;
}

static void track_column(struct line *line, uint8_t byte)
{
	if (is_in_escape(line, byte))
		return;
	if (byte == '\t')
		line->column = (line->column / TAB_STOPS + 1) * TAB_STOPS;
	else if (byte == '\r' || byte == '\n')
		line->column = 0;
	else if (byte == '\b')
		line->column -= line->column > 0;
	else if (!is_control(byte) && !is_continuation(byte))
		line->column++;
}

void line_output(struct line *line, const char *bytes, size_t length)
{
	tcflag_t modes = line->modes.c_oflag;
	bool adds_return = modes & OPOST && modes & ONLCR;
	char buffer[128];
	size_t filled = 0;

	for (; length > 0; bytes++, length--) {
		if (filled + 2 > sizeof(buffer)) {
			line->output(buffer, filled);
			filled = 0;
		}
		if (*bytes == '\n' && adds_return)
			buffer[filled++] = '\r';
		buffer[filled++] = *bytes;
		track_column(line, *bytes);
	}
	if (filled > 0)
		line->output(buffer, filled);
}

/* ---- Echo --------------------------------------------------------------- */

static bool has_mode(const struct line *line, tcflag_t mode)
{
	return line->modes.c_lflag & mode;
}

/* Is the cursor at the start of a row that continues a line? */
static bool is_row_start(const struct line *line)
{
	return line->columns > 0 && line->column > 0 &&
	       line->column % line->columns == 0;
}

/* ctrl+C shows as ^C; tab and newline go to the screen unchanged. */
static void echo(struct line *line, uint8_t byte)
{
	char text[2] = { '^', byte ^ 0x40 };

	if (!has_mode(line, ECHO) && !(byte == '\n' && has_mode(line, ECHONL)))
		return;
	if (has_mode(line, ECHOCTL) && is_control(byte) && byte != '\t' &&
	    byte != '\n')
		line_output(line, text, 2);
	else
		line_output(line, (const char *)&byte, 1);
	if (is_row_start(line))
		line->output(TO_NEXT_ROW, sizeof(TO_NEXT_ROW) - 1);
}

static uint32_t width(const struct line *line, uint8_t byte, uint32_t column)
{
	if (byte == '\t')
		return TAB_STOPS - column % TAB_STOPS;
	if (is_control(byte))
		return has_mode(line, ECHOCTL) ? 2 : 0;
	return is_continuation(byte) ? 0 : 1;
}

static uint8_t byte_at(const struct line *line, uint32_t place)
{
	return line->cells[place % LINE_CELLS];
}

/* The column where the line being edited stands before `end`. */
static uint32_t column_before(const struct line *line, uint32_t end)
{
	uint32_t column = line->edit_column;

	for (uint32_t at = line->committed; at != end; at++)
		column += width(line, byte_at(line, at), column);
	return column;
}

static void wipe_column(struct line *line, const char *with)
{
	if (!is_row_start(line)) {
		line_output(line, with, strlen(with));
		return;
	}
	line->output(TO_LAST_COLUMN, sizeof(TO_LAST_COLUMN) - 1);
	line->column--;
}

static void wipe(struct line *line, uint8_t byte)
{
	uint32_t columns = width(line, byte, 0);
	const char *with = "\b \b";

	if (byte == '\t') {
		uint32_t before = column_before(line, line->tail);

		columns = line->column > before ? line->column - before : 0;
		with = "\b";
	}
	while (columns-- > 0)
		wipe_column(line, with);
}

/* ---- Editing ------------------------------------------------------------ */

static bool is_editing(const struct line *line)
{
	return line->tail != line->committed;
}

static uint8_t last_byte(const struct line *line)
{
	return byte_at(line, line->tail - 1);
}

/* Take the last character out of the line being edited. */
static void erase_one(struct line *line)
{
	uint8_t byte;

	do {
		byte = last_byte(line);
		line->tail--;
	} while (is_continuation(byte) && is_editing(line));
	if (has_mode(line, ECHO) && has_mode(line, ECHOE))
		wipe(line, byte);
}

static void erase(struct line *line, uint8_t key)
{
	if (!is_editing(line))
		return;
	erase_one(line);
	if (!has_mode(line, ECHOE))
		echo(line, key);
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static void erase_word(struct line *line)
{
	while (is_editing(line) && is_blank(last_byte(line)))
		erase_one(line);
	while (is_editing(line) && !is_blank(last_byte(line)))
		erase_one(line);
}

static void kill_line(struct line *line, uint8_t key)
{
	while (is_editing(line))
		erase_one(line);
	if (has_mode(line, ECHOE))
		return;
	echo(line, key);
	if (has_mode(line, ECHOK))
		echo(line, '\n');
}

/* ---- Input -------------------------------------------------------------- */

/* A cell stays free for the end of the line. */
static bool has_room(const struct line *line, uint16_t cell)
{
	uint32_t most = LINE_CELLS - (cell & (CELL_END | CELL_EOF) ? 0 : 1);

	return line->tail - line->head < most;
}

static bool store(struct line *line, uint16_t cell)
{
	if (!has_room(line, cell)) {
		line_output(line, "\a", 1);
		return false;
	}
	if (!is_editing(line))
		line->edit_column = line->column;
	line->cells[line->tail++ % LINE_CELLS] = cell;
	return true;
}

void line_flush_input(struct line *line)
{
	line->head = line->committed = line->tail;
}

/* Is this byte the key for the action c_cc[index]? 0: the action has no key. */
static bool is_key(const struct line *line, uint8_t byte, unsigned index)
{
	return byte != 0 && line->modes.c_cc[index] == byte;
}

static bool take_signal(struct line *line, uint8_t byte)
{
	int number;

	if (is_key(line, byte, VINTR))
		number = SIGINT;
	else if (is_key(line, byte, VQUIT))
		number = SIGQUIT;
	else if (is_key(line, byte, VSUSP))
		number = SIGTSTP;
	else
		return false;
	if (!has_mode(line, NOFLSH))
		line_flush_input(line);
	echo(line, byte);
	line->signal(number);
	return true;
}

/* Handle a key that edits the line; false for any different key. */
static bool take_editing_key(struct line *line, uint8_t byte)
{
	if (is_key(line, byte, VERASE))
		erase(line, byte);
	else if (is_key(line, byte, VKILL))
		kill_line(line, byte);
	else if (is_key(line, byte, VWERASE) && has_mode(line, IEXTEN))
		erase_word(line);
	else
		return false;
	return true;
}

static void take_canonical(struct line *line, uint8_t byte)
{
	if (take_editing_key(line, byte))
		return;
	if (is_key(line, byte, VEOF)) {
		store(line, CELL_EOF);
		line->committed = line->tail;
		return;
	}
	if (byte != '\n') {
		if (store(line, byte))
			echo(line, byte);
		return;
	}
	if (store(line, byte | CELL_END)) {
		echo(line, byte);
		line->committed = line->tail;
	}
}

void line_input(struct line *line, uint8_t byte)
{
	tcflag_t modes = line->modes.c_iflag;

	if (byte == '\r' && modes & IGNCR)
		return;
	if (byte == '\r' && modes & ICRNL)
		byte = '\n';
	else if (byte == '\n' && modes & INLCR)
		byte = '\r';
	if (has_mode(line, ISIG) && take_signal(line, byte))
		return;
	if (line_is_canonical(line)) {
		take_canonical(line, byte);
		return;
	}
	if (store(line, byte))
		echo(line, byte);
	line->committed = line->tail;
}

/* ---- Reading ------------------------------------------------------------ */

bool line_has_input(const struct line *line)
{
	return line->head != line->committed;
}

bool line_is_readable(const struct line *line, size_t bytes)
{
	uint32_t wanted = MIN(line->modes.c_cc[VMIN], bytes);

	if (line_is_canonical(line))
		return line_has_input(line);
	return line->committed - line->head >= wanted;
}

void line_peek(const struct line *line, uint8_t *to, size_t size,
	       struct line_piece *piece)
{
	bool canonical = line_is_canonical(line);
	uint32_t at = line->head;

	piece->bytes = 0;
	piece->is_end = false;
	while (at != line->committed && !piece->is_end) {
		uint16_t cell = line->cells[at % LINE_CELLS];

		/* A mark behind the last byte that fits goes with the byte.
		 * Else the next read would see an end of file. */
		if (piece->bytes == size && !(cell & CELL_EOF))
			break;
		at++;
		if (!(cell & CELL_EOF))
			to[piece->bytes++] = cell;
		if (canonical && cell & (CELL_END | CELL_EOF))
			piece->is_end = true;
	}
	piece->cells = at - line->head;
}

void line_consume(struct line *line, const struct line_piece *piece)
{
	line->head += piece->cells;
}

/* Take out the marks for end of file: in raw mode they mean nothing. */
static void drop_marks(struct line *line)
{
	uint32_t to = line->head;

	for (uint32_t at = line->head; at != line->tail; at++) {
		uint16_t cell = line->cells[at % LINE_CELLS];

		if (!(cell & CELL_EOF))
			line->cells[to++ % LINE_CELLS] = cell;
	}
	line->tail = line->committed = to;
}

/* When the mode becomes raw, the half typed line can be read at once. Cells
 * from raw mode have no end: a canonical read takes all these cells together.
 * */
void line_set_modes(struct line *line, const struct termios *modes)
{
	bool was_canonical = line_is_canonical(line);

	line->modes = *modes;
	if (was_canonical && !line_is_canonical(line))
		drop_marks(line);
}
