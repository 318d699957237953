/* sys/wait.h - how children end. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/wait.h"

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
