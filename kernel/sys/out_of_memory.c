/*
 * out_of_memory.c - a user's memory is used up in the middle of a program.
 *
 * A system call without memory returns an error. A page fault cannot: the
 * program has no place to look. So the largest process of the user is killed,
 * which frees most, and the program repeats the access. Processes of different
 * users are not touched. If the killed process does not free enough, the next
 * fault kills the next process, and at last the faulting process.
 *
 * Root has no limits. If root uses up the memory of the machine, the faulting
 * program gets SIGBUS, since a kill could hit any service.
 */
#include "kernel/sys/out_of_memory.h"

#include "kernel/lib/printk.h"
#include "kernel/mm/frame.h"
#include "kernel/task/process.h"

#define PAGES_NEEDED	2		/* a page, and a page table for it */

static bool is_used_up(const struct account *payer)
{
	return frame_count_low() < account_frames_kept(payer) + PAGES_NEEDED ||
	       !account_has_room(payer, ACCOUNT_MEMORY,
				 PAGES_NEEDED * ACCOUNT_PAGE);
}

static struct process *find_largest(const struct account *payer)
{
	struct process *process, *largest = NULL;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->account == payer && process->space &&
		    (!largest || process->space->pages > largest->space->pages))
			largest = process;
	return largest;
}

bool out_of_memory(void)
{
	const struct account *payer = account_payer();
	struct process *largest;

	if (account_is_root(payer) || !is_used_up(payer))
		return false;
	largest = find_largest(payer);
	if (!largest->is_ending &&
	    !(largest->signals.pending.set & SIGNAL_BIT(SIGKILL))) {
		printk("user %u has no more memory: %s[%d] with %u KiB is "
		       "killed\n", (unsigned)payer->user, largest->name,
		       (int)largest->id,
		       (unsigned)largest->space->pages * (PAGE_SIZE / 1024));
		signal_send(largest, SIGKILL, NULL);
	}
	yield_task();			/* the killed process has to run */
	return true;
}
