/* cc.h - what lwIP asks of the compiler and the machine. */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/types.h"

#define BYTE_ORDER		LITTLE_ENDIAN
#define LWIP_NO_UNISTD_H	1
#define LWIP_NO_INTTYPES_H	1
#define LWIP_NO_CTYPE_H		1
#define LWIP_NO_LIMITS_H	1
#define INT_MAX			__INT_MAX__

uint32_t net_random(void);
#define LWIP_RAND()		net_random()
#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(text) panic("lwIP: %s", text)
