/* crashes.h - the numbers of the table crashes.def. */
#pragma once

#define CRASH(name, text)	CRASH_##name,
enum crash_kind {
	CRASH_NONE,
#include "kernel/abi/crashes.def"
	CRASH_KINDS
};
#undef CRASH
