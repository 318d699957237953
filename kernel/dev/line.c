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
 * A program types much faster than a person, at a pseudo-terminal. So no key
 * takes long: the columns of a key are noted in the cell, and a key that erases
 * more than WIPE_COLUMNS shows a new row in place of wiping.
 *
 * The output can be stopped, by tcflow() or by the key VSTOP with IXON: then
 * programs that write wait. tcflow(), the key VSTART, a key for a signal, any
 * key with IXANY, and the end of IXON continue the output. Echo is not stopped.
 */
#include "kernel/dev/line.h"
#include "kernel/abi/signal.h"

#define CELL_END	0x100	/* the line ends behind this byte */
#define CELL_EOF	0x200	/* no byte: end of file was typed */
#define CELL_WIDTH(columns) ((columns) << 10)	/* on the screen, up to 8 */

#define WIPE_COLUMNS	80	/* the most that a key wipes */
#define ERASE_CELLS	512	/* the most that a key for a word erases */

#define CONTROL(c)	((c) & 0x1f)

static const struct termios usual_modes = {
	.c_iflag = ICRNL,
	.c_oflag = OPOST | ONLCR,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | IEXTEN,
	.c_cc = {
		[VINTR] = CONTROL('C'), [VQUIT] = CONTROL('\\'),
		[VERASE] = DELETE, [VKILL] = CONTROL('U'),
		[VEOF] = CONTROL('D'), [VMIN] = 1,
		[VSUSP] = CONTROL('Z'), [VWERASE] = CONTROL('W'),
		[VSTART] = CONTROL('Q'), [VSTOP] = CONTROL('S'),
	},
};

void line_init(struct line *line)
{
	line->screen.modes = usual_modes;
}

/* The cell at a place: cells go around. */
static uint16_t *cell_at(const struct line *line, uint32_t place)
{
	return &line->cells[place % LINE_CELLS];
}

static uint8_t byte_at(const struct line *line, uint32_t place)
{
	return *cell_at(line, place);
}

/* ---- Editing ------------------------------------------------------------ */

static bool is_editing(const struct line *line)
{
	return line->tail != line->committed;
}

/* The columns of the cells from `from` to the tail; more than WIPE_COLUMNS: too
 * many to wipe, or too many cells to look at. */
static uint32_t columns_from(const struct line *line, uint32_t from)
{
	uint32_t columns = 0;

	if (line->tail - from > ERASE_CELLS)
		return WIPE_COLUMNS + 1;
	for (uint32_t at = from; at != line->tail; at++)
		columns += *cell_at(line, at) / CELL_WIDTH(1);
	return columns;
}

/* Take the cells from `from` on out of the line being edited. */
static void erase_from(struct line *line, uint32_t from)
{
	bool is_wiped = line_has_mode(line, ECHO) && line_has_mode(line, ECHOE);
	bool fits = columns_from(line, from) <= WIPE_COLUMNS;

	while (is_wiped && fits && line->tail != from) {
		line->tail--;
		line_wipe(&line->screen,
			  *cell_at(line, line->tail) / CELL_WIDTH(1),
			  byte_at(line, line->tail) == '\t');
	}
	line->tail = from;
	if (is_wiped && !fits)
		line_echo(&line->screen, '\n');
}

/* Erase the last character, with all its bytes. */
static void erase(struct line *line, uint8_t key)
{
	uint32_t from = line->tail;

	if (!is_editing(line))
		return;
	do
		from--;
	while (line_is_continuation(byte_at(line, from)) &&
	       from != line->committed &&
	       line->tail - from < ERASE_CELLS);
	erase_from(line, from);
	if (!line_has_mode(line, ECHOE))
		line_echo(&line->screen, key);
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

/* The place of the first of the cells before `from` that are blank, or are not
 * blank. */
static uint32_t skip_back(const struct line *line, uint32_t from, bool blanks)
{
	while (from != line->committed && line->tail - from < ERASE_CELLS &&
	       is_blank(byte_at(line, from - 1)) == blanks)
		from--;
	return from;
}

static void erase_word(struct line *line)
{
	erase_from(line, skip_back(line, skip_back(line, line->tail, true),
				   false));
}

static void kill_line(struct line *line, uint8_t key)
{
	erase_from(line, line->committed);
	if (line_has_mode(line, ECHOE))
		return;
	line_echo(&line->screen, key);
	if (line_has_mode(line, ECHOK))
		line_echo(&line->screen, '\n');
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
		line_output(&line->screen, "\a", 1);
		return false;
	}
	*cell_at(line, line->tail++) = cell;
	return true;
}

/* Store a key that can be erased. */
static bool store_key(struct line *line, uint8_t byte)
{
	return store(line, byte | CELL_WIDTH(line_width(&line->screen, byte)));
}

bool line_is_full(const struct line *line)
{
	return line_has_input(line) && !has_room(line, 0);
}

/* A key continues the output. */
static void go_on(struct line *line)
{
	if (line->screen.modes.c_iflag & IXON)
		line->is_stopped = false;
}

