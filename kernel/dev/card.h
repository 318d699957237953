/*
 * card.h - the network card: Ethernet frames to and from the wire.
 *
 * One card, of the kind virtio-net. All functions need [P], and no function
 * sleeps. Frames have no checksum at the end: the card adds and removes it.
 */
#pragma once

#include "kernel/lib/types.h"

#define CARD_ADDRESS_BYTES	6
#define CARD_FRAME_MOST		1514	/* header and 1,500 bytes */

/* Find the card and start the card. From now on happened() is called with [P]
 * when frames may have come. False: no card, or no memory for the card. */
bool card_init(void (*happened)(void));
/* The Ethernet address, in CARD_ADDRESS_BYTES bytes. */
void card_address(uint8_t *to);

/* Room for a frame to send; NULL: the wire is behind, and the frame is lost. */
void *card_begin(void);
/* Send the frame of this many bytes that was written to card_begin(). */
void card_send(void *frame, uint32_t bytes);
/* Before the machine ends: wait until the card has the last frames, 50 ms at
 * most. Without this wait a peer would not hear that a connection ends. */
void card_flush(void);

/* The oldest frame that has come, or NULL. */
const void *card_receive(uint32_t *bytes);
/* The card may use this frame's memory again. */
void card_release(const void *frame);
