/*
 * disk.c - the disk virtio-blk.
 *
 * A request is three buffers in the device's queue: the header, the bytes, and
 * a byte for the result. Requests may be done in any order. A write that is
 * done may still be in the disk's own memory and get lost in a power cut; a
 * flush moves all such writes to the medium. When the queue is full, requests
 * wait in a list. The interrupt only notes that there is work.
 */
#include "kernel/dev/disk.h"

#include "kernel/abi/errno.h"
#include "kernel/dev/virtio.h"
#include "kernel/task/cpu.h"

#define FEATURE_READ_ONLY	(1u << 5)
#define FEATURE_FLUSH		(1u << 9)

#define CAPACITY_BYTES		8	/* of the configuration: sectors */
#define STATUS_NONE		0xff
#define GIVEN_MOST		16	/* their ends come at once */

static struct virtio disk;		/* [P] */
static struct virtio_queue queue;	/* [P] */
static struct list waiting = LIST_INIT(waiting);	/* [P] for room */
static unsigned given_count;		/* [P] requests at the disk */
static uint64_t sectors;		/* [const] */
static uint32_t features;		/* [const] */

static void disk_happened(struct virtio *device)
{
	(void)device;
	cpu_pend(PENDING_DISK);
}

static int give(struct disk_request *request)
{
	bool has_bytes = request->work != DISK_FLUSH;
	struct virtio_buffer buffers[3] = {
		{ &request->header, sizeof(request->header), false },
		{ request->bytes, request->length,
		  request->work == DISK_READ },
	};

	buffers[1 + has_bytes] = (struct virtio_buffer){
		(void *)&request->status, 1, true
	};
	if (given_count == GIVEN_MOST ||
	    virtio_give(&queue, buffers, 2 + has_bytes, request) != 0)
		return -EAGAIN;
	given_count++;
	return 0;
}

/* The deferred work of PENDING_DISK. */
static void take_done(void)
{
	struct disk_request *request;
	uint32_t written;

	while ((request = virtio_take(&queue, &written))) {
		given_count--;
		request->done(request, request->status ? -EIO : 0);
	}
	while (!list_is_empty(&waiting)) {
		request = LIST_ENTRY(list_first(&waiting), struct disk_request,
				     node);
		if (give(request) != 0)
			break;
		list_remove(&request->node);
	}
	virtio_notify(&disk, &queue);
}

void disk_start(struct disk_request *request, uint64_t sector)
{
	static const uint8_t type[] = {
		[DISK_READ] = 0, [DISK_WRITE] = 1, [DISK_FLUSH] = 4,
	};

	/* A disk without the feature has no memory of its own. */
	if (request->work == DISK_FLUSH && !(features & FEATURE_FLUSH)) {
		request->done(request, 0);
		return;
	}
	request->header = (struct disk_header){ .type = type[request->work],
						.sector = sector };
	request->status = STATUS_NONE;
	if (!list_is_empty(&waiting) || give(request) != 0)
		list_append(&waiting, &request->node);
	else
		virtio_notify(&disk, &queue);
}

bool disk_init(void)
{
	unsigned i;

	if (!virtio_find(&disk, VIRTIO_DISK,
			 FEATURE_READ_ONLY | FEATURE_FLUSH, &features) ||
	    virtio_queue_init(&disk, &queue, 0) != 0)
		return false;
	for (i = 0; i < CAPACITY_BYTES; i++)
		sectors |= (uint64_t)virtio_config(&disk, i) << (8 * i);
	disk.happened = disk_happened;
	cpu_set_deferred(PENDING_DISK, take_done);
	virtio_start(&disk);
	return true;
}

uint64_t disk_sectors(void)
{
	return sectors;
}

bool disk_is_read_only(void)
{
	return features & FEATURE_READ_ONLY;
}
