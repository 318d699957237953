/*
 * chacha20.c - a block of 16 words, mixed with a key.
 *
 * The words form a square of 4 by 4: four constants, the key, the number of the
 * block. Twenty rounds mix the square, by columns and by diagonals in turn.
 * Adding the first square at the end keeps the mixing from being undone.
 *
 * After D. J. Bernstein, "ChaCha, a variant of Salsa20", 2008; RFC 8439.
 */
#include "kernel/lib/chacha20.h"

#define ROUNDS		20

static uint32_t rotate(uint32_t word, int bits)
{
	return word << bits | word >> (32 - bits);
}

static void mix(uint32_t *w, int a, int b, int c, int d)
{
	w[a] += w[b];
	w[d] = rotate(w[d] ^ w[a], 16);
	w[c] += w[d];
	w[b] = rotate(w[b] ^ w[c], 12);
	w[a] += w[b];
	w[d] = rotate(w[d] ^ w[a], 8);
	w[c] += w[d];
	w[b] = rotate(w[b] ^ w[c], 7);
}

static void begin(uint32_t *w, const uint32_t *key, uint32_t number)
{
	int i;

	w[0] = 0x61707865;		/* "expand 32-byte k" */
	w[1] = 0x3320646e;
	w[2] = 0x79622d32;
	w[3] = 0x6b206574;
	for (i = 0; i < CHACHA20_KEY_WORDS; i++)
		w[4 + i] = key[i];
	w[12] = number;
	w[13] = w[14] = w[15] = 0;
}

void chacha20_block(const uint32_t *key, uint32_t number, uint32_t *out)
{
	uint32_t first[CHACHA20_WORDS];
	int i;

	begin(first, key, number);
	begin(out, key, number);
	for (i = 0; i < ROUNDS; i += 2) {
		mix(out, 0, 4, 8, 12);
		mix(out, 1, 5, 9, 13);
		mix(out, 2, 6, 10, 14);
		mix(out, 3, 7, 11, 15);
		mix(out, 0, 5, 10, 15);
		mix(out, 1, 6, 11, 12);
		mix(out, 2, 7, 8, 13);
		mix(out, 3, 4, 9, 14);
	}
	for (i = 0; i < CHACHA20_WORDS; i++)
		out[i] += first[i];
}
