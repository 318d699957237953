/*
 * host.c - the host channel of a headless run: /dev/host, a serial line to the
 * program that started the machine.
 *
 * To the host all bytes go unchanged. From the host, DLE (0x10) begins a pair:
 * DLE DLE is a byte 0x10, DLE EOT (0x04) the end of the file. The end stays:
 * all later reads return 0, as at the end of a pipe.
 *
 * Bytes wait in a ring. When the ring is full, the driver takes no bytes from
 * the UART until a read has made room, so nothing is lost.
 */
#include "kernel/dev/host.h"
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/machine.h"
#include "kernel/obj/file.h"
#include "kernel/task/cpu.h"

#define DLE		0x10
#define EOT		0x04
#define PIECE_BYTES	512
#define WRITE_BYTES	2048	/* in a try; then tasks may switch */

/* [P] */
static struct {
	struct object object;
	struct ring ring;		/* [I] from the interrupt */
} host;

bool machine_host_input(uint8_t byte)
{
	cpu_pend(PENDING_HOST);
	return ring_put(&host.ring, byte);
}

static uint8_t byte_at(const struct ring *ring, uint32_t place)
{
	return ring->bytes[place % RING_BYTES];
}

/* Undo the framing of up to size bytes without taking them. The end of file is
 * never taken out of the ring, so the end stays. */
static void peek(const struct ring *ring, uint8_t *to, size_t size,
		 struct host_piece *piece)
{
	uint32_t at = ring->head;
	uint32_t end = ring->tail;

	piece->bytes = 0;
	piece->is_end = false;
	while (at != end && piece->bytes < size) {
		uint32_t length = 1;

		if (byte_at(ring, at) == DLE) {
			length = 2;
			if (end - at < length)
				break;
			piece->is_end = byte_at(ring, at + 1) == EOT;
			if (piece->is_end)
				break;
		}
		to[piece->bytes++] = byte_at(ring, at + length - 1);
		at += length;
	}
	piece->taken = at - ring->head;
}

static bool is_readable(void)
{
	struct host_piece piece;
	uint8_t byte;

	peek(&host.ring, &byte, 1, &piece);
	return piece.bytes > 0 || piece.is_end;
}

static void wake_reader(void)
{
	if (is_readable())
		object_wake(&host.object, END_READ);
}

static ssize_t host_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	uint8_t buffer[PIECE_BYTES];
	struct host_piece piece;
	size_t done = 0;

	(void)file;
	do {
		peek(&host.ring, buffer, MIN(bytes - done, PIECE_BYTES),
			  &piece);
		if (copy_to_user(to + done, buffer, piece.bytes) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		host.ring.head += piece.taken;
		done += piece.bytes;
		arch_host_input_resume();
	} while (piece.bytes > 0 && done < bytes);
	return done > 0 || piece.is_end ? (ssize_t)done : -EAGAIN;
}

static ssize_t host_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	char buffer[PIECE_BYTES];
	size_t end = MIN(bytes, WRITE_BYTES);
	size_t done = 0;

	(void)file;
	while (done < end) {
		size_t length = MIN(end - done, PIECE_BYTES);

		if (copy_from_user(buffer, from + done, length) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		arch_host_write(buffer, length);
		done += length;
	}
	return done;
}

static unsigned host_poll(const struct open_file *file)
{
	(void)file;
	return POLLOUT | (is_readable() ? POLLIN : 0);
}

static const struct object_ops host_ops = {
	.kind = "host",
	.read = host_read,
	.write = host_write,
	.poll = host_poll,
};

void host_channel_init(bool has_input)
{
	if (!arch_host_is_present())
		return;
	if (!has_input) {		/* a reader must not wait for ever */
		ring_put(&host.ring, DLE);
		ring_put(&host.ring, EOT);
	}
	object_init(&host.object, &host_ops);
	cpu_set_deferred(PENDING_HOST, wake_reader);
	device_register("host", &host.object, 0600);
}
