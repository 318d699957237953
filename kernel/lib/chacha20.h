/* chacha20.h - blocks of bytes that look random without the key. */
#pragma once

#include "kernel/lib/types.h"

#define CHACHA20_KEY_WORDS	8
#define CHACHA20_WORDS		16

/* The block of this number, 64 bytes, from a key (RFC 8439; the nonce is 0). */
void chacha20_block(const uint32_t *key, uint32_t number, uint32_t *out);
