/* ulimit.h - the limit of the size of files, in blocks of 512 bytes. */
#pragma once

#define UL_GETFSIZE	1
#define UL_SETFSIZE	2

long ulimit(int command, ...);
