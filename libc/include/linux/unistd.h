/* linux/unistd.h - Linux's other name of sys/syscall.h. */
#pragma once

#include <sys/syscall.h>
