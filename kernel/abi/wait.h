/* wait.h - how a child ended, as reported by waitpid(2). */
#pragma once

#define WNOHANG		1
#define WUNTRACED	2
#define WSTOPPED	WUNTRACED
#define WEXITED		4		/* waitid(2); implied by waitpid(2) */
#define WCONTINUED	8
#define WNOWAIT		0x01000000	/* keep the news for the next wait */
#define WCAUSE		0x02000000	/* waitpid(2): with WCRASH() */

/* The kinds of id for waitid(2). */
typedef enum { P_ALL, P_PID, P_PGID } idtype_t;

/* The status word: exit code << 8, or the fatal signal, or stopped. */
#define WEXITSTATUS(s)	(((s) >> 8) & 0xff)
#define WTERMSIG(s)	((s) & 0x7f)
#define WSTOPSIG(s)	WEXITSTATUS(s)
#define WIFEXITED(s)	(WTERMSIG(s) == 0)
#define WIFSTOPPED(s)	(((s) & 0xff) == 0x7f)
#define WIFCONTINUED(s)	((s) == 0xffff)
#define WIFSIGNALED(s)	(!WIFEXITED(s) && !WIFSTOPPED(s) && !WIFCONTINUED(s))
#define WCOREDUMP(s)	((s) & 0x80)
/* The cause of a crash, a number of crashes.h; 0: the signal was sent. Only the
 * status of a waitpid() with WCAUSE has it; without, a status has 16 bits. */
#define WAIT_STATUS_USUAL	0xffff
#define WCRASH(s)	(WIFSIGNALED(s) ? (s) >> 16 & 0xff : 0)

#define WAIT_STATUS_EXIT(code)		(((code) & 0xff) << 8)
#define WAIT_STATUS_SIGNAL(number)	(number)
#define WAIT_STATUS_CRASH(number, kind)	((number) | (kind) << 16)
#define WAIT_STATUS_STOP(number)	((number) << 8 | 0x7f)
#define WAIT_STATUS_CONTINUED		0xffff
