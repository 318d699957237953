/* mqueue.h - what message queues say of themselves, mq_getattr(3). */
#pragma once

struct mq_attr {
	long mq_flags;		/* of this descriptor: O_NONBLOCK or 0 */
	long mq_maxmsg;		/* messages that it holds */
	long mq_msgsize;	/* bytes of the longest */
	long mq_curmsgs;	/* messages in it now */
};
