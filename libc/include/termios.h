/* termios.h - the modes of a terminal. */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/abi/types.h"

void cfmakeraw(struct termios *modes);
int tcgetattr(int fd, struct termios *modes);
pid_t tcgetsid(int fd);
int tcgetwinsize(int fd, struct winsize *size);
int tcsetattr(int fd, int when, const struct termios *modes);
int tcsetwinsize(int fd, const struct winsize *size);
