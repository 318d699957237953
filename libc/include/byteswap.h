/* byteswap.h - the bytes of a number in reverse (GNU). */
#pragma once

#define bswap_16(x)	__builtin_bswap16(x)
#define bswap_32(x)	__builtin_bswap32(x)
#define bswap_64(x)	__builtin_bswap64(x)
