/* mqueue.h - the attributes of message queues, mq_getattr(3). */
#pragma once

struct mq_attr {
	long mq_flags;		/* of this descriptor: O_NONBLOCK or 0 */
	long mq_maxmsg;		/* most messages in the queue */
	long mq_msgsize;	/* bytes of the longest */
	long mq_curmsgs;	/* messages in the queue now */
};
