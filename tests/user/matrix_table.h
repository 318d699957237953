/*
 * matrix_table.h - the rows of matrix.def that a program tries.
 *
 * Before the include, the program has defined ROW_x and LINUX_x for its part x.
 */
#pragma once

#include "tests/user/matrix.h"

#ifndef ROW_files
#define ROW_files(...)
#define LINUX_files(...)
#endif
#ifndef ROW_sockets
#define ROW_sockets(...)
#define LINUX_sockets(...)
#endif
#ifndef ROW_inet
#define ROW_inet(...)
#define LINUX_inet(...)
#endif
#ifndef ROW_terminals
#define ROW_terminals(...)
#define LINUX_terminals(...)
#endif
#ifndef ROW_queues
#define ROW_queues(...)
#define LINUX_queues(...)
#endif
#ifndef ROW_locks
#define ROW_locks(...)
#define LINUX_locks(...)
#endif
#ifndef ROW_sync
#define ROW_sync(...)
#define LINUX_sync(...)
#endif
#ifndef ROW_sysv
#define ROW_sysv(...)
#define LINUX_sysv(...)
#endif
#ifndef ROW_parley
#define ROW_parley(...)
#define LINUX_parley(...)
#endif

#define ROW(program, ...)	ROW_##program(__VA_ARGS__)
#define LINUX(program, ...)	LINUX_##program(__VA_ARGS__)
#define ALSO(...)
#define APART(...)

#define ROW_AS_STRUCT(name, about, ...)	{ #name, &name##_row, { __VA_ARGS__ } },
#define LINUX_AS_STRUCT(...)

static const struct row rows[] = {
#include "tests/user/matrix.def"
	{ 0 }
};

#undef ROW_AS_STRUCT
#undef LINUX_AS_STRUCT
#define ROW_AS_STRUCT(...)
#define LINUX_AS_STRUCT(name, ...)	{ #name, __VA_ARGS__ },

static const struct on_linux differences[] = {
#include "tests/user/matrix.def"
	{ 0 }
};
