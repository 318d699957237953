/* null.h - /dev/null, /dev/zero and /dev/full. */
#pragma once

void null_init(void);
