/*
 * inotify_watch.c - the watches of inotify, and the changes that they see.
 *
 * A watch belongs to an open file of inotify, and to the node that it watches.
 * It holds a reference of the node, so a watched file system cannot be
 * unmounted. The watches of a node end with its last name; those of an open
 * file without a name end with the last close.
 *
 * A change tells all watches of a node in one stretch. So a user may have no
 * more than WATCHES_OF_NODE watches for a node. A change inside a file tells
 * one directory only: that of the file's oldest name.
 */
#include "kernel/fs/inotify.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define WATCHES_OF_NODE	8
#define NAME_UNIT	16u		/* names are padded to multiples */

/* [P] */
struct watch {
	struct list_node of_inotify;	/* in inotify->watches */
	struct list_node of_node;	/* in node->watches */
	struct inotify *inotify;
	struct node *node;		/* with a reference */
	int wd;
	uint32_t mask;			/* wanted events, and IN_ONESHOT */
};

uint32_t inotify_watches;

static struct pool watch_pool = POOL_COUNTED("watch", sizeof(struct watch),
					     ACCOUNT_WATCHES);

/* ---- Changes ------------------------------------------------------------- */

static void free_watch(struct watch *watch)
{
	struct node *node = watch->node;

	list_remove(&watch->of_inotify);
	list_remove(&watch->of_node);
	pool_free(&watch_pool, watch);
	inotify_watches--;
	node_put(node);
}

static void end_watch(struct watch *watch)
{
	const struct inotify_event ignored = {
		.wd = watch->wd, .mask = IN_IGNORED,
	};

	inotify_put(watch->inotify, &ignored, "");
	free_watch(watch);
}

/* The bytes of a name in an event. */
static uint32_t name_bytes(const char *name)
{
	return *name ? ALIGN_UP(strlen(name) + 1, NAME_UNIT) : 0;
}

static void tell_watch(struct watch *watch, uint32_t mask, uint32_t cookie,
		       const char *name)
{
	const struct inotify_event head = {
		.wd = watch->wd, .mask = mask, .cookie = cookie,
		.len = name_bytes(name),
	};

	if (!(watch->mask & mask & IN_ALL_EVENTS))
		return;
	inotify_put(watch->inotify, &head, name);
	if (watch->mask & IN_ONESHOT)
		end_watch(watch);
}

void inotify_tell(struct node *watched, uint32_t mask, uint32_t cookie,
		  const char *name)
{
	struct watch *watch, *after;

	LIST_FOR_EACH_SAFE(watch, after, &watched->watches, of_node)
		tell_watch(watch, mask, cookie, name);
}

void inotify_tell_place(struct node *node, uint32_t mask)
{
	struct list_node *first = list_first(&node->entries);
	const struct entry *entry;

	if (node_is_directory(node))
		mask |= IN_ISDIR;
	if (first) {
		entry = LIST_ENTRY(first, struct entry, of_node);
		inotify_tell(entry->directory, mask, 0, entry->name);
	}
	inotify_tell(node, mask, 0, "");
}

void inotify_move(const struct entry *from, const struct entry *to)
{
	uint32_t kind = node_is_directory(to->node) ? IN_ISDIR : 0;
	static uint32_t cookie;		/* [P] */

	if (inotify_watches == 0)
		return;
	cookie++;
	inotify_tell(from->directory, IN_MOVED_FROM | kind, cookie, from->name);
	inotify_tell(to->directory, IN_MOVED_TO | kind, cookie, to->name);
	inotify_tell(to->node, IN_MOVE_SELF, 0, "");
}

void inotify_end_watches(struct node *node)
{
	const uint32_t *ends = node->object.ends;
	struct watch *watch, *after;

	if (ends[END_READ] > 0 || ends[END_WRITE] > 0)
		return;
	inotify_tell(node, IN_DELETE_SELF, 0, "");
	LIST_FOR_EACH_SAFE(watch, after, &node->watches, of_node)
		end_watch(watch);
}

/* ---- Watches ------------------------------------------------------------- */

static struct watch *watch_of(const struct inotify *inotify,
			      const struct node *node)
{
	struct watch *watch;

	LIST_FOR_EACH(watch, &node->watches, of_node)
		if (watch->inotify == inotify)
			return watch;
	return NULL;
}

/* May the running process's user have a further watch of the node? */
static bool has_room(const struct node *node)
{
	const struct watch *watch;
	uint32_t count = 0;

	LIST_FOR_EACH(watch, &node->watches, of_node)
		count += pool_payer(watch) == account_payer();
	return count < WATCHES_OF_NODE || account_is_root(account_payer());
}

static long new_watch(struct inotify *inotify, struct node *node,
		      uint32_t mask)
{
	struct watch *watch;

	if (!has_room(node))
		return -ENOSPC;
	watch = pool_alloc(&watch_pool);
	if (!watch)
		return account_error(ACCOUNT_WATCHES, 1, -ENOSPC, -ENOMEM);
	watch->inotify = inotify;
	watch->node = node;
	watch->mask = mask;
	watch->wd = ++inotify->last_wd;
	node_get(node);
	list_append(&inotify->watches, &watch->of_inotify);
	list_append(&node->watches, &watch->of_node);
	inotify_watches++;
	return watch->wd;
}

long inotify_watch(struct open_file *file, struct node *node, uint32_t mask)
{
	struct inotify *inotify = inotify_of(file->object);
	struct watch *watch = watch_of(inotify, node);

	if (!watch)
		return new_watch(inotify, node, mask);
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	watch->mask = mask & IN_MASK_ADD ? watch->mask | mask : mask;
	return watch->wd;
}

int inotify_unwatch(struct open_file *file, int wd)
{
	struct watch *watch;

	LIST_FOR_EACH(watch, &inotify_of(file->object)->watches, of_inotify)
		if (watch->wd == wd) {
			end_watch(watch);
			return 0;
		}
	return -EINVAL;
}

bool inotify_drop_watch(struct inotify *inotify)
{
	struct list_node *first = list_first(&inotify->watches);

	if (first)
		free_watch(LIST_ENTRY(first, struct watch, of_inotify));
	return first;
}
