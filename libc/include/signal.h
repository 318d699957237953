/* signal.h - signals: sending, handling, blocking and waiting. */
#pragma once

#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"

#include <sys/pthread_types.h>
#include <sys/ucontext_t.h>

typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);

extern const char *const sys_siglist[];

int kill(pid_t pid, int signal);
int killpg(pid_t group, int signal);
void psiginfo(const siginfo_t *info, const char *message);
void psignal(int signal, const char *message);
int raise(int signal);
/* The name of a signal without SIG, and back; -1 if there is none such. */
#define SIG2STR_MAX 16
int sig2str(int signal, char *name);
int str2sig(const char *__restrict name, int *__restrict signal);

int sigaction(int signal, const struct sigaction *__restrict action,
	struct sigaction *__restrict old);
int sigaddset(sigset_t *set, int signal);
int sigdelset(sigset_t *set, int signal);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigismember(const sigset_t *set, int signal);
void (*signal(int signal, void (*handler)(int)))(int);
int sigpending(sigset_t *set);
int sigprocmask(int how, const sigset_t *__restrict set,
	sigset_t *__restrict old);
int sigsuspend(const sigset_t *mask);

int sigaltstack(const stack_t *__restrict stack, stack_t *__restrict old);
int siginterrupt(int signal, int interrupts);
int sigqueue(pid_t pid, int signal, const union sigval value);
/* Take a signal of the set, which the caller has blocked. */
int sigtimedwait(const sigset_t *__restrict set, siginfo_t *__restrict info,
	const struct timespec *__restrict timeout);
int sigwait(const sigset_t *__restrict set, int *__restrict signal);
int sigwaitinfo(const sigset_t *__restrict set, siginfo_t *__restrict info);

/* The elder ones of System V. */
#define SIG_HOLD	((void (*)(int))2)
int sighold(int signal);
int sigignore(int signal);
int sigpause(int signal);
int sigrelse(int signal);
void (*sigset(int signal, void (*handler)(int)))(int);

int pthread_kill(pthread_t thread, int signal);
int pthread_sigmask(int how, const sigset_t *__restrict set,
	sigset_t *__restrict old);
