/* id.c - the numbers of tasks, processes, groups and sessions: one table. */
#include "kernel/task/id.h"

#include "kernel/lib/assert.h"
#include "kernel/mm/account.h"

struct id_entry ids[ID_MOST + 1];
static uint32_t id_count;		/* [P] numbers from id_alloc() in use */

/* The last numbers are for root. */
static bool may_take(struct account *payer)
{
	uint32_t kept = account_is_root(payer) ? 0 : ACCOUNT_IDS_KEPT;

	return id_count + kept < ID_MOST - ID_INIT &&
	       account_charge(payer, ACCOUNT_IDS, 1);
}

pid_t id_alloc(void)
{
	static pid_t last = ID_INIT;	/* [P] */
	struct account *payer = account_payer();

	if (!may_take(payer))
		return -1;
	do
		last = last == ID_MOST ? ID_INIT + 1 : last + 1;
	while (ids[last].uses > 0);
	ids[last].uses = 1;
	ids[last].payer = payer;
	id_count++;
	return last;
}

void id_get(pid_t id)
{
	ids[id].uses++;
}

void id_put(pid_t id)
{
	ASSERT(ids[id].uses > 0);
	if (--ids[id].uses > 0 || id == ID_INIT)
		return;
	id_count--;
	account_uncharge(ids[id].payer, ACCOUNT_IDS, 1);
}

struct task *id_task(pid_t id)
{
	return (uint32_t)id <= ID_MOST ? ids[id].task : NULL;
}

void id_set_task(pid_t id, struct task *task)
{
	ids[id].task = task;
}

void id_set_process(pid_t id, struct process *process)
{
	ids[id].process = process;
}
