/*
 * sys/acct.h - accounts of ended processes, as files of Linux have them.
 *
 * Parley's kernel writes no such file; programs can read the files of Linux.
 */
#pragma once

#include <stdint.h>

#define ACCT_COMM	16

#define AFORK		0x01	/* has not called exec */
#define ASU		0x02	/* had root's rights */
#define ACORE		0x08	/* left a core file */
#define AXSIG		0x10	/* a signal ended the process */

typedef uint16_t comp_t;	/* 13 bits, times 8 to the power of 3 bits */

struct acct {
	char ac_flag;
	uint16_t ac_uid, ac_gid, ac_tty;
	uint32_t ac_btime;	/* the start, in seconds since 1970 */
	comp_t ac_utime, ac_stime, ac_etime, ac_mem, ac_io, ac_rw;
	comp_t ac_minflt, ac_majflt, ac_swaps;
	union {
		uint32_t ac_exitcode;
		uint32_t ac_stat;	/* the name elsewhere */
	};
	char ac_comm[ACCT_COMM + 1];
	char ac_pad[10];
};

struct acct_v3 {
	char ac_flag, ac_version;
	uint16_t ac_tty;
	uint32_t ac_exitcode, ac_uid, ac_gid, ac_pid, ac_ppid, ac_btime;
	float ac_etime;
	comp_t ac_utime, ac_stime, ac_mem, ac_io, ac_rw;
	comp_t ac_minflt, ac_majflt, ac_swaps;
	char ac_comm[ACCT_COMM];
};
