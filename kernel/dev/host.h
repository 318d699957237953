/*
 * host.h - the host channel of a headless run, /dev/host.
 */
#pragma once

#include "kernel/lib/ring.h"

/* [own] The bytes that a read may take out of the channel's ring. */
struct host_piece {
	size_t bytes;		/* stored */
	uint32_t taken;		/* of the ring */
	bool is_end;		/* end of file comes next, or has come */
};

/* Make the device, if the machine has the channel. Without input, the device is
 * at the end of the file from the beginning. */
void host_channel_init(bool has_input);
