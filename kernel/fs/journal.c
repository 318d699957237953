/*
 * journal.c - changes of the disk that happen wholly or not at all.
 *
 * Why a journal. A new file changes an inode, a bitmap, two counters and a
 * directory, in several blocks. The disk writes one block at a time, in any
 * order, and the power may fail in between: then a name leads to no file, or
 * two files own a block. With a journal, the changed blocks first go to a log,
 * then a commit block, and only then to their places. After a power cut, a
 * transaction without its commit block never happened; one with its commit
 * block is copied from the log to its places again (log.c).
 *
 * What is atomic. Each system call is one change, or several for long writes
 * and truncations. journal_edit() notes the old bytes that the next step
 * replaces; a change that fails, or misses a block, puts the old bytes back,
 * the last ones first. No task runs during a change. A transaction is all
 * changes since the last commit: the task of the file system (ext/mount.c)
 * commits when a program calls fsync(2) or sync(2), after 5 seconds, and when
 * the journal is half full.
 *
 * A commit, in this order; a flush separates what must not change places:
 *
 *	1. attributes of changed nodes go to their inodes; changes must wait
 *	2. bytes of files go to their places ("ordered mode": a committed file
 *	   never shows old bytes of a different file)
 *	3. the log: a block of tags, which name the places, then the blocks
 *	4. flush, the commit block, flush: the transaction is safe
 *	5. the blocks go to their places, and changes may begin again
 *
 * The log starts again from its beginning when it is full: after a flush, all
 * its blocks are in their places. Blocks of directories and of block numbers
 * that are freed could come back from the log over the new bytes of a file. So
 * after such a commit the log is declared empty. (ext3 writes revoke blocks for
 * this purpose; log.c reads them.)
 *
 * The format is that of JBD, the journal of Linux' ext3. Source: S. Tweedie,
 * "Journaling the Linux ext2fs Filesystem", 1998.
 */
#include "kernel/fs/journal.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/task/cpu.h"

#define EDITS_MOST	128		/* in one change */
#define OLD_MOST	16384		/* bytes in one change */
#define DELAY_NS	(4 * NSEC_PER_SEC)	/* from change to commit */

static struct list logged = LIST_INIT(logged);	/* [P] the transaction */
static uint32_t logged_count;		/* [P] */
static uint32_t logged_most;		/* [const] */
static uint32_t epoch = 1;		/* [P] the number of the next commit */
static uint32_t wanted;			/* [P] a commit that a task waits for */
static uint64_t due_ns = FOREVER;	/* [P] */
/* [P] The commit that lost bytes of files. */
static uint32_t failed_epoch = UINT32_MAX;
static bool is_closed = true;		/* [P] a commit goes on */
static bool is_storing;			/* [P] ... and begins */
static bool is_changing;		/* [P] between begin and end */
static bool is_read_only = true;	/* [P] */
static bool is_broken;			/* [P] after an error of the log */
static bool frees_metadata;		/* [P] the running transaction does */
/* [P] What a change has replaced; the old bytes follow each other in `old`. */
static struct {
	struct block *block;
	char *at;
	size_t bytes;			/* 0: a new block */
} edits[EDITS_MOST];
static unsigned edit_count;
static char old[OLD_MOST];
static size_t old_bytes;

/* ---- A change ----------------------------------------------------------- */

uint32_t journal_epoch(void)
{
	return epoch + is_closed;
}

void journal_note_change(void)
{
	if (due_ns == FOREVER) {
		due_ns = arch_now_ns() + DELAY_NS;
		cache_wake();
	}
}

static int wait_for_commit(void)
{
	if (wanted < epoch && !is_closed) {
		wanted = epoch;
		cache_wake();
	}
	return cache_missing();
}

int journal_begin(void)
{
	ASSERT(!is_changing);
	if (is_read_only)
		return is_broken ? -EIO : -EROFS;
	if (is_closed ||
	    (!is_storing && (logged_count > logged_most || cache_is_behind())))
		return wait_for_commit();
	is_changing = true;
	return 0;
}

