/* system.h - the name of this machine. */
#pragma once

#include "kernel/abi/system.h"

/* [const] once booted: what uname() tells. */
extern char machine_name[sizeof(((struct utsname *)0)->nodename)];
