/*
 * mailbox_world.h - the machine under tests/host/mailbox.c: the actors of
 * stub/actors.h, put into processes of which some have several tasks, and the
 * mailboxes as they are shipped.
 */
#pragma once

#include "tests/host/stub/actors.h"

#include "kernel/lib/trace.h"
#include "kernel/task/wait.h"	/* without trace points for the model */

/* The trace points of the mailboxes tell the model each event. */
struct mailbox;
static void model_send(const struct object *box, uint32_t id);
static void model_receive(uint32_t id);

#undef trace
#define trace(id, object, a, b)		at_##id(object, b)
#define at_TRACE_SEND(box, id)		model_send(box, id)
#define at_TRACE_RECEIVE(box, id)	model_receive(id)
#define at_TRACE_REPLY(box, caller)	((void)(caller))
#define at_TRACE_GIFT(box, id)		((void)(id))

#include "kernel/abi/limits.h"
#undef INBOX_SENDER_BYTES_MAX
#define INBOX_SENDER_BYTES_MAX 400	/* so that senders wait for room */
#include "kernel/lib/sched_point.h"
#undef COPY_PART_BYTES
#define COPY_PART_BYTES PAGE_SIZE	/* so that few bytes are long */
#include "kernel/ipc/mail.c"
#include "kernel/ipc/mailbox.c"
#include "kernel/ipc/mailbox_object.c"
#include "kernel/ipc/mail_call.c"
#include "kernel/ipc/mail_direct.c"
#include "kernel/ipc/mail_long.c"

#define HOMES_MOST	5
#define BOXES		2
#define FIRST_PID	10
#define ACTOR_BYTES	32768		/* of a program's memory, for each */
#define SHORT_MOST	43
#define BODY_MOST	6000

static const char *const program_name = "mailbox";

/* A process. Its descriptor b means box b, until the process closes the
   descriptor. */
struct home {
	struct process process;
	struct space space;
	unsigned alive;			/* tasks */
	bool has_ended;
	bool has_closed[BOXES];
};

/* The next call of an actor, and its arguments. */
static struct role {
	struct home *home;
	uaddr_t memory;
	uint32_t sending;		/* serial of send or call, or 0 */
	const struct message *head;	/* of this message */
	const struct mail_receive *receiving;
} roles[ACTORS_MOST];

static struct home homes[HOMES_MOST];
static unsigned home_count;

static struct role *role_of(const struct actor *actor)
{
	return &roles[actor->number];
}

/* ---- Stubs for the kernel's files ---------------------------------------- */

struct process *process_init;

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	(void)process, (void)n, (void)info;
	abort();		/* SIGPIPE is not for mailboxes */
}

void unlock_stuff(void)
{
}

struct process *process_find(pid_t id)
{
	unsigned which = id - FIRST_PID;

	if (which >= home_count || homes[which].has_ended)
		return NULL;
	return &homes[which].process;
}

bool names_describe(const struct object *object, char *to, size_t size)
{
	(void)object, (void)to, (void)size;
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
	(void)space, (void)at, (void)access;
	return -EFAULT;
}

/* No memory of these processes can move: bodies are copied. */
bool space_may_take(struct space *space, uaddr_t start, uaddr_t end)
{
	(void)space, (void)start, (void)end;
	return false;
}

bool space_may_place(struct space *space, uaddr_t start, uaddr_t end)
{
	return space_may_take(space, start, end);
}

int space_take(struct space *space, uaddr_t start, uaddr_t end,
	       void (*collect)(frame_t frame))
{
	(void)space, (void)start, (void)end, (void)collect;
	abort();
}

int space_place(struct space *space, uaddr_t start, uaddr_t end, frame_t frame)
{
	(void)space, (void)start, (void)end, (void)frame;
	abort();
}

/* ---- Processes ----------------------------------------------------------- */

static void create_homes(void)
{
	home_count = 1 + choose(MIN(HOMES_MOST, (int)actor_count));
	for (unsigned i = 0; i < home_count; i++) {
		memset(&homes[i], 0, sizeof(homes[i]));
		homes[i].process.id = FIRST_PID + i;
		homes[i].process.space = &homes[i].space;
		list_init(&homes[i].process.tasks);
		list_init(&homes[i].process.calls);
		list_init(&homes[i].process.expected);
		list_init(&homes[i].process.mails);
		list_init(&homes[i].process.links);
		homes[i].process.descriptors = descriptors_create();
		homes[i].process.limits[RLIMIT_NOFILE].rlim_cur = OPEN_MAX;
	}
}

static void give_roles(void)
{
	for (unsigned i = 0; i < actor_count; i++) {
		struct role *role = &roles[i];
		struct task *task = &actors[i].task;

		memset(role, 0, sizeof(*role));
		role->home = &homes[i < home_count ? i : choose(home_count)];
		role->home->alive++;
		role->memory = host_user + i * ACTOR_BYTES;
		task->process = &role->home->process;
		list_append(&role->home->process.tasks, &task->sibling);
	}
}

/* As process_release() does. */
static void end_home(struct home *home)
{
	home->has_ended = true;
	descriptors_destroy(home->process.descriptors);
	home->process.descriptors = NULL;
	mailbox_process_ends(&home->process);
}
