/*
 * sysconf.h - the names that sysconf(), pathconf() and confstr() know.
 *
 * sysconf(2) answers the names with a star, which are facts of the kernel; libc
 * answers the rest.
 */
#pragma once

#define _SC_ARG_MAX		0	/* * */
#define _SC_CHILD_MAX		1	/* * */
#define _SC_CLK_TCK		2	/* * of times(): 100 a second */
#define _SC_NGROUPS_MAX		3
#define _SC_OPEN_MAX		4	/* * */
#define _SC_STREAM_MAX		5
#define _SC_TZNAME_MAX		6
#define _SC_JOB_CONTROL		7
#define _SC_SAVED_IDS		8
#define _SC_REALTIME_SIGNALS	9
#define _SC_PRIORITY_SCHEDULING	10
#define _SC_TIMERS		11
#define _SC_ASYNCHRONOUS_IO	12
#define _SC_PRIORITIZED_IO	13
#define _SC_SYNCHRONIZED_IO	14
#define _SC_FSYNC		15
#define _SC_MAPPED_FILES	16
#define _SC_MEMLOCK		17
#define _SC_MEMLOCK_RANGE	18
#define _SC_MEMORY_PROTECTION	19
#define _SC_MESSAGE_PASSING	20
#define _SC_SEMAPHORES		21
#define _SC_SHARED_MEMORY_OBJECTS 22
#define _SC_AIO_LISTIO_MAX	23
#define _SC_AIO_MAX		24
#define _SC_AIO_PRIO_DELTA_MAX	25
#define _SC_DELAYTIMER_MAX	26
#define _SC_MQ_OPEN_MAX		27	/* * */
#define _SC_MQ_PRIO_MAX		28	/* * */
#define _SC_VERSION		29
#define _SC_PAGESIZE		30	/* * */
#define _SC_PAGE_SIZE		_SC_PAGESIZE
#define _SC_RTSIG_MAX		31
#define _SC_SEM_NSEMS_MAX	32	/* * */
#define _SC_SEM_VALUE_MAX	33	/* * */
#define _SC_SIGQUEUE_MAX	34
#define _SC_TIMER_MAX		35
#define _SC_BC_BASE_MAX		36
#define _SC_BC_DIM_MAX		37
#define _SC_BC_SCALE_MAX	38
#define _SC_BC_STRING_MAX	39
#define _SC_COLL_WEIGHTS_MAX	40
#define _SC_EXPR_NEST_MAX	42
#define _SC_LINE_MAX		43
#define _SC_RE_DUP_MAX		44
#define _SC_2_VERSION		46
#define _SC_IOV_MAX		60	/* * */
#define _SC_THREADS		67
#define _SC_THREAD_SAFE_FUNCTIONS 68
#define _SC_GETGR_R_SIZE_MAX	69
#define _SC_GETPW_R_SIZE_MAX	70
#define _SC_LOGIN_NAME_MAX	71
#define _SC_TTY_NAME_MAX	72
#define _SC_THREAD_DESTRUCTOR_ITERATIONS 73
#define _SC_THREAD_KEYS_MAX	74
#define _SC_THREAD_STACK_MIN	75
#define _SC_THREAD_THREADS_MAX	76
#define _SC_THREAD_ATTR_STACKADDR 77
#define _SC_THREAD_ATTR_STACKSIZE 78
#define _SC_THREAD_PRIORITY_SCHEDULING 79
#define _SC_THREAD_PROCESS_SHARED 82
#define _SC_NPROCESSORS_CONF	83	/* * */
#define _SC_NPROCESSORS_ONLN	84	/* * */
#define _SC_PHYS_PAGES		85	/* * frames of the machine */
#define _SC_AVPHYS_PAGES	86	/* * of them free */
#define _SC_ATEXIT_MAX		87
#define _SC_XOPEN_VERSION	89
#define _SC_BARRIERS		133
#define _SC_CLOCK_SELECTION	137
#define _SC_CPUTIME		138
#define _SC_THREAD_CPUTIME	139
#define _SC_MONOTONIC_CLOCK	149
#define _SC_READER_WRITER_LOCKS	153
#define _SC_SPIN_LOCKS		154
#define _SC_REGEXP		155
#define _SC_SHELL		157
#define _SC_SPAWN		159
#define _SC_TIMEOUTS		164
#define _SC_SYMLOOP_MAX		173
#define _SC_HOST_NAME_MAX	180	/* * */

#define _PC_LINK_MAX		0
#define _PC_MAX_CANON		1
#define _PC_MAX_INPUT		2
#define _PC_NAME_MAX		3
#define _PC_PATH_MAX		4
#define _PC_PIPE_BUF		5
#define _PC_CHOWN_RESTRICTED	6
#define _PC_NO_TRUNC		7
#define _PC_VDISABLE		8
#define _PC_SYNC_IO		9
#define _PC_ASYNC_IO		10
#define _PC_PRIO_IO		11
#define _PC_FILESIZEBITS	13
#define _PC_REC_MIN_XFER_SIZE	16
#define _PC_SYMLINK_MAX		19
#define _PC_2_SYMLINKS		20

#define _CS_PATH		0

/* Parley's own: see limits.h. */
#define _SC_MAILBOX_MESSAGE_BYTES_MAX 1000	/* * */
#define _SC_MAILBOX_BYTES_MAX	1001	/* * */
#define _SC_USER_BYTES_MAX	1003	/* * */
#define _SC_INBOX_SENDER_BYTES_MAX 1004	/* * */
