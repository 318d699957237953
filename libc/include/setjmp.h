/*
 * setjmp.h - jumps out of a function into a calling function.
 *
 * setjmp() does not save the signal mask, as POSIX allows; sigsetjmp() saves
 * the mask on request.
 */
#pragma once

#include "kernel/abi/signal.h"

struct __jump {
	uint32_t ebx, esi, edi, ebp, esp, eip;	/* as setjmp.asm lays them */
	int mask_saved;
	sigset_t mask;
};

typedef struct __jump jmp_buf[1];
typedef struct __jump sigjmp_buf[1];

int setjmp(jmp_buf where) __attribute__((returns_twice));
int _setjmp(jmp_buf where) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf where, int value);
_Noreturn void _longjmp(jmp_buf where, int value);
_Noreturn void siglongjmp(sigjmp_buf where, int value);

void __sigsetjmp_mask(sigjmp_buf where, int save_mask);

#define setjmp(where) setjmp(where)
#define sigsetjmp(where, save_mask) \
	(__sigsetjmp_mask(where, save_mask), setjmp(where))
