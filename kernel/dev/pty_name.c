/*
 * pty_name.c - the name /dev/pts/N of a pseudo-terminal.
 *
 * The opener of the master owns the name. Until TIOCSPTLCK the name cannot be
 * opened: so grantpt() would have time to change the owner, were there need.
 */
#include "kernel/dev/pty_name.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define PTY_MAX		4096	/* in the system */
#define PTY_KEPT	64	/* of them for root */
#define GROUP_TTY	5	/* of /etc/group */

static uint32_t numbers[PTY_MAX / 32];	/* [P] a bit for each name */
static struct node *names;		/* [const] /dev/pts */

/* open(2) of /dev/pts/N. */
static int open_slave(struct node *node, uint32_t flags, struct object **out)
{
	struct pty *pty = node->data;

	(void)flags;
	if (!pty || pty->is_locked)
		return -EIO;
	object_get(&pty->terminal.object);
	*out = &pty->terminal.object;
	return 0;
}

/* The lowest free number for the running process, or -ENOSPC. */
static int find_number(void)
{
	uint32_t most = account_is_root(account_payer()) ? PTY_MAX
							 : PTY_MAX - PTY_KEPT;

	for (uint32_t word = 0; word < most / 32; word++)
		if (~numbers[word])
			return word * 32 + __builtin_ctz(~numbers[word]);
	return -ENOSPC;
}

/* The real user owns the name; the members of the group tty may write. */
int pty_name_add(struct pty *pty)
{
	const struct identity *identity = &process_current()->identity;
	int number = find_number(), error;
	char name[12];
	struct place place;

	if (number < 0)
		return number;
	pty->node = node_create_special(S_IFCHR | 0620, open_slave, pty);
	if (!pty->node)
		return account_error(ACCOUNT_NAMES, 1, -ENOSPC, -ENOMEM);
	pty->node->uid = identity->real_user;
	pty->node->gid = GROUP_TTY;
	snprintf(name, sizeof(name), "%d", number);
	place = place_in(names, name);
	error = entry_add(&place, pty->node);
	if (error)
		return error;
	pty->number = number;
	numbers[number / 32] |= 1u << number % 32;
	return 0;
}

void pty_name_remove(struct pty *pty)
{
	char name[12];
	struct place place;

	snprintf(name, sizeof(name), "%u", pty->number);
	place = place_in(names, name);
	if (place.node == pty->node)
		entry_remove(&place);
	pty->node->data = NULL;
	numbers[pty->number / 32] &= ~(1u << pty->number % 32);
}

void pty_names_init(void)
{
	names = device_directory("pts", 0755);
}
