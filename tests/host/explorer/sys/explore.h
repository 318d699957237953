/* sys/explore.h - the numbers of the kernel; the test makes the runs itself. */
#pragma once

#include "kernel/abi/explore.h"
