/* sys/ucontext.h - an old name of <ucontext.h>. */
#pragma once

#include <ucontext.h>
