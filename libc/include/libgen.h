/* libgen.h - the parts of a path; both may change it. */
#pragma once

char *basename(char *path);
char *dirname(char *path);
