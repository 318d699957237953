/*
 * chacha20.c - the blocks of RFC 8439 (appendix A.1).
 */
#include "tests/host/kernel.h"

#include <stdio.h>
#include <string.h>

#include "kernel/lib/chacha20.c"

static bool block_is(uint32_t number, const char *expected)
{
	static const uint32_t key[CHACHA20_KEY_WORDS];
	uint32_t block[CHACHA20_WORDS];
	const uint8_t *bytes = (const uint8_t *)block;
	char text[2 * sizeof(block) + 1];
	size_t i;

	chacha20_block(key, number, block);
	for (i = 0; i < sizeof(block); i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return strcmp(text, expected) == 0;
}

int main(void)
{
	ok(block_is(0, "76b8e0ada0f13d90405d6ae55386bd28"
		       "bdd219b8a08ded1aa836efcc8b770dc7"
		       "da41597c5157488d7724e03fb8d84a37"
		       "6a43b8f41518a11cc387b669b2ee6586"), "first_block");
	ok(block_is(1, "9f07e7be5551387a98ba977c732d080d"
		       "cb0f29a048e3656912c6533e32ee7aed"
		       "29b721769ce64e43d57133b074d839d5"
		       "31ed1f28510afb45ace10a1f4b794d6f"), "second_block");
	return tap_done();
}
