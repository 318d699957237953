/* termios.h - the terminal: modes, special characters, ioctl(2) requests. */
#pragma once

#include <stdint.h>

typedef uint32_t tcflag_t;
typedef uint8_t cc_t;
typedef uint32_t speed_t;

#define NCCS	16

struct termios {
	tcflag_t c_iflag;
	tcflag_t c_oflag;
	tcflag_t c_cflag;
	tcflag_t c_lflag;
	cc_t c_cc[NCCS];
};

struct winsize {
	uint16_t ws_row;
	uint16_t ws_col;
	uint16_t ws_xpixel;
	uint16_t ws_ypixel;
};

/* c_iflag. A serial line of characters without faults: the flags about breaks
 * and parity, and IXOFF, are kept and mean nothing. */
#define IGNBRK	0x0001
#define BRKINT	0x0002
#define IGNPAR	0x0004
#define PARMRK	0x0008
#define INPCK	0x0010
#define ISTRIP	0x0020		/* keys have seven bits */
#define IXON	0x0400		/* ctrl+S and ctrl+Q stop the output */
#define IXANY	0x0800		/* each key continues the output */
#define IXOFF	0x1000
#define ICRNL	0x0100		/* carriage return becomes newline */
#define INLCR	0x0040
#define IGNCR	0x0080
/* c_oflag */
#define OPOST	0x0001
#define ONLCR	0x0004		/* newline goes out as CR LF */
#define OCRNL	0x0008		/* carriage return goes out as newline */
#define ONOCR	0x0010		/* no carriage return at the first column */
#define ONLRET	0x0020		/* newline returns the carriage, in any case */
#define OFILL	0x0040		/* kept: no terminal needs a delay */
#define OFDEL	0x0080
#define TABDLY	0x1800
#define TAB0	0x0000
#define TAB1	0x0800
#define TAB2	0x1000
#define TAB3	0x1800
/* c_cflag: kept, and without a meaning */
#define CSIZE	0x0030
#define CS5	0x0000
#define CS6	0x0010
#define CS7	0x0020
#define CS8	0x0030
#define CSTOPB	0x0040
#define CREAD	0x0080
#define PARENB	0x0100
#define PARODD	0x0200
#define HUPCL	0x0400
#define CLOCAL	0x0800
#define CBAUD	0x000f		/* the speed: B0 and so on */
/* c_lflag */
#define ISIG	0x0001		/* ctrl+C, ctrl+\, ctrl+Z send signals */
#define ICANON	0x0002		/* input by the line, editing by the kernel */
#define ECHO	0x0008
#define ECHOE	0x0010		/* erase wipes the character */
#define ECHOK	0x0020
#define ECHONL	0x0040
#define NOFLSH	0x0080
#define TOSTOP	0x0100
#define ECHOCTL	0x0200		/* control characters show as ^X */
#define IEXTEN	0x8000

#define VINTR	0
#define VQUIT	1
#define VERASE	2
#define VKILL	3
#define VEOF	4
#define VTIME	5
#define VMIN	6
#define VSUSP	7
#define VWERASE	8
#define VSTART	9		/* IXON, and tcflow() */
#define VSTOP	10
#define VEOL	11		/* ends a line, beside newline */

#define B0	0
#define B50	1
#define B75	2
#define B110	3
#define B134	4
#define B150	5
#define B200	6
#define B300	7
#define B600	8
#define B1200	9
#define B1800	10
#define B2400	11
#define B4800	12
#define B9600	13
#define B19200	14
#define B38400	15

#define TCSANOW		0
#define TCSADRAIN	1
#define TCSAFLUSH	2

/* tcflush() and tcflow() */
#define TCIFLUSH	0
#define TCOFLUSH	1
#define TCIOFLUSH	2
#define TCOOFF		0
#define TCOON		1
#define TCIOFF		2
#define TCION		3

/* ioctl requests; the argument is a pointer to the named type. */
#define TCGETS		0x5401	/* struct termios */
#define TCSETS		0x5402	/* struct termios */
#define TCSETSF		0x5404	/* struct termios, and drop pending input */
#define TCXONC		0x540a	/* int, not a pointer: TCOOFF and so on */
#define TIOCGPGRP	0x540f	/* pid_t */
#define TIOCSPGRP	0x5410	/* pid_t */
#define TIOCGWINSZ	0x5413	/* struct winsize */
#define TIOCSWINSZ	0x5414	/* struct winsize; a change is a SIGWINCH */
#define FIONREAD	0x541b	/* int: bytes that could be read */
#define FIONBIO		0x5421	/* int: switch O_NONBLOCK, of anything */
#define FIOASYNC	0x5452	/* int: switch O_ASYNC */
#define FIONCLEX	0x5450	/* none: stay open in execve() */
#define FIOCLEX		0x5451	/* none: close in execve() */
#define TIOCSCTTY	0x540e	/* none: become the controlling terminal */
#define TIOCNOTTY	0x5422	/* none: give the controlling terminal up */
#define TIOCGPTN	0x80045430 /* unsigned: the N of /dev/pts/N */
#define TIOCSPTLCK	0x40045431 /* int: not 0 locks the terminal side */
