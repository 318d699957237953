/* jobs.h - the job table, for jobs.c, foreground.c and builtin_job.c. */
#pragma once

#include "user/sh/sh.h"

enum state { RUNNING, STOPPED, DONE };

struct process {
	pid_t pid;
	int status;		/* of waitpid() */
	enum state state;
};

struct job {
	struct job *next;	/* in the order of their numbers */
	int number;		/* 0 until it goes to the background */
	pid_t group;		/* 0 without job control */
	char *text;
	bool stop_told;		/* the stop was reported */
	bool rest_told;		/* remaining processes got SIGHUP */
	int count;
	struct process processes[];
};

extern struct job *job_current;

struct job *job_first(void);
void job_add(struct job *job);
bool job_wait_process(struct process *process, int flags);
enum state job_state(struct job *job);
int job_status(struct job *job);
void job_show(struct job *job, FILE *file);
void job_update(struct job *job);
void job_forget(struct job *job);
bool job_wait(struct job *job);
void job_hang_up(struct job *job, bool foreground);
void job_continue(struct job *job, bool foreground);
