/*
 * matrix_pty.c - the rows `terminals` of matrix.def: pseudo-terminals.
 */
#include <pty.h>

#include "tests/user/matrix_calls.h"

/* Both sides pass bytes as they are; `fd` is the master or the terminal. */
static void new_terminal(struct place *p)
{
	struct termios modes;
	int master, terminal;

	require(openpty(&master, &terminal, NULL, NULL, NULL) == 0);
	require(tcgetattr(terminal, &modes) == 0);
	cfmakeraw(&modes);
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
	p->fd = terminal;
	p->other = master;
}

static void new_master(struct place *p)
{
	int terminal;

	new_terminal(p);
	terminal = p->fd;
	p->fd = p->other;
	p->other = terminal;
}

/* Linux moves bytes from side to side a little later. */
static void fill_side(int fd)
{
	char bytes[64] = { 0 };

	set_nonblocking(fd, 1);
	for (int tries = 0; tries < 20; tries++) {
		while (write(fd, bytes, sizeof(bytes)) > 0 ||
		       write(fd, "", 1) > 0)
			;
		case_pause();
	}
	set_nonblocking(fd, 0);
}

static void new_full_terminal(struct place *p)
{
	new_terminal(p);
	fill_side(p->fd);
}

static void new_full_master(struct place *p)
{
	new_master(p);
	fill_side(p->fd);
}

static void empty_side(struct place *p)
{
	char bytes[4096];

	set_nonblocking(p->other, 1);
	while (read(p->other, bytes, sizeof(bytes)) > 0)
		;
}

static const struct call pty_read_row = {
	.prepare = new_terminal, .wait = read_byte, .happen = put_byte,
};

static const struct call pty_write_row = {
	.prepare = new_full_terminal, .wait = write_byte, .happen = empty_side,
};

static const struct call ptmx_read_row = {
	.prepare = new_master, .wait = read_byte, .happen = put_byte,
};

static const struct call ptmx_write_row = {
	.prepare = new_full_master, .wait = write_byte, .happen = empty_side,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_terminals	ROW_AS_STRUCT
#define LINUX_terminals	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
