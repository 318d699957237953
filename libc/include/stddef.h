/* stddef.h - the types and macros of the language. */
#pragma once

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;

typedef struct {
	long long __integer __attribute__((aligned(8)));
	long double __floating __attribute__((aligned(16)));
} max_align_t;

#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
