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
#define _SC_2_C_BIND		47
#define _SC_2_C_DEV		48
#define _SC_2_FORT_DEV		49
#define _SC_2_FORT_RUN		50
#define _SC_2_SW_DEV		51
#define _SC_2_LOCALEDEF		52
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
#define _SC_THREAD_PRIO_INHERIT	80
#define _SC_THREAD_PRIO_PROTECT	81
#define _SC_THREAD_PROCESS_SHARED 82
#define _SC_NPROCESSORS_CONF	83	/* * */
#define _SC_NPROCESSORS_ONLN	84	/* * */
#define _SC_PHYS_PAGES		85	/* * frames of the machine */
#define _SC_AVPHYS_PAGES	86	/* * of them free */
#define _SC_ATEXIT_MAX		87
#define _SC_XOPEN_VERSION	89
#define _SC_XOPEN_UNIX		91
#define _SC_XOPEN_CRYPT		92
#define _SC_XOPEN_ENH_I18N	93
#define _SC_XOPEN_SHM		94
#define _SC_2_CHAR_TERM		95
#define _SC_2_UPE		97
#define _SC_XOPEN_REALTIME	130
#define _SC_XOPEN_REALTIME_THREADS 131
#define _SC_ADVISORY_INFO	132
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
#define _SC_SPORADIC_SERVER	160
#define _SC_THREAD_SPORADIC_SERVER 161
#define _SC_TIMEOUTS		164
#define _SC_TYPED_MEMORY_OBJECTS 165
#define _SC_2_PBS		168
#define _SC_SYMLOOP_MAX		173
#define _SC_HOST_NAME_MAX	180	/* * */
#define _SC_TRACE		181
#define _SC_IPV6		235
#define _SC_RAW_SOCKETS		236
#define _SC_V7_ILP32_OFF32	237
#define _SC_V7_ILP32_OFFBIG	238
#define _SC_V7_LP64_OFF64	239
#define _SC_V7_LPBIG_OFFBIG	240
#define _SC_SS_REPL_MAX		241
#define _SC_XOPEN_STREAMS	246
#define _SC_THREAD_ROBUST_PRIO_INHERIT 247
#define _SC_THREAD_ROBUST_PRIO_PROTECT 248
#define _SC_XOPEN_UUCP		249

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
#define _PC_REC_INCR_XFER_SIZE	14
#define _PC_REC_MAX_XFER_SIZE	15
#define _PC_REC_MIN_XFER_SIZE	16
#define _PC_REC_XFER_ALIGN	17
#define _PC_ALLOC_SIZE_MIN	18
#define _PC_SYMLINK_MAX		19
#define _PC_2_SYMLINKS		20
#define _PC_TIMESTAMP_RESOLUTION 21

#define _CS_PATH		0
#define _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS	1
#define _CS_V7_ENV				2
#define _CS_POSIX_V7_ILP32_OFFBIG_CFLAGS	3
#define _CS_POSIX_V7_ILP32_OFFBIG_LDFLAGS	4
#define _CS_POSIX_V7_ILP32_OFFBIG_LIBS		5
#define _CS_POSIX_V7_THREADS_CFLAGS		6
#define _CS_POSIX_V7_THREADS_LDFLAGS		7
#define _CS_V6_ENV				8
#define _CS_POSIX_V6_WIDTH_RESTRICTED_ENVS	9
#define _CS_POSIX_V6_ILP32_OFFBIG_CFLAGS	10
#define _CS_POSIX_V6_ILP32_OFFBIG_LDFLAGS	11
#define _CS_POSIX_V6_ILP32_OFFBIG_LIBS		12
/* Programs for other sizes of long and off_t: without a value here. */
#define _CS_POSIX_V7_ILP32_OFF32_CFLAGS		13
#define _CS_POSIX_V7_ILP32_OFF32_LDFLAGS	14
#define _CS_POSIX_V7_ILP32_OFF32_LIBS		15
#define _CS_POSIX_V7_LP64_OFF64_CFLAGS		16
#define _CS_POSIX_V7_LP64_OFF64_LDFLAGS		17
#define _CS_POSIX_V7_LP64_OFF64_LIBS		18
#define _CS_POSIX_V7_LPBIG_OFFBIG_CFLAGS	19
#define _CS_POSIX_V7_LPBIG_OFFBIG_LDFLAGS	20
#define _CS_POSIX_V7_LPBIG_OFFBIG_LIBS		21
#define _CS_POSIX_V6_ILP32_OFF32_CFLAGS		22
#define _CS_POSIX_V6_ILP32_OFF32_LDFLAGS	23
#define _CS_POSIX_V6_ILP32_OFF32_LIBS		24
#define _CS_POSIX_V6_LP64_OFF64_CFLAGS		25
#define _CS_POSIX_V6_LP64_OFF64_LDFLAGS		26
#define _CS_POSIX_V6_LP64_OFF64_LIBS		27
#define _CS_POSIX_V6_LPBIG_OFFBIG_CFLAGS	28
#define _CS_POSIX_V6_LPBIG_OFFBIG_LDFLAGS	29
#define _CS_POSIX_V6_LPBIG_OFFBIG_LIBS		30

/* Parley's own: see limits.h. */
#define _SC_MAILBOX_MESSAGE_BYTES_MAX 1000	/* * */
#define _SC_MAILBOX_BYTES_MAX	1001	/* * */
#define _SC_USER_BYTES_MAX	1003	/* * */
#define _SC_INBOX_SENDER_BYTES_MAX 1004	/* * */
