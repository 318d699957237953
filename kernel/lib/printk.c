/*
 * printk.c - the kernel log: a ring of the newest bytes, and a sink.
 *
 * Any code may call printk(): a task, an interrupt in the middle of this task's
 * printk(), the sink. So no call waits for a different call. A line is
 * formatted on the caller's stack, and an atomic step claims a place in the
 * ring. The first of several active calls carries the lines of all calls to the
 * sink. Lines written before there is a sink wait in the ring.
 *
 * Two counters, which only grow, tell the bytes written to the ring and the
 * bytes given to the sink. When writers outrun the sink by more than the ring,
 * the oldest bytes are lost.
 */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#define HISTORY_BYTES	8192	/* a power of two */
#define LINE_BYTES	256	/* longer lines are cut */

static char history[HISTORY_BYTES];
static uint32_t written;		/* bytes ever claimed */
static uint32_t sunk;			/* bytes ever given to the sink */
static uint32_t busy;			/* active calls */
static void (*log_sink)(const char *bytes, size_t length);

/* Step over the bytes that the ring has lost. */
static uint32_t skip_lost(uint32_t from, uint32_t to)
{
	return to - from > HISTORY_BYTES ? to - HISTORY_BYTES : from;
}

/* The contiguous bytes of the ring, starting at `from`. */
static uint32_t piece_length(uint32_t from, uint32_t to)
{
	return MIN(to - from, HISTORY_BYTES - from % HISTORY_BYTES);
}

static void remember(const char *bytes, uint32_t length)
{
	uint32_t at = __atomic_fetch_add(&written, length, __ATOMIC_RELAXED);
	uint32_t piece = piece_length(at, at + length);

	memcpy(history + at % HISTORY_BYTES, bytes, piece);
	memcpy(history, bytes + piece, length - piece);
}

/* Give all bytes to the sink. Only one call at a time runs this function, and
 * then no call is inside remember(). */
static void drain(void)
{
	while (log_sink && sunk != written) {
		uint32_t from = skip_lost(sunk, written);
		uint32_t length = piece_length(from, written);

		sunk = from + length;
		log_sink(history + from % HISTORY_BYTES, length);
	}
}

/*
 * Leave, and carry the bytes to the sink unless an active call will. An
 * interrupt between the last look and the decrement sees this call as busy, and
 * leaves a line for this call: hence the second look.
 */
static void leave(void)
{
	for (;;) {
		if (busy == 1)
			drain();
		if (__atomic_sub_fetch(&busy, 1, __ATOMIC_SEQ_CST) != 0)
			return;
		if (!log_sink || sunk == written)
			return;
		__atomic_add_fetch(&busy, 1, __ATOMIC_SEQ_CST);
	}
}

void printk(const char *format, ...)
{
	char line[LINE_BYTES];
	int length;
	va_list args;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length >= (int)sizeof(line)) {
		length = sizeof(line);
		line[length - 1] = '\n';
	}
	__atomic_add_fetch(&busy, 1, __ATOMIC_SEQ_CST);
	remember(line, length);
	leave();
}

void printk_set_sink(void (*sink)(const char *bytes, size_t length))
{
	__atomic_add_fetch(&busy, 1, __ATOMIC_SEQ_CST);
	log_sink = sink;
	leave();
}

void printk_break_in(void)
{
	busy = 0;
}
