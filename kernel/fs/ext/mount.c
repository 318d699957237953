/*
 * mount.c - the disk as a file system: mount, the kernel task, unmount.
 *
 * One kernel task works for the mounted disk: it recovers the disk, commits
 * what programs have changed (kernel/fs/journal.c), frees the inodes and blocks
 * of files that have ended, and drops old nodes when memory has many. mount(2)
 * starts the task, and umount(2) waits for its end.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/task/task.h"

static bool must_stop;			/* [P] */
static enum { ENDED, BEGINS, RUNS } state;	/* [P] of the task */
static int start_error;			/* [P] for start() */
static int stop_error;			/* [P] for ext_unmount() */
static uint64_t sleeps_until;		/* [P] */

/* ---- The beginning ------------------------------------------------------ */

/* Tell the log its places on the disk: how many there are. */
static int find_log(void)
{
	struct ext_inode inode, *found;
	uint32_t i, blocks, number;
	int error = CACHE_REPEAT(inode_get(ext.super.journal_inode, &found));

	if (error)
		return error;
	inode = *found;
	blocks = inode.bytes / BLOCK_BYTES;
	for (i = 0; !error && i < blocks; i++) {
		error = CACHE_REPEAT(map_look(&inode, i, &number)) ?:
			(number ? log_place(i, number) : -EIO);
		sched_point();
	}
	return error ?: blocks ? (int)blocks : -EIO;
}

static int start_log(void)
{
	int blocks = find_log();

	if (blocks > 0)
		blocks = log_start(blocks);
	if (blocks == -EIO)
		printk("ext3: the journal cannot be used; e2fsck can repair "
		       "a disk\n");
	return blocks;
}

static int get_root(void)
{
	int error = CACHE_REPEAT(inode_node(EXT_ROOT, &ext.fs.root));

	if (error || node_is_directory(ext.fs.root))
		return error;
	node_put(ext.fs.root);
	return -EIO;
}

/* Recover the disk, even if it is to be read only, and get the root. */
static int begin(void)
{
	int error, blocks;

	list_init(&ext.dirty);
	list_init(&ext.orphans);
	list_init(&ext.ended);
	search_forget_all();
	blocks = super_check() ?: ext_freed_start() ?: start_log();
	if (blocks < 0)
		return blocks;
	error = 0;
	if (!ext.fs.is_read_only)
		error = orphans_load() ?: super_mark(true) ?: log_empty(false);
	else if (ext.super.incompatible & EXT_RECOVER && !disk_is_read_only())
		error = super_mark(false);
	error = error ?: get_root();
	if (!error)
		journal_open(blocks, ext.fs.is_read_only);
	return error;
}

/* ---- The work ----------------------------------------------------------- */

/* After the last node is stored, no task runs before the journal closes. */
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

static void commit(void)
{
	journal_prepare();
	store_nodes();
	if (journal_commit() != 0)
		ext.fs.is_read_only = true;
	ext_freed_are_free();
}

static void end_nodes(void)
{
	struct list_node *first;
	int result;

	while ((first = list_first(&ext.ended))) {
		result = inode_end(LIST_ENTRY(first, struct ext_node, ended));
		if (result == -EAGAIN && journal_must_commit())
			return;
		if (result == -EAGAIN)
			cache_sleep_once();
		sched_point();
	}
}

/* ... or an earlier commit is due than the task knows. */
static bool has_work(void)
{
	return journal_must_commit() || must_stop || ext.is_crowded ||
	       !list_is_empty(&ext.ended) || journal_due_ns() < sleeps_until;
}

/* After an error of the log, the next mount begins with what the disk has. */
static void end(void)
{
	int error = 0;

	if (!ext.fs.is_read_only)
		commit();
	journal_close();
	if (!ext.fs.is_read_only)
		error = log_empty(true) ?: super_mark(false);
	if (error)
		journal_break(error);
	stop_error = journal_is_broken() ? -EIO : 0;
	journal_forget();
}

static void disk_task(void *unused)
{
	(void)unused;
	lock_stuff();
	start_error = begin();
	ext.fs.is_read_only |= start_error != 0;
	must_stop |= start_error != 0;
	state = RUNS;
	cache_wake();
	while (!must_stop || !list_is_empty(&ext.ended)) {
		sleeps_until = journal_due_ns();
		cache_sleep(has_work, sleeps_until);
		ext.is_crowded = ext.is_crowded && inodes_forget();
		end_nodes();
		if (journal_must_commit())
			commit();
		sched_point();
	}
	end();
	state = ENDED;
	cache_wake();
	terminate_task();
}

/* ---- Mount and unmount -------------------------------------------------- */

/* An attempt to start the task. 0, or an error of begin(). */
static int start(bool is_read_only)
{
	int error = start_error;

	start_error = 0;
	if (error)
		return error;
	if (state == ENDED) {
		must_stop = false;
		ext.fs.is_read_only = is_read_only;
		if (!create_kernel_task("ext3", disk_task, NULL,
					PRIORITY_NORMAL))
			return -ENOMEM;
		state = BEGINS;
	}
	return state == RUNS && !must_stop ? 0 : cache_missing();
}

static int ext_mount(const char *source, bool is_read_only,
		     struct file_system **out)
{
	int error;

	if (strcmp(source, "/dev/disk") != 0 || cache_disk_blocks() == 0)
		return -ENODEV;
	if (ext.is_mounted)
		return -EBUSY;
	error = start(is_read_only);
	ext.is_mounted = !error;
	*out = &ext.fs;
	return error;
}

static int ext_forget(struct file_system *fs)
{
	(void)fs;
	if (inodes_forget())
		return 1;
	return list_is_empty(&ext.ended) ? 0 : cache_missing();
}

/* An attempt to free the ended nodes, commit, mark the disk clean, and end the
 * task. */
static int ext_unmount(struct file_system *fs)
{
	if (ext.is_mounted)
		node_put(fs->root);
	ext.is_mounted = false;
	must_stop = true;
	cache_wake();
	return state == ENDED ? stop_error : cache_missing();
}

static int ext_statvfs(struct file_system *fs, struct statvfs *status)
{
	struct ext_super *super;
	int error = super_get(&super);

	(void)fs;
	if (error)
		return error;
	status->f_blocks = super->blocks;
	status->f_bfree = super->free_blocks;
	status->f_bavail = super->free_blocks -
			   MIN(super->free_blocks, super->reserved_blocks);
	status->f_files = super->inodes;
	status->f_ffree = status->f_favail = super->free_inodes;
	return 0;
}

static int ext_sync(struct file_system *fs, struct node *node,
		    uint32_t *until)
{
	if (fs->is_read_only)
		return journal_sync(0);
	if (*until == 0)
		*until = node ? ext_node_of(node)->epoch
			      : journal_last_change();
	return journal_sync(*until);
}

static const struct node_ops ext_ops = {
	.lookup = names_lookup,
	.create = inode_create,
	.destroy = inode_destroy,
	.add = names_add,
	.remove = names_remove,
	.move = names_move,
	.is_empty = dir_is_empty,
	.read_link = names_read_link,
	.list = dir_list,
	.read = ext_read,
	.write = ext_write,
	.resize = ext_resize,
	.largest = EXT_LARGEST,
	.queue = cache_queue,
	.source = &ext_source_ops,
	.changed = inode_changed,
	.statvfs = ext_statvfs,
	.sync = ext_sync,
	.forget = ext_forget,
	.unmount = ext_unmount,
};

void ext_init(void)
{
	static struct file_system_type type = {
		.name = "ext3", .mount = ext_mount,
	};

	ext.fs.ops = &ext_ops;
	file_system_register(&type);
}
