/* paths.h - where things are (BSD). */
#pragma once

#define _PATH_BSHELL	"/bin/sh"
#define _PATH_CONSOLE	"/dev/console"
#define _PATH_DEVNULL	"/dev/null"
#define _PATH_TTY	"/dev/tty"
#define _PATH_TMP	"/tmp/"
#define _PATH_DEFPATH	"/bin"
#define _PATH_STDPATH	"/bin"
