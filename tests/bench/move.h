/* move.h - the work at both ends of the ways that move a mebibyte. */
#pragma once

#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>

#define MOVED_BYTES	(1 << 20)
#define PIECE_BYTES	65536
#define PIECE_WORDS	(PIECE_BYTES / 4)
#define PIECES		(MOVED_BYTES / PIECE_BYTES)

static volatile uint32_t sum;

static inline void make(uint32_t *piece)
{
	volatile uint32_t *word = piece;
	int i;

	for (i = 0; i < PIECE_WORDS; i++)
		word[i] = i;
}

static inline void add_up(const uint32_t *piece)
{
	const volatile uint32_t *word = piece;
	uint32_t total = 0;
	int i;

	for (i = 0; i < PIECE_WORDS; i++)
		total += word[i];
	sum = total;
}

static inline void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
