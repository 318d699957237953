/*
 * random.c - random bytes.
 *
 * A key of 256 bits gives a block of 64 bytes (ChaCha20). The first half of the
 * block is the next key, and only the second half goes out. So a key is gone
 * when the bytes made from it are out: a program that reads the kernel's memory
 * later learns nothing about earlier bytes.
 *
 * The first key comes from the processor's source of random words, if the
 * processor has one (RDRAND), and from the date. Each request mixes the count
 * of cycles since power-on into the key. Without RDRAND, an attacker who knows
 * the moment of the boot to the cycle can guess the bytes: Parley promises no
 * secrets there.
 */
#include "kernel/dev/random.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/lib/chacha20.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/obj/file.h"
#include "kernel/task/task.h"

#define PART_WORDS	(CHACHA20_WORDS - CHACHA20_KEY_WORDS)
#define PARTS_AT_ONCE	4
#define WHOLE_BYTES	256		/* no signal ends a call for so few */

static uint32_t key[CHACHA20_KEY_WORDS];	/* [P] */
static bool has_key;				/* [P] */

/* At the first request: to read the date takes long. */
static void make_key(void)
{
	unsigned i;

	for (i = 0; i < CHACHA20_KEY_WORDS; i++)
		arch_random(&key[i]);
	key[1] ^= (uint32_t)arch_boot_time();
	has_key = true;
}

/* The next 32 bytes, and the next key. */
static void take(uint32_t *part)
{
	uint32_t block[CHACHA20_WORDS];

	if (!has_key)
		make_key();
	key[0] ^= (uint32_t)arch_cycles();
	chacha20_block(key, 0, block);
	memcpy(key, block, sizeof(key));
	memcpy(part, block + CHACHA20_KEY_WORDS,
	       PART_WORDS * sizeof(*part));
	memset(block, 0, sizeof(block));
}

ssize_t random_to_user(uaddr_t to, size_t bytes)
{
	uint32_t part[PART_WORDS], parts = 0;
	size_t done, piece;

	for (done = 0; done < bytes; done += piece) {
		piece = MIN(bytes - done, sizeof(part));
		take(part);
		if (copy_to_user(to + done, part, piece) != 0)
			return -EFAULT;
		if (++parts % PARTS_AT_ONCE == 0)
			sched_point();
		if (done >= WHOLE_BYTES && task_current()->signal_pending)
			return done + piece;
	}
	return bytes;
}

static ssize_t read_random(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file;
	return random_to_user(to, bytes);
}

/* Nothing that a program writes can make the bytes easier to guess. */
static ssize_t write_random(struct open_file *file, uaddr_t from, size_t bytes)
{
	uint32_t words[CHACHA20_KEY_WORDS] = { 0 };
	size_t i;

	(void)file;
	if (copy_from_user(words, from, MIN(bytes, sizeof(words))) != 0)
		return -EFAULT;
	for (i = 0; i < CHACHA20_KEY_WORDS; i++)
		key[i] ^= words[i];
	return bytes;
}

static const struct object_ops random_ops = {
	.kind = "random",
	.is_stream = true,
	.read = read_random,
	.write = write_random,
};

void random_init(void)
{
	static struct object random;

	object_init(&random, &random_ops);
	device_register("random", &random, 0666);
	device_register("urandom", &random, 0666);
}
