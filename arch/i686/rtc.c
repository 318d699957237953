/*
 * rtc.c - the date, from the battery-backed clock.
 *
 * Read once, at the first question. The time since boot is subtracted, so the
 * answer never changes. Once in a second the clock changes its registers, maybe
 * in the middle of a reading: the kernel reads until two readings are equal.
 */
#include "arch/arch.h"
#include "arch/i686/io.h"
#include "kernel/lib/string.h"

#define RTC_INDEX	0x70
#define RTC_DATA	0x71

#define RTC_STATUS_A	0x0a
#define STATUS_A_UPDATING 0x80
#define RTC_STATUS_B	0x0b
#define STATUS_B_24_HOURS 0x02
#define STATUS_B_BINARY	0x04
#define HOUR_PM		0x80	/* with 12 hours */
#define MOST_TRIES	100000

enum { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, CENTURY, FIELDS };

static const uint8_t registers[FIELDS] = {
	[SECOND] = 0x00, [MINUTE] = 0x02, [HOUR] = 0x04, [DAY] = 0x07,
	[MONTH] = 0x08, [YEAR] = 0x09, [CENTURY] = 0x32,
};

static uint8_t rtc_read(uint8_t index)
{
	outb(RTC_INDEX, index);
	return inb(RTC_DATA);
}

static void read_fields(uint8_t *fields)
{
	for (unsigned i = 0; i < FIELDS; i++)
		fields[i] = rtc_read(registers[i]);
}

static void read_steady(uint8_t *fields)
{
	uint8_t before[FIELDS];

	for (unsigned tries = 0; tries < MOST_TRIES; tries++) {
		if (rtc_read(RTC_STATUS_A) & STATUS_A_UPDATING)
			continue;
		read_fields(before);
		read_fields(fields);
		if (memcmp(before, fields, FIELDS) == 0)
			return;
	}
}

/* Make all fields plain numbers, hours from 0 to 23. */
static void decode(uint8_t *fields, uint8_t status_b)
{
	bool pm = fields[HOUR] & HOUR_PM;

	fields[HOUR] &= ~HOUR_PM;
	for (unsigned i = 0; i < FIELDS && !(status_b & STATUS_B_BINARY); i++)
		fields[i] = (fields[i] >> 4) * 10 + (fields[i] & 15);
	if (status_b & STATUS_B_24_HOURS)
		return;
	fields[HOUR] = fields[HOUR] % 12 + (pm ? 12 : 0);
}

/* Days from 1970-01-01. Years begin in March, so that the leap day is the last
 * day, and five months have 153 days. */
static int32_t days_since_1970(int32_t year, int32_t month, int32_t day)
{
	int32_t in_year;

	if (month <= 2) {
		month += 12;
		year--;
	}
	in_year = (153 * (month - 3) + 2) / 5 + day - 1;
	return 365 * year + year / 4 - year / 100 + year / 400 + in_year -
	       719468;
}

static int64_t date_now(void)
{
	uint8_t fields[FIELDS];
	int32_t century, days;

	read_steady(fields);
	decode(fields, rtc_read(RTC_STATUS_B));
	/* Not every clock has this register. */
	century = fields[CENTURY];
	if (century < 19 || century > 21)
		century = 20;
	days = days_since_1970(century * 100 + fields[YEAR], fields[MONTH],
			       fields[DAY]);
	return days * 86400ll + fields[HOUR] * 3600 + fields[MINUTE] * 60 +
	       fields[SECOND];
}

int64_t arch_boot_time(void)
{
	static int64_t boot_time;

	if (!boot_time)
		boot_time = date_now() - arch_now_ns() / NSEC_PER_SEC;
	return boot_time;
}
