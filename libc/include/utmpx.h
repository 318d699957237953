/*
 * utmpx.h - who is logged in, as programs note it in /var/run/utmp.
 *
 * Parley's own programs note nothing: without the file, no entry is found.
 */
#pragma once

#include "kernel/abi/types.h"

#include <stddef.h>
#include <stdint.h>
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

struct exit_status {
	short e_termination, e_exit;
};

struct utmpx {
	char ut_user[32], ut_id[4], ut_line[32];
	pid_t ut_pid;
	short ut_type;
	struct timeval ut_tv;
	char ut_host[256];	/* what follows is for the program */
	struct exit_status ut_exit;
	long ut_session;
	int32_t ut_addr_v6[4];
};

void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *wanted);
struct utmpx *getutxline(const struct utmpx *wanted);
/* Replace the entry with the same ut_id, or append a new one. */
struct utmpx *pututxline(const struct utmpx *entry);
void setutxent(void);
/* Use a different file from now on (GNU). */
int utmpxname(const char *path);
/* Append to a file of all logins, if the file exists (GNU). */
void updwtmpx(const char *path, const struct utmpx *entry);
