/* exec.h - another program in the running process. */
#pragma once

struct arguments;

/* Does not return on success, and frees the arguments then. -ENOENT, -EACCES,
 * -ENOEXEC, -ENOMEM: the process is as it was. */
int exec_program(const char *path, struct arguments *arguments);
