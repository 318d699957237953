/*
 * sched_point.h - a chance to switch tasks, for long operations of all floors.
 *
 * The function is in kernel/task/cpu.c. The declaration stands on this floor,
 * because memory is freed and copied in parts below the tasks as well.
 */
#pragma once

/*
 * For a place in a long operation where a switch does no harm. Called with
 * depth 1, and without a pointer into shared state that another task may
 * change. No stretch between two chances may take more than 20,000
 * instructions: tests/tools/latency counts.
 */
void sched_point(void);

/* A longer copy has a chance to switch after each part. A part is whole pages,
 * and a multiple of PIPE_BUF: an atomic write of a pipe is one part. */
#define COPY_PART_BYTES	16384u
