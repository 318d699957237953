/* sys/types.h - the types of the system calls. */
#pragma once

#include "kernel/abi/types.h"

#include <sys/pthread_types.h>
#include <sys/select.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef char *caddr_t;		/* of BSD: an address */
typedef unsigned int uint_t;	/* of System V */
typedef unsigned long ulong_t;

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define off64_t	off_t
#define ino64_t	ino_t
#endif
