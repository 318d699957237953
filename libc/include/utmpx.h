/* utmpx.h - who is logged in: there is no such record, so no entry is found. */
#pragma once

#include "kernel/abi/types.h"

#include <stddef.h>
#include <sys/time.h>

#define EMPTY		0
#define RUN_LVL		1
#define BOOT_TIME	2
#define NEW_TIME	3
#define OLD_TIME	4
#define INIT_PROCESS	5
#define LOGIN_PROCESS	6
#define USER_PROCESS	7
#define DEAD_PROCESS	8

struct utmpx {
	char ut_user[32], ut_id[4], ut_line[32];
	pid_t ut_pid;
	short ut_type;
	struct timeval ut_tv;
};

void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *wanted);
struct utmpx *getutxline(const struct utmpx *wanted);
struct utmpx *pututxline(const struct utmpx *entry);
void setutxent(void);
