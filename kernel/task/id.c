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

/* ---- Walks -------------------------------------------------------------- */

/* A walk passes 32 free numbers in one step. */
static struct id_bits task_bits, process_bits;	/* [P] */

void id_bits_put(struct id_bits *bits, pid_t id, bool is_in)
{
	bits->words[id / 32] &= ~(1u << id % 32);
	bits->words[id / 32] |= (uint32_t)is_in << id % 32;
}

bool id_bits_after(const struct id_bits *bits, pid_t *id)
{
	uint32_t at = (uint32_t)*id + 1, word = at / 32, rest = 0;

	*id = -1;
	if (word < ID_WORDS)
		rest = bits->words[word] >> at % 32 << at % 32;
	while (!rest && ++word < ID_WORDS)
		rest = bits->words[word];
	if (rest)
		*id = word * 32 + __builtin_ctz(rest);
	return rest;
}

struct task *task_after(pid_t *id)
{
	return id_bits_after(&task_bits, id) ? ids[*id].task : NULL;
}

struct process *process_after(pid_t *id)
{
	return id_bits_after(&process_bits, id) ? ids[*id].process : NULL;
}

void id_set_task(pid_t id, struct task *task)
{
	ids[id].task = task;
	id_bits_put(&task_bits, id, task);
}

void id_set_process(pid_t id, struct process *process)
{
	ids[id].process = process;
	id_bits_put(&process_bits, id, process);
}
