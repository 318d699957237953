/* sys/termios.h - an older name of termios.h. */
#pragma once

#include <termios.h>
