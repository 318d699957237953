/* crypt.h - see <unistd.h>: Parley has no cipher for passwords. */
#pragma once

char *crypt(const char *password, const char *salt);
