/* fault.h - a system call that met a page which is still on a disk. */
#pragma once

struct registers;

/* Make the failed call of the running task again when the page is there. Ends
 * the need without a wait if another error ended the call. On the task's way
 * back to its program. Blocks until the disk has answered, or a signal kills
 * the task. */
void fault_restart_call(struct registers *regs);
