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
 * changes since the last commit: the kernel task of this file commits when a
 * program calls fsync(2) or sync(2), after 5 seconds, and when the journal is
 * half full.
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
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/task.h"

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
static bool due_is_new;			/* [P] for the journal's task */
static bool is_changing;		/* [P] between begin and end */
static bool is_broken;			/* [P] after an error of the log */
static bool must_stop;			/* [P] */
static enum { ENDED, BEGINS, RUNS } state;	/* [P] of the task */
static int start_error;			/* [P] for journal_start() */
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
		due_is_new = true;
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
	if (ext.fs.is_read_only)
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
	       (ext.frees_metadata ? log_empty(false) : 0);
}

/* Step 1: after the last node is stored, no task runs before is_closed is set.
 */
static void store_nodes(void)
{
	struct list_node *first;

	while ((first = list_first(&ext.dirty))) {
		CACHE_REPEAT(inode_store(LIST_ENTRY(first, struct ext_node,
						    dirty)));
		if (!list_is_empty(&ext.dirty))
			sched_point();
	}
}

static void break_journal(int error)
{
	printk("ext3: error %d of the journal: the disk is read-only until the "
	       "next mount\n", -error);
	is_broken = ext.fs.is_read_only = true;
}

static void commit(void)
{
	int error;

	cache_write_dirty();
	is_storing = true;
	store_nodes();
	is_storing = false;
	is_closed = true;
	due_ns = FOREVER;
	error = is_broken ? 0 : commit_closed();
	if (error)
		break_journal(error);
	ext_freed_are_free();
	ext.frees_metadata = false;
	is_closed = false;
	epoch++;
	cache_wake();
}

/* ---- The kernel task ---------------------------------------------------- */

static bool must_commit(void)
{
	return wanted >= epoch || logged_count > logged_most ||
	       cache_is_behind() || due_ns <= arch_now_ns();
}

static bool has_work(void)
{
	return must_commit() || due_is_new || must_stop || ext.is_crowded ||
	       !list_is_empty(&ext.ended);
}

static void end_nodes(void)
{
	struct list_node *first;
	int result;

	while ((first = list_first(&ext.ended))) {
		result = inode_end(LIST_ENTRY(first, struct ext_node, ended));
		if (result == -EAGAIN && must_commit())
			return;
		if (result == -EAGAIN)
			cache_sleep_once();
		sched_point();
	}
}

static int get_root(void)
{
	int error = CACHE_REPEAT(inode_node(EXT_ROOT, &ext.fs.root));

	if (error || node_is_directory(ext.fs.root))
		return error;
	node_put(ext.fs.root);
	return -EIO;
}

static int begin(void)
{
	int error = super_check() ?: ext_freed_start();
	int blocks = error ?: log_start();

	if (blocks < 0)
		return blocks;
	logged_most = MIN((uint32_t)blocks, CACHE_LEAST) / 4;
	if (!ext.fs.is_read_only)
		error = orphans_load() ?: super_mark(true) ?: log_empty(false);
	else if (ext.super.incompatible & EXT_RECOVER && !disk_is_read_only())
		error = super_mark(false);
	return error ?: get_root();
}

/* After an error of the log, the next mount begins with what the disk has. */
static void end(void)
{
	int error = 0;

	if (!ext.fs.is_read_only)
		commit();
	is_closed = true;
	if (!ext.fs.is_read_only)
		error = log_empty(true) ?: super_mark(false);
	if (error)
		break_journal(error);
	cache_drop(&logged);
	logged_count = 0;
}

static void journal_task(void *unused)
{
	(void)unused;
	lock_stuff();
	start_error = begin();
	ext.fs.is_read_only |= start_error != 0;
	must_stop |= start_error != 0;
	is_closed = false;
	state = RUNS;
	cache_wake();
	while (!must_stop || !list_is_empty(&ext.ended)) {
		cache_sleep(has_work, due_ns);
		due_is_new = false;
		ext.is_crowded = ext.is_crowded && inodes_forget();
		end_nodes();
		if (must_commit())
			commit();
		sched_point();
	}
	end();
	state = ENDED;
	cache_wake();
	terminate_task();
}

/* ---- Start and end ------------------------------------------------------ */

int journal_start(bool is_read_only)
{
	int error = start_error;

	start_error = 0;
	if (error)
		return error;
	if (state == ENDED) {
		must_stop = is_broken = false;
		is_closed = true;
		ext.fs.is_read_only = is_read_only;
		if (!create_kernel_task("ext3", journal_task, NULL,
					PRIORITY_NORMAL))
			return -ENOMEM;
		state = BEGINS;
	}
	return state == RUNS && !must_stop ? 0 : cache_missing();
}

int journal_stop(void)
{
	must_stop = true;
	cache_wake();
	if (state != ENDED)
		return cache_missing();
	return is_broken ? -EIO : 0;
}
