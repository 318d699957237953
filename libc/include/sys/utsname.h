/* sys/utsname.h - name and version of the system. */
#pragma once

#include "kernel/abi/system.h"

int uname(struct utsname *name);
