/* sys/wait.h - how children end. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/types.h"
#include "kernel/abi/wait.h"

pid_t wait(int *status);
/* WEXITED, WSTOPPED, WCONTINUED; WNOHANG: si_pid is 0 when there is no news;
 * WNOWAIT: the child can be waited for again. */
int waitid(idtype_t kind, id_t id, siginfo_t *info, int options);
struct rusage;
/* As waitpid(), and what the child has used (BSD); usage may be NULL. */
pid_t wait3(int *status, int options, struct rusage *usage);
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
pid_t waitpid(pid_t pid, int *status, int options);
