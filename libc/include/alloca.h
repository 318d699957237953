/* alloca.h - memory on the stack of the calling function (GNU). */
#pragma once

#define alloca(bytes)	__builtin_alloca(bytes)
