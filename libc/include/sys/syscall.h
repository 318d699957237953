/*
 * sys/syscall.h - the system calls by number: SYS_read and so on.
 *
 * The numbers and the arguments are Parley's: see the manual, section 2.
 */
#pragma once

#include "kernel/abi/syscall_numbers.h"
