/* hang.h - a run that does not end, and the end of the machine. */
#pragma once

#include "kernel/lib/types.h"

/* Be ready to report. must_end: and end the machine when no program can go on.
 */
void hang_init(bool must_end);

/* End the machine; the log keeps the status. how: POWER_OFF or POWER_REBOOT. */
void system_end(int how, int status) NORETURN;
