/* registers.h - the names of registers in a context, on Linux too. */
#pragma once

#include <ucontext.h>

#ifdef __x86_64__
#define REG_EIP	REG_RIP
#define REG_EDX	REG_RDX
#endif
