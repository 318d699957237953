/* fault.h - a system call that met a page which is still on a disk. */
#pragma once

struct registers;

/* Make the failed call of the running task again when the page is there. Ends
 * the need without a wait if another error ended the call. On the task's way
 * back to its program. Blocks until the disk has answered, or a signal kills
 * the task. */
void fault_restart_call(struct registers *regs);
/* A copy routine of the running task gave -EFAULT. If the page is on a disk,
 * wait until the page is there, also after a kill: 0, the copy can be made
 * again. Or -EFAULT, or the error of the disk. */
int fault_wait_for_page(void);
