/*
 * types.h - the scalar types of the kernel and libc.
 *
 * time_t and off_t have 64 bits: no program of Parley stops in 2038, or at the
 * 4 GiB of a file.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef int32_t ssize_t;
typedef int64_t off_t;
typedef int32_t pid_t;
typedef uint32_t uid_t;
typedef uint32_t gid_t;
typedef uint32_t mode_t;
typedef uint32_t dev_t;
typedef uint32_t ino_t;
typedef uint32_t nlink_t;
typedef int32_t blksize_t;
typedef int64_t blkcnt_t;
typedef int64_t time_t;
typedef int32_t suseconds_t;
typedef uint32_t useconds_t;
typedef int32_t clockid_t;
typedef int32_t clock_t;
typedef uint32_t id_t;
typedef int32_t timer_t;
typedef int32_t key_t;
typedef uint32_t fsblkcnt_t;
typedef uint32_t fsfilcnt_t;
