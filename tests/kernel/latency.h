/*
 * latency.h - the measure of latency, for test_call.c. With [P].
 */
#pragma once

/* The system call of this number begins. */
void latency_begin(unsigned number);
/* The running stretch is over, and the next begins. */
void latency_end(void);
/* A chance to switch: a test may let the running task give way. */
void test_give_way(void);
