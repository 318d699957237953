/*
 * limits.h - the limits of the system, each written once.
 *
 * <limits.h> and sysconf() repeat them to programs under these POSIX names.
 */
#pragma once

#define PAGE_SIZE	4096
#define PATH_MAX	1024	/* a path with the final NUL */
#define NAME_MAX	255	/* a component, without NUL */
#define SYMLOOP_MAX	32	/* symbolic links on the way along a path */
#define LINK_MAX	32000	/* names of a file */
#define PIPE_BUF	4096	/* a write of at most this is atomic */
#define PIPE_CAPACITY	65536	/* bytes in a pipe */
#define OPEN_MAX	4096	/* descriptors of a process */
#define OPEN_USUAL	1024	/* ... unless it raises RLIMIT_NOFILE */
#define CHILD_MAX	256	/* processes of a user */
#define NGROUPS_MAX	16	/* supplementary groups of a process */
#define ARG_MAX		65536	/* bytes of arguments and environment */
#define IOV_MAX		64	/* parts of a readv(): kernel/obj/vector.c */
#define SSIZE_MAX	0x7fffffff
#define SIGQUEUE_MAX	128	/* pending signals of a process */
#define RTSIG_MAX	31	/* real-time signals: SIGRTMIN to SIGRTMAX */
#define DELAYTIMER_MAX	0x7fffffff /* overruns of a timer */
#define TIMER_MAX	32	/* timers of a process */
#define MQ_OPEN_MAX	OPEN_MAX
#define MQ_PRIO_MAX	32	/* priorities of messages: 0 to 31 */
#define MQ_MESSAGES_MAX	65536	/* the most for mq_maxmsg */
#define MQ_MESSAGE_BYTES_MAX 65536 /* the most for mq_msgsize */
#define MAILBOX_MESSAGE_BYTES_MAX (1 << 20) /* the longest body of a message */
#define MAILBOX_BYTES_MAX (8 << 20) /* in the messages of a mailbox */
#define INBOX_SENDER_BYTES_MAX 65536 /* of one sender in one inbox */
#define USER_BYTES_MAX	(16 << 20) /* under way in messages of a user */
#define USER_TASKS_MAX	512	/* tasks of a user: all threads */
#define USER_IDS_MAX	1024	/* ids of a user: tasks, groups, sessions */
#define USER_FILES_MAX	4096	/* open files of a user */
#define USER_NAMES_MAX	16384	/* files and named objects of a user */
#define USER_TIMERS_MAX	1024	/* timers of a user */
#define USER_LOCKS_MAX	128	/* record locks and flock() of a user */
#define FILE_LOCKS_MAX	192	/* ... in one file; root may go on */
#define USER_WATCHES_MAX 1024	/* watches of inotify of a user */
#define USER_TERMINALS_MAX 64	/* pseudo-terminals of a user */
#define EPOLL_ENTRIES_MAX 1024	/* entries of a set of epoll */
#define USER_KEYED_MAX	1024	/* objects of System V IPC of a user */
#define USER_NETWORK_MAX (2u << 20) /* of packets and connections of a user */
#define USER_FLIGHTS_MAX 256	/* descriptors of a user in messages */
#define SOCKET_BYTES	65536	/* in a socket, without setsockopt() */
#define SOCKET_BYTES_MAX 262144	/* the most for SO_SNDBUF, SO_RCVBUF */
#define SOCKET_MESSAGE_BYTES 16384 /* the longest message of a local socket */
#define SYSV_MESSAGE_BYTES_MAX 8192 /* the text of a message of System V */
#define SYSV_QUEUE_BYTES_MAX 16384 /* msg_qbytes at first, and without root */
#define SYSV_MESSAGES_MAX 1024	/* messages in a queue of System V */
#define SYSV_SET_MAX	250	/* semaphores in a set */
#define SYSV_OPERATIONS_MAX 64	/* operations of a semop() */
#define SYSV_UNITS_MAX	32767	/* the value of a semaphore of a set */
#define SEM_VALUE_MAX	0x7fffffff
#define NZERO		20	/* nice 0 as getpriority(2) counts inside */
#define NICE_LOWEST	(-NZERO)
#define NICE_HIGHEST	(NZERO - 1)
