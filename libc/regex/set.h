/* set.h - the sets of bytes in brackets. */
#pragma once

#include "libc/regex/program.h"

void __set_add(struct set *set, unsigned char c);
void __set_ignore_case(struct set *set);
/* *at is behind the [, and then behind the ]; an error of regcomp(), or 0. */
int __set_parse(const char **at, struct set *set, int flags);