void line_flush_input(struct line *line)
{
	line->head = line->committed = line->tail;
	line->ends = 0;
}

/* Is this byte the key for the action c_cc[index]? 0: the action has no key. */
static bool is_key(const struct line *line, uint8_t byte, unsigned index)
{
	return byte != 0 && line->screen.modes.c_cc[index] == byte;
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
	if (!line_has_mode(line, NOFLSH))
		line_flush_input(line);
	go_on(line);
	line_echo(&line->screen, byte);
	line->signal(line, number);
	return true;
}

/* With IXON, handle a key that stops or continues the output; false: a program
 * reads the key. */
static bool take_flow_key(struct line *line, uint8_t byte)
{
	if (!(line->screen.modes.c_iflag & IXON))
		return false;
	if (is_key(line, byte, VSTOP))
		line->is_stopped = true;
	else if (is_key(line, byte, VSTART))
		line->is_stopped = false;
	else
		return false;
	return true;
}

/* Handle a key that edits the line; false for any different key. */
static bool take_editing_key(struct line *line, uint8_t byte)
{
	if (is_key(line, byte, VERASE))
		erase(line, byte);
	else if (is_key(line, byte, VKILL))
		kill_line(line, byte);
	else if (is_key(line, byte, VWERASE) && line_has_mode(line, IEXTEN))
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
		line->ends += store(line, CELL_EOF);
		line->committed = line->tail;
		return;
	}
	if (byte != '\n' && !is_key(line, byte, VEOL)) {
		if (store_key(line, byte))
			line_echo(&line->screen, byte);
		return;
	}
	if (store(line, byte | CELL_END)) {
		line_echo(&line->screen, byte);
		line->committed = line->tail;
	}
}

void line_input(struct line *line, uint8_t byte)
{
	tcflag_t modes = line->screen.modes.c_iflag;

	if (modes & ISTRIP)
		byte &= 0x7f;
	if (byte == '\r' && modes & IGNCR)
		return;
	if (byte == '\r' && modes & ICRNL)
		byte = '\n';
	else if (byte == '\n' && modes & INLCR)
		byte = '\r';
	if (take_flow_key(line, byte) ||
	    (line_has_mode(line, ISIG) && take_signal(line, byte)))
		return;
	if (modes & IXANY)
		go_on(line);
	if (line_is_canonical(line)) {
		take_canonical(line, byte);
		return;
	}
	if (store_key(line, byte))
		line_echo(&line->screen, byte);
	line->committed = line->tail;
}

/* ---- Reading ------------------------------------------------------------ */

/* In raw mode the marks for end of file mean nothing. */
bool line_has_input(const struct line *line)
{
	uint32_t unread = line->committed - line->head;

	return unread > (line_is_canonical(line) ? 0 : line->ends);
}

bool line_is_readable(const struct line *line, size_t bytes)
{
	uint32_t wanted = MIN(line->screen.modes.c_cc[VMIN], bytes);

	if (line_is_canonical(line))
		return line_has_input(line);
	return line->committed - line->head - line->ends >= wanted;
}

/* Copy bytes from cells up to the first mark. */
static size_t copy_run(const uint16_t *cells, uint8_t *to, size_t most)
{
	size_t count = 0;

	while (count < most && !(cells[count] & (CELL_END | CELL_EOF))) {
		to[count] = cells[count];
		count++;
	}
	return count;
}

void line_peek(const struct line *line, uint8_t *to, size_t size,
	       struct line_piece *piece)
{
	bool canonical = line_is_canonical(line);
	uint32_t at = line->head;

	*piece = (struct line_piece){ 0 };
	while (at != line->committed && !piece->is_end) {
		uint32_t to_end = LINE_CELLS - at % LINE_CELLS;
		uint16_t cell = *cell_at(line, at);
		size_t run = copy_run(cell_at(line, at), to + piece->bytes,
				      MIN(MIN(to_end, line->committed - at),
					  size - piece->bytes));

		piece->bytes += run;
		at += run;
		if (run > 0)
			continue;
		/* A mark behind the last byte that fits goes with the byte.
		 * Else the next read would see an end of file. */
		if (piece->bytes == size && !(cell & CELL_EOF))
			break;
		at++;
		piece->ends += (cell & CELL_EOF) != 0;
		if (!(cell & CELL_EOF))
			to[piece->bytes++] = cell;
		piece->is_end = canonical;
	}
	piece->cells = at - line->head;
}

void line_consume(struct line *line, const struct line_piece *piece)
{
	line->head += piece->cells;
	line->ends -= piece->ends;
}

/* When the mode becomes raw, the half typed line can be read at once. Cells
 * from raw mode have no end: a canonical read takes all these cells together.
 * */
void line_set_modes(struct line *line, const struct termios *modes)
{
	bool was_canonical = line_is_canonical(line);

	if (!(modes->c_iflag & IXON))
		go_on(line);	/* no key could do so from now on */
	line->screen.modes = *modes;
	if (was_canonical && !line_is_canonical(line))
		line->committed = line->tail;
}
