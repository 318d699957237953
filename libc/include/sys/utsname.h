/* sys/utsname.h - what system this is. */
#pragma once

#include "kernel/abi/system.h"

int uname(struct utsname *name);
