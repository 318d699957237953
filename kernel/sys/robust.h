/* robust.h - a task leaves its memory, and still holds locks there. */
#pragma once

struct task;

/* Release the locks in the list of the running task, which ends or begins a new
 * program: the next owners hear of it. May sleep, for pages of files. */
void robust_release(struct task *task);
