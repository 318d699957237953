/* prctl.h - the options of prctl(2); Linux has many more. */
#pragma once

#define PR_SET_PDEATHSIG	1	/* a signal when the parent ends */
#define PR_GET_PDEATHSIG	2	/* into an int */
#define PR_SET_NAME		15	/* of the thread: a string */
#define PR_GET_NAME		16	/* into PR_NAME_BYTES bytes */
#define PR_SET_CHILD_SUBREAPER	36	/* 1: orphans below come here */
#define PR_GET_CHILD_SUBREAPER	37	/* into an int */

#define PR_NAME_BYTES		16
