/*
 * owner.c - job control: the session that owns a terminal.
 *
 * The terminal belongs to a single session at a time. One of the session's
 * process groups is in the foreground: ctrl+C goes there, and only processes of
 * this group may read. A process of an older session, which the terminal has
 * left, gets -EIO from each call.
 *
 * A process outside of all sessions of the terminal may read and change the
 * modes only if the mode of the device lets the process open the terminal: a
 * descriptor that was inherited is no right. Else any user could read the keys
 * that root types, or make a letter the key that interrupts root's programs.
 *
 * Source: IEEE Std 1003.1-2017, General Terminal Interface, 11.1.
 */
#include "kernel/dev/owner.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/fs/device.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* The ids count as used. So no new group or session gets the number of the
 * group that ctrl+C goes to, after the last member has ended. */
static void set_owner(struct tty_owner *owner, pid_t session, pid_t foreground)
{
	struct tty_owner old = *owner;

	owner->session = session;
	owner->foreground = foreground;
	if (session)
		id_get(session);
	if (foreground)
		id_get(foreground);
	if (old.session)
		id_put(old.session);
	if (old.foreground)
		id_put(old.foreground);
}

void owner_send_signal(const struct tty_owner *owner, int number)
{
	if (owner->foreground)
		group_send(owner->foreground, number);
}

/* ---- Rights -------------------------------------------------------------- */

static bool is_controlling(const struct tty_owner *owner,
			   const struct process *process)
{
	return process && process->terminal == owner->object &&
	       process->session == owner->session;
}

bool owner_has_hung_up(const struct tty_owner *owner)
{
	const struct process *process = process_current();

	return process->terminal == owner->object &&
	       process->session != owner->session;
}

/* Could the process open the device to read and write? */
static bool could_open(const struct tty_owner *owner,
		       const struct process *process)
{
	struct object *object = owner->object;
	struct stat status = { 0 };
	bool is_named = object->ops->stat
				? object->ops->stat(object, &status) == 0
				: device_stat(object, &status);

	return is_named &&
	       user_may_use(process, status.st_uid, status.st_gid,
			    status.st_mode, R_OK | W_OK) == 0;
}

int owner_check_use(const struct tty_owner *owner)
{
	const struct process *process = process_current();

	if (is_controlling(owner, process))
		return 0;
	return owner_has_hung_up(owner) || !could_open(owner, process) ? -EIO
								       : 0;
}

static bool is_deaf_to(const struct process *process, int number)
{
	return task_current()->signals.blocked & SIGNAL_BIT(number) ||
	       process->signals.actions->of[number].handler == 1;
}

int owner_stop_background(const struct tty_owner *owner, int number,
			  int otherwise)
{
	struct process *process = process_current();

	if (!is_controlling(owner, process) || !owner->foreground ||
	    process->group == owner->foreground)
		return 0;
	if (is_deaf_to(process, number))
		return otherwise;
	if (group_is_orphaned(process->group))
		return -EIO;
	group_send(process->group, number);
	return -EINTR;
}

/* ---- Change of the session ----------------------------------------------- */

static bool session_is_alive(const struct tty_owner *owner)
{
	const struct process *leader = process_find(owner->session);

	return leader && leader->state != PROCESS_ZOMBIE &&
	       is_controlling(owner, leader);
}

int owner_take(struct tty_owner *owner)
{
	struct process *process = process_current();

	if (is_controlling(owner, process))
		return 0;
	if (process->id != process->session || process->terminal ||
	    (owner->session && session_is_alive(owner)) ||
	    !could_open(owner, process))
		return -EPERM;
	set_owner(owner, process->session, process->group);
	process->terminal = owner->object;
	object_get(owner->object);
	return 0;
}

void owner_leave(struct tty_owner *owner, struct process *process)
{
	if (is_controlling(owner, process) && owner->session == process->id) {
		owner_send_signal(owner, SIGHUP);
		owner_send_signal(owner, SIGCONT);
		set_owner(owner, 0, 0);
	}
	object_put(process->terminal);
	process->terminal = NULL;
}

void owner_hang_up(const struct tty_owner *owner)
{
	siginfo_t info = { .si_signo = SIGHUP, .si_code = SI_KERNEL };

	if (!owner->session || !session_is_alive(owner))
		return;
	signal_send(process_find(owner->session), SIGHUP, &info);
	info.si_signo = SIGCONT;
	signal_send(process_find(owner->session), SIGCONT, &info);
}

/* ---- The foreground ------------------------------------------------------ */

static bool group_is_of_session(pid_t group, pid_t session)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->group == group && process->session == session)
			return true;
	return false;
}

int owner_set_foreground(struct tty_owner *owner, uaddr_t from)
{
	pid_t group;
	int error;

	if (!is_controlling(owner, process_current()))
		return -ENOTTY;
	if (copy_from_user(&group, from, sizeof(group)) != 0)
		return -EFAULT;
	if (group <= 0)
		return -EINVAL;
	if (!group_is_of_session(group, owner->session))
		return -EPERM;
	/* A shell takes the terminal back from the background, and ignores
	 * this signal. */
	error = owner_stop_background(owner, SIGTTOU, 0);
	if (error)
		return error;
	set_owner(owner, owner->session, group);
	return 0;
}

int owner_get_foreground(const struct tty_owner *owner, uaddr_t to)
{
	if (!is_controlling(owner, process_current()))
		return -ENOTTY;
	return copy_to_user(to, &owner->foreground, sizeof(owner->foreground));
}
