/*
 * fs.c - the file tree comes up.
 *
 *	/		from the boot loader's archive, writable, in memory
 *	/dev		a name for each device; its names are fixed
 *	/proc		the kernel's state as text, made when opened
 *	/ipc		names of kernel objects, by kind
 */
#include "arch/arch.h"
#include "kernel/fs/lock.h"
#include "kernel/fs/names.h"
#include "kernel/fs/node.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printk.h"
#include "kernel/obj/async.h"
#include "kernel/task/cpu.h"

static struct node *root;

struct node *node_root(void)
{
	return root;
}

void fs_init(void)
{
	cpu_set_deferred(PENDING_OBJECTS, objects_destroy_ended);
	cpu_set_deferred(PENDING_LOCKS, locks_look);
	async_init();
	root = node_create(S_IFDIR | 0755);
	if (!root)
		panic("no memory for the root directory");
	root->links++;			/* ".." of the root is the root */
	mount_init(root);
	if (boot_info.initrd)
		tar_unpack(boot_info.initrd, boot_info.initrd_bytes);
	else
		printk("no initrd: the boot loader gave no module\n");
	device_init(root);
	proc_init(root);
	names_init(root);
}
