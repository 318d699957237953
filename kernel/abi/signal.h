/*
 * signal.h - signal numbers, sets and actions as they cross the system call.
 */
#pragma once

#include "kernel/abi/types.h"

enum {
#define SIGNAL(name, number, action, text) name = number,
#include "kernel/abi/signals.def"
#undef SIGNAL
};

/* POSIX demands names that can be tested with #ifdef. */
#define SIGHUP SIGHUP
#define SIGINT SIGINT
#define SIGQUIT SIGQUIT
#define SIGILL SIGILL
#define SIGTRAP SIGTRAP
#define SIGABRT SIGABRT
#define SIGBUS SIGBUS
#define SIGFPE SIGFPE
#define SIGKILL SIGKILL
#define SIGUSR1 SIGUSR1
#define SIGSEGV SIGSEGV
#define SIGUSR2 SIGUSR2
#define SIGPIPE SIGPIPE
#define SIGALRM SIGALRM
#define SIGTERM SIGTERM
#define SIGSTKFLT SIGSTKFLT
#define SIGCHLD SIGCHLD
#define SIGCONT SIGCONT
#define SIGSTOP SIGSTOP
#define SIGTSTP SIGTSTP
#define SIGTTIN SIGTTIN
#define SIGTTOU SIGTTOU
#define SIGURG SIGURG
#define SIGXCPU SIGXCPU
#define SIGXFSZ SIGXFSZ
#define SIGVTALRM SIGVTALRM
#define SIGPROF SIGPROF
#define SIGWINCH SIGWINCH
#define SIGPOLL SIGPOLL
#define SIGPWR SIGPWR
#define SIGSYS SIGSYS
#define SIGIO SIGPOLL

#define NSIG		65	/* 1..31 standard, 32..64 real-time */
#define SIGRTMIN	34
#define SIGRTMAX	64

typedef uint64_t sigset_t;	/* bit n - 1 stands for signal n */

union sigval {
	int sival_int;
	void *sival_ptr;
};

/* No signal has all of these details, so some of them share a place. */
typedef struct {
	int si_signo;
	int si_errno;
	int si_code;		/* SI_..., or the cause: SEGV_MAPERR, CLD_... */
	union {
		pid_t si_pid;	/* the sender, or the child */
		int si_timerid;	/* SI_TIMER */
		int si_fd;	/* F_SETSIG: the descriptor */
	};
	union {
		uid_t si_uid;
		int si_overrun;	/* SI_TIMER */
	};
	union {
		int si_status;	/* SIGCHLD: exit code or signal */
		void *si_addr;	/* faults: the address */
		union sigval si_value;	/* sigqueue(): the value */
		long si_band;	/* F_SETSIG: events, as of poll() */
	};
} siginfo_t;

struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	};
	sigset_t sa_mask;
	int sa_flags;
	void (*sa_restorer)(void);	/* set by libc: calls sigreturn(2) */
};

/* sigaltstack(2) */
typedef struct {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;		/* bytes */
} stack_t;

#define SS_ONSTACK	1
#define SS_DISABLE	2
#define MINSIGSTKSZ	2048
#define SIGSTKSZ	8192

/* How a timer or a message queue notifies the program. */
struct sigevent {
	int sigev_notify;
	int sigev_signo;
	union sigval sigev_value;
	union {
		pid_t _tid;
		struct {
			void (*_function)(union sigval);
			void *_attributes;	/* pthread_attr_t * */
		} _thread;
	} _sigev_un;			/* programs for Linux know this name */
};

#define sigev_notify_function	_sigev_un._thread._function
#define sigev_notify_attributes	_sigev_un._thread._attributes
#define sigev_notify_thread_id	_sigev_un._tid

#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2
#define SIGEV_THREAD_ID	4	/* a signal for one thread, as on Linux */

#define SIG_DFL		((void (*)(int))0)
#define SIG_IGN		((void (*)(int))1)
#define SIG_ERR		((void (*)(int))-1)

#define SA_NOCLDSTOP	0x00000001
#define SA_NOCLDWAIT	0x00000002
#define SA_SIGINFO	0x00000004
#define SA_ONSTACK	0x08000000
#define SA_RESTART	0x10000000
#define SA_NODEFER	0x40000000
#define SA_RESETHAND	0x80000000

#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

#define SI_USER		0	/* kill() */
#define SI_QUEUE	-1	/* sigqueue() */
#define SI_TIMER	-2
#define SI_MESGQ	-3
#define SI_KERNEL	128

#define SI_ASYNCIO	-4

#define ILL_ILLOPC	1
#define ILL_ILLOPN	2
#define ILL_ILLADR	3
#define ILL_ILLTRP	4
#define ILL_PRVOPC	5
#define ILL_PRVREG	6
#define ILL_COPROC	7
#define ILL_BADSTK	8
#define FPE_INTDIV	1
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6
#define FPE_FLTINV	7
#define FPE_FLTSUB	8
#define SEGV_MAPERR	1	/* nothing is mapped there */
#define SEGV_ACCERR	2	/* the mapping forbids the access */
#define BUS_ADRALN	1
#define BUS_ADRERR	2	/* beyond the end of the object */
#define BUS_OBJERR	3
#define TRAP_BRKPT	1
#define TRAP_TRACE	2
#define CLD_EXITED	1
#define CLD_KILLED	2
#define CLD_DUMPED	3
#define CLD_TRAPPED	4
#define CLD_STOPPED	5
#define CLD_CONTINUED	6
#define POLL_IN		1
#define POLL_OUT	2
#define POLL_MSG	3
#define POLL_ERR	4
#define POLL_PRI	5
#define POLL_HUP	6
