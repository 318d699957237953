/* termios.h - the modes of a terminal. */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/abi/types.h"

/* The speeds are kept in the modes; no line has a speed. */
speed_t cfgetispeed(const struct termios *modes);
speed_t cfgetospeed(const struct termios *modes);
int cfsetispeed(struct termios *modes, speed_t speed);
int cfsetospeed(struct termios *modes, speed_t speed);
void cfmakeraw(struct termios *modes);
/* Output is never held back: all of it has gone, and nothing can be stopped. */
int tcdrain(int fd);
int tcflow(int fd, int action);
/* TCIFLUSH and TCIOFLUSH drop what was typed and not read. */
int tcflush(int fd, int queue);
int tcsendbreak(int fd, int duration);
int tcgetattr(int fd, struct termios *modes);
pid_t tcgetsid(int fd);
int tcgetwinsize(int fd, struct winsize *size);
int tcsetattr(int fd, int when, const struct termios *modes);
int tcsetwinsize(int fd, const struct winsize *size);
