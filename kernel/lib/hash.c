/*
 * hash.c - the secret of the hash tables, and the hash of a name.
 *
 * The secret comes from the count of cycles at boot. This count is hard to
 * guess on a real processor. Where time is the count of instructions, two boots
 * have the same secret, and so the same lists.
 */
#include "kernel/lib/hash.h"

#include "kernel/lib/string.h"

/* Before the boot gives a chance, and in the tests of the host. */
uint32_t hash_secrets[3] = { 0x9e3779b1, 0x85ebca6b, 0xc2b2ae35 };

void hash_make_secret(uint64_t chance)
{
	uint32_t word = hash_mix((uint32_t)chance, (uint32_t)(chance >> 32));

	for (unsigned i = 0; i < ARRAY_LENGTH(hash_secrets); i++) {
		word = hash_mix(word, hash_secrets[i]);
		hash_secrets[i] = word | 1;
	}
}

uint32_t hash_name(const char *name, size_t length)
{
	uint32_t hash = length ^ hash_secrets[0], word;

	for (; length >= sizeof(word); length -= sizeof(word)) {
		memcpy(&word, name, sizeof(word));
		hash = ((hash << 5 | hash >> 27) ^ word) * 0x9e3779b1;
		name += sizeof(word);
	}
	for (word = 0; length > 0; length--)
		word = word << 8 | (uint8_t)*name++;
	return hash_mix(hash, word);
}
