/* sys/ioctl.h - control of devices. */
#pragma once

#include "kernel/abi/interface.h"
#include "kernel/abi/termios.h"

int ioctl(int fd, unsigned long request, ...);