int journal_edit(struct block *block, void *at, size_t bytes)
{
	ASSERT(is_changing);
	if (block->is_busy)
		return cache_missing();
	if (edit_count == EDITS_MOST || bytes > OLD_MOST - old_bytes)
		return -EFBIG;		/* the disk is damaged */
	memcpy(old + old_bytes, at, bytes);
	old_bytes += bytes;
	edits[edit_count].block = block;
	edits[edit_count].at = at;
	edits[edit_count++].bytes = bytes;
	return 0;
}

int journal_new(uint32_t number, struct block **block)
{
	return cache_get_zeroed(number, block) ?: journal_edit(*block, NULL, 0);
}

void journal_frees_metadata(void)
{
	frees_metadata = true;
}

int journal_end(int result)
{
	struct block *block;

	ASSERT(is_changing);
	while (edit_count > 0) {
		block = edits[--edit_count].block;
		old_bytes -= edits[edit_count].bytes;
		if (result < 0)
			memcpy(edits[edit_count].at, old + old_bytes,
			       edits[edit_count].bytes);
		if (result < 0 || block->state == BLOCK_LOGGED)
			continue;
		cache_log(block, &logged);
		logged_count++;
	}
	is_changing = false;
	if (result >= 0)
		journal_note_change();
	return result;
}

int journal_sync(uint32_t until)
{
	if (until < epoch)
		return is_broken || until == failed_epoch ? -EIO : 0;
	if (wanted < until) {
		wanted = until;
		cache_wake();
	}
	return cache_missing();
}

uint32_t journal_last_change(void)
{
	return due_ns == FOREVER ? epoch - !is_closed : journal_epoch();
}

/* ---- A commit ----------------------------------------------------------- */

/* Step 5. */
static int write_home(void)
{
	struct block *block;
	struct list_node *first;
	int error;

	LIST_FOR_EACH(block, &logged, place) {
		cache_write(block, block->number);
		cache_pace();
	}
	error = cache_finish();
	while ((first = list_first(&logged))) {
		cache_unlog(LIST_ENTRY(first, struct block, place));
		sched_point();
	}
	logged_count = 0;
	return error;
}

/* Steps 2 to 5. */
static int commit_closed(void)
{
	unsigned pass;

	/* Twice: a block that was on its way before is dirty again. */
	for (pass = 0; pass < 2; pass++) {
		cache_write_dirty();
		if (cache_finish() != 0)
			failed_epoch = epoch;	/* bytes of a file are lost */
	}
	if (logged_count == 0)
		return cache_flush();
	return log_write(&logged, logged_count) ?: write_home() ?:
	       (frees_metadata ? log_empty(false) : 0);
}

void journal_break(int error)
{
	printk("ext3: error %d of the journal: the disk is read-only until the "
	       "next mount\n", -error);
	is_broken = is_read_only = true;
}

void journal_prepare(void)
{
	cache_write_dirty();
	is_storing = true;
}

int journal_commit(void)
{
	int error;

	is_storing = false;
	is_closed = true;
	due_ns = FOREVER;
	error = is_broken ? 0 : commit_closed();
	if (error)
		journal_break(error);
	frees_metadata = is_closed = false;
	epoch++;
	cache_wake();
	return is_broken ? -EIO : 0;
}

/* ---- The task ----------------------------------------------------------- */

bool journal_must_commit(void)
{
	return wanted >= epoch || logged_count > logged_most ||
	       cache_is_behind() || due_ns <= arch_now_ns();
}

uint64_t journal_due_ns(void)
{
	return due_ns;
}

void journal_open(uint32_t blocks, bool only_reads)
{
	logged_most = MIN(blocks, CACHE_LEAST) / 4;
	is_read_only = only_reads;
	is_broken = is_closed = false;
}

void journal_close(void)
{
	is_read_only = true;
}

bool journal_is_broken(void)
{
	return is_broken;
}

void journal_forget(void)
{
	is_closed = true;
	cache_drop(&logged);
	logged_count = 0;
}
