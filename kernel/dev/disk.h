/*
 * disk.h - the disk: requests to read, write and flush sectors.
 *
 * One disk, of the kind virtio-blk. All functions need [P], and no function
 * sleeps.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/lib/types.h"

#define SECTOR_BYTES	512

enum disk_work { DISK_READ, DISK_WRITE, DISK_FLUSH };

/* [P] As the device reads it. */
struct disk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* [P] A request; the disk uses the struct until done() is called. */
struct disk_request {
	struct disk_header header;
	volatile uint8_t status;	/* the device writes it */
	uint8_t work;			/* enum disk_work */
	uint32_t length;		/* in bytes, at most a page */
	void *bytes;			/* in one page; not of a flush */
	void (*done)(struct disk_request *request, int error);	/* with [P],
					   must not sleep; 0 or -EIO */
	struct list_node node;		/* waits for room in the queue */
};

/* Find and start the disk. False: no disk. */
bool disk_init(void);
/* [const] 0 without a disk. */
uint64_t disk_sectors(void);
bool disk_is_read_only(void);
/* Begin a request at this sector. A flush is done when all writes that were
 * done before its start are safe from a power cut. */
void disk_start(struct disk_request *request, uint64_t sector);
