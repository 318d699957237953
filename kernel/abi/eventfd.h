/* eventfd.h - flags of eventfd(2) and timerfd_create(2). */
#pragma once

#define EFD_SEMAPHORE	1	/* a read takes 1, not the sum */
#define EFD_NONBLOCK	04000
#define EFD_CLOEXEC	02000000

#define TFD_NONBLOCK	04000
#define TFD_CLOEXEC	02000000
#define TFD_TIMER_ABSTIME 1
