/*
 * calls.h - the shape of every system call, made from syscalls.def: which
 * arguments are pointers, which way they go, and their names.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/abi/socket.h"

#define CALLS_MOST	256
#define ARGUMENTS_MOST	6

enum call_kind { CALL_SCALAR, CALL_IN, CALL_OUT };

struct call_argument {
	const char *name;
	enum call_kind kind;
};

struct call_shape {
	const char *name;		/* NULL: no such call */
	int count;
	struct call_argument arguments[ARGUMENTS_MOST];
};

/* Never completed: only pointers to them are looked at. */
struct call_in;
struct call_out;

#define IN(type)	struct call_in *
#define OUT(type)	struct call_out *
#define CALL_KIND(type)	_Generic((type)0, struct call_in *: CALL_IN,	\
				 struct call_out *: CALL_OUT,		\
				 default: CALL_SCALAR)
#define ARGUMENT(t, n)	{ #n, CALL_KIND(t) }
#define A0()		0, { { NULL, CALL_SCALAR } }
#define A1(t, n)	1, { ARGUMENT(t, n) }
#define A2(t, n, u, o)	2, { ARGUMENT(t, n), ARGUMENT(u, o) }
#define A3(t, n, u, o, v, p) \
	3, { ARGUMENT(t, n), ARGUMENT(u, o), ARGUMENT(v, p) }
#define A4(t, n, u, o, v, p, w, q) \
	4, { ARGUMENT(t, n), ARGUMENT(u, o), ARGUMENT(v, p), ARGUMENT(w, q) }
#define A5(t, n, u, o, v, p, w, q, x, r) \
	5, { ARGUMENT(t, n), ARGUMENT(u, o), ARGUMENT(v, p), ARGUMENT(w, q), \
	     ARGUMENT(x, r) }
#define A6(t, n, u, o, v, p, w, q, x, r, y, s) \
	6, { ARGUMENT(t, n), ARGUMENT(u, o), ARGUMENT(v, p), ARGUMENT(w, q), \
	     ARGUMENT(x, r), ARGUMENT(y, s) }
#define SYSCALL(number, name, result, arguments, ...) \
	[number] = { #name, arguments },
#define SYSCALL_RAW	SYSCALL

typedef uint32_t nfds_t;

static const struct call_shape call_shapes[CALLS_MOST] = {
#include "kernel/abi/syscalls.def"
};

#undef SYSCALL
#undef SYSCALL_RAW
#undef IN
#undef OUT
#undef A0
#undef A1
#undef A2
#undef A3
#undef A4
#undef A5
#undef A6
#undef ARGUMENT
