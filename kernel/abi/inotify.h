/* inotify.h - notices of changes of files: inotify_init(2). */
#pragma once

#include <stdint.h>

/* What a read gives, one behind the other. */
struct inotify_event {
	int wd;			/* the watch; -1: IN_Q_OVERFLOW */
	uint32_t mask;
	uint32_t cookie;	/* the same in both halves of a move */
	uint32_t len;		/* bytes of name: with NULs, a multiple of 16 */
	char name[];		/* in a watched directory; or nothing */
};

#define IN_ACCESS	0x00000001	/* bytes or names were read */
#define IN_MODIFY	0x00000002	/* bytes were written, or cut off */
#define IN_ATTRIB	0x00000004	/* mode, owner, times or links */
#define IN_CLOSE_WRITE	0x00000008	/* an open file that could write */
#define IN_CLOSE_NOWRITE 0x00000010	/* ... that could not */
#define IN_OPEN		0x00000020
#define IN_MOVED_FROM	0x00000040	/* a name left the directory */
#define IN_MOVED_TO	0x00000080	/* ... and came to it */
#define IN_CREATE	0x00000100
#define IN_DELETE	0x00000200
#define IN_DELETE_SELF	0x00000400	/* the last name has gone */
#define IN_MOVE_SELF	0x00000800
#define IN_CLOSE	(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE)
#define IN_MOVE		(IN_MOVED_FROM | IN_MOVED_TO)
#define IN_ALL_EVENTS	0x00000fff

/* Come without being asked for. */
#define IN_UNMOUNT	0x00002000	/* never comes */
#define IN_Q_OVERFLOW	0x00004000	/* events were lost here */
#define IN_IGNORED	0x00008000	/* the watch has ended */
#define IN_ISDIR	0x40000000	/* beside an event: about a directory */

/* Flags of inotify_add_watch(). */
#define IN_ONLYDIR	0x01000000
#define IN_DONT_FOLLOW	0x02000000
#define IN_EXCL_UNLINK	0x04000000	/* no change: no name, no event */
#define IN_MASK_CREATE	0x10000000	/* EEXIST if there is a watch */
#define IN_MASK_ADD	0x20000000	/* add to the events of the watch */
#define IN_ONESHOT	0x80000000	/* the first event ends the watch */

#define IN_NONBLOCK	04000
#define IN_CLOEXEC	02000000
