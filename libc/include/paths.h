/* paths.h - where things are (BSD). */
#pragma once

#define _PATH_BSHELL	"/bin/sh"
#define _PATH_CONSOLE	"/dev/console"
#define _PATH_DEVNULL	"/dev/null"
#define _PATH_LASTLOG	"/var/log/lastlog"
#define _PATH_MNTTAB	"/etc/fstab"
#define _PATH_MOUNTED	"/proc/mounts"
#define _PATH_SHADOW	"/etc/shadow"
#define _PATH_TTY	"/dev/tty"
#define _PATH_TMP	"/tmp/"
#define _PATH_UTMP	"/var/run/utmp"
#define _PATH_WTMP	"/var/log/wtmp"
#define _PATH_DEFPATH	"/bin"
#define _PATH_STDPATH	"/bin"
