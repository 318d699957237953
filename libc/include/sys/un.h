/* sys/un.h - addresses of local sockets: paths. */
#pragma once

#include "kernel/abi/socket.h"

#define SUN_LEN(address) \
	(sizeof(sa_family_t) + __builtin_strlen((address)->sun_path))
