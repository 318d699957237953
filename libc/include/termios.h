/* termios.h - the modes of a terminal. */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/abi/types.h"

/* c_oflag: delays, kept as well, and without a meaning. */
#define NLDLY	0x0100
#define NL0	0x0000
#define NL1	0x0100
#define CRDLY	0x0600
#define CR0	0x0000
#define CR1	0x0200
#define CR2	0x0400
#define CR3	0x0600
#define BSDLY	0x2000
#define BS0	0x0000
#define BS1	0x2000
#define VTDLY	0x4000
#define VT0	0x0000
#define VT1	0x4000
#define FFDLY	0x8000
#define FF0	0x0000
#define FF1	0x8000

/* The speeds are kept in the modes; no line has a speed. */
speed_t cfgetispeed(const struct termios *modes);
speed_t cfgetospeed(const struct termios *modes);
int cfsetispeed(struct termios *modes, speed_t speed);
int cfsetospeed(struct termios *modes, speed_t speed);
void cfmakeraw(struct termios *modes);
/* The terminal takes output at once: all of it has gone. */
int tcdrain(int fd);
/* TCOOFF: writers wait until TCOON. TCIOFF and TCION send the key VSTOP or
 * VSTART to the far side, if there is such a key. EINVAL: no such action. */
int tcflow(int fd, int action);
/* TCIFLUSH and TCIOFLUSH drop what was typed and not read. */
int tcflush(int fd, int queue);
int tcsendbreak(int fd, int duration);
int tcgetattr(int fd, struct termios *modes);
pid_t tcgetsid(int fd);
int tcgetwinsize(int fd, struct winsize *size);
int tcsetattr(int fd, int when, const struct termios *modes);
int tcsetwinsize(int fd, const struct winsize *size);
