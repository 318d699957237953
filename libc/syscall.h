/*
 * syscall.h - prototypes of the raw system calls, for libc alone.
 *
 * A SYSCALL_RAW line of the table gives __sys_NAME: the public function NAME
 * does more than the call.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/abi/mqueue.h"
#include "kernel/abi/sched.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/socket.h"
#include "kernel/abi/time.h"

#define IN(type)	const type *
#define OUT(type)	type *
#define A0()		(void)
#define A1(t1, n1)	(t1 n1)
#define A2(t1, n1, t2, n2) (t1 n1, t2 n2)
#define A3(t1, n1, t2, n2, t3, n3) (t1 n1, t2 n2, t3 n3)
#define A4(t1, n1, t2, n2, t3, n3, t4, n4) (t1 n1, t2 n2, t3 n3, t4 n4)
#define A5(t1, n1, t2, n2, t3, n3, t4, n4, t5, n5) \
	(t1 n1, t2 n2, t3 n3, t4 n4, t5 n5)
#define A6(t1, n1, t2, n2, t3, n3, t4, n4, t5, n5, t6, n6) \
	(t1 n1, t2 n2, t3 n3, t4 n4, t5 n5, t6 n6)

#define SYSCALL(...)
#define SYSCALL_RAW(number, name, result, arguments, ...) \
	result __sys_##name arguments;
#include "kernel/abi/syscalls.def"
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
