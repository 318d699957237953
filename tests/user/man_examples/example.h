/* example.h - the EXAMPLES of a page of the manual. */
#pragma once

struct example {
	const char *page;
	int (*run)(void);
	const char *printed;	/* what the page shows */
};

extern const struct example examples[];	/* the last one's page is NULL */
