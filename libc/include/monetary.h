/* monetary.h - amounts of money as text, by the rules of the locale "C". */
#pragma once

#include "kernel/abi/types.h"

#include <stddef.h>

ssize_t strfmon(char *__restrict s, size_t size, const char *__restrict format,
	...);
