/*
 * mqueue_world.h - stubs below message queues on the build machine: signals,
 * numbers, time, names. For mqueue.c alone.
 */
#pragma once

#include "kernel/obj/descriptor.h"
#include "kernel/sys/named.h"

#define BAD_TIME	1		/* as a deadline's address */

static unsigned notices[ACTORS_MOST], cancels;

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	if (n != SIGUSR1 || info->si_code != SI_MESGQ)
		fail("signal_%d_is_sent_with_code_%d", n, info->si_code);
	notices[CONTAINER_OF(process, struct actor, process)->number]++;
	return 0;
}

int signal_send_task(struct task *task, int n, const siginfo_t *info)
{
	if (info->si_code == SI_MESGQ)
		return signal_send(task->process, n, info);
	cancels++;
	return 0;
}

static struct actor *actor_with_id(pid_t id)
{
	if (id < 1 || id > actor_count || actors[id - 1].has_ended)
		return NULL;
	return &actors[id - 1];
}

struct process *process_find(pid_t id)
{
	struct actor *actor = actor_with_id(id);

	return actor ? &actor->process : NULL;
}

struct task *id_task(pid_t id)
{
	struct actor *actor = actor_with_id(id);

	return actor ? &actor->task : NULL;
}

/* The address of a time is the time. */
int timespec_fetch(uaddr_t from, uint64_t *ns)
{
	*ns = from;
	return from == BAD_TIME ? -EINVAL : 0;
}

int time_deadline(clockid_t clock, uint64_t ns, uint64_t *deadline_ns)
{
	if (clock != CLOCK_REALTIME)
		fail("clock_is_%d", clock);
	*deadline_ns = ns;
	return 0;
}

long named_open(struct names_request *request, uaddr_t name_at,
		bool close_on_exec)
{
	(void)request;
	(void)name_at;
	(void)close_on_exec;
	return -EMFILE;
}

long named_unlink(const char *kind, uaddr_t name_at)
{
	(void)kind;
	(void)name_at;
	return 0;
}

bool names_describe(const struct object *object, char *to, size_t size)
{
	(void)object;
	(void)to;
	(void)size;
	return false;
}

/* The memory of the actors is never missing. */
frame_t arch_lookup_writable(struct arch_space *space, uaddr_t va)
{
	(void)space;
	if (va - host_user >= HOST_USER_BYTES)
		return 0;
	return virt_to_frame(host_user_bytes(va));
}

int space_fault(struct space *space, uaddr_t at, unsigned access)
{
	(void)space;
	(void)at;
	(void)access;
	return -EFAULT;
}
