/* terminal.c - the modes and the foreground group of a terminal. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "libc/pthread/cancel.h"

int tcgetattr(int fd, struct termios *modes)
{
	return ioctl(fd, TCGETS, modes);
}

/* Output is never held back, so TCSADRAIN has nothing to wait for. */
int tcsetattr(int fd, int when, const struct termios *modes)
{
	if (when == TCSANOW || when == TCSADRAIN)
		return ioctl(fd, TCSETS, modes);
	if (when == TCSAFLUSH)
		return ioctl(fd, TCSETSF, modes);
	errno = EINVAL;
	return -1;
}

int tcgetwinsize(int fd, struct winsize *size)
{
	return ioctl(fd, TIOCGWINSZ, size);
}

int tcsetwinsize(int fd, const struct winsize *size)
{
	return ioctl(fd, TIOCSWINSZ, size);
}

/* Every key at once, nothing edited, nothing shown. */
void cfmakeraw(struct termios *modes)
{
	modes->c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR);
	modes->c_oflag &= ~(tcflag_t)OPOST;
	modes->c_lflag &= ~(tcflag_t)(ISIG | ICANON | ECHO | ECHONL | IEXTEN);
	modes->c_cc[VMIN] = 1;
	modes->c_cc[VTIME] = 0;
}

speed_t cfgetospeed(const struct termios *modes)
{
	return modes->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *modes)
{
	return cfgetospeed(modes);
}

int cfsetospeed(struct termios *modes, speed_t speed)
{
	if (speed & ~(speed_t)CBAUD) {
		errno = EINVAL;
		return -1;
	}
	modes->c_cflag = (modes->c_cflag & ~(tcflag_t)CBAUD) | speed;
	return 0;
}

/* 0: as the output. */
int cfsetispeed(struct termios *modes, speed_t speed)
{
	return speed ? cfsetospeed(modes, speed) : 0;
}

/* 0 for a terminal, and a number from 0 to `most`. */
static int check(int fd, int number, int most)
{
	struct termios modes;

	if (tcgetattr(fd, &modes) < 0)
		return -1;
	if (number >= 0 && number <= most)
		return 0;
	errno = EINVAL;
	return -1;
}

int tcdrain(int fd)
{
	__point();
	return check(fd, 0, 0);
}

int tcflow(int fd, int action)
{
	return ioctl(fd, TCXONC, action);
}

int tcsendbreak(int fd, int duration)
{
	(void)duration;
	return check(fd, 0, 0);
}

int tcflush(int fd, int queue)
{
	struct termios modes;

	if (check(fd, queue, TCIOFLUSH) < 0 || tcgetattr(fd, &modes) < 0)
		return -1;
	return queue == TCOFLUSH ? 0 : tcsetattr(fd, TCSAFLUSH, &modes);
}

pid_t tcgetpgrp(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

/* The terminal belongs to the session of its foreground process group. */
pid_t tcgetsid(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group < 0 ? -1 : getsid(group);
}

int isatty(int fd)
{
	struct termios modes;

	return tcgetattr(fd, &modes) == 0;
}

char *ctermid(char *name)
{
	static char terminal[] = "/dev/tty";

	return name ? strcpy(name, terminal) : terminal;
}
