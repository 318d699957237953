/*
 * sys/ipc.h - what the objects of System V IPC have in common.
 *
 * Programs find an object by a key, and then use its identifier. An object
 * lives until a program removes it.
 */
#pragma once

#include "kernel/abi/ipc.h"

/* A key from the file at path, which must exist, and the low eight bits of id,
 * which are not all 0. (key_t)-1 with errno as of stat(). */
key_t ftok(const char *path, int id);
