/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of drivers[] where the driver of a device could not be read. The
 * device's own entry says so (row_of() is NULL), and it alone moves, with all
 * that it costs, into the row of the unknown driver.
 */
#include "tests/fault/drivers.h"

#include <string.h>

#include "base/base.h"

/* As irqm_device_driver(), of an entry of devices[]. */
static const json_t *row_of(const json_t *device)
{
	const json_t *list = json_object_get(device, "consumers"), *c;
	const json_t *driver = json_object_get(device, "driver");
	const char *kind;
	bool cut = json_is_null(list);
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		c = json_array_get(list, i);
		kind = json_string_value(json_object_get(c, "kind"));
		cut |= json_is_null(c);
		if (kind && strcmp(kind, "virtio") == 0 &&
		    json_is_string(json_object_get(c, "driver")))
			return json_object_get(c, "driver");
	}
	if (cut && json_is_string(driver) &&
	    strcmp(json_string_value(driver), "virtio-pci") == 0)
		return NULL;
	return json_is_null(driver) ? NULL : driver;
}

/* Two drivers; NULL is the unknown one. */
static bool is_same(const json_t *a, const json_t *b)
{
	return a && b ? json_equal(a, b) : a == b;
}

static const json_t *find_device(const json_t *document, const json_t *device)
{
	const json_t *list = json_object_get(document, "devices");
	const json_t *address = json_object_get(device, "address");
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (json_equal(json_object_get(json_array_get(list, i),
					       "address"),
			       address))
			return json_array_get(list, i);
	return NULL;
}

static const json_t *driver_of(const json_t *row)
{
	const json_t *driver = json_object_get(row, "driver");

	return json_is_null(driver) ? NULL : driver;
}

static const json_t *find_row(const json_t *rows, const json_t *driver)
{
	size_t i;

	for (i = 0; i < json_array_size(rows); i++)
		if (is_same(driver_of(json_array_get(rows, i)), driver))
			return json_array_get(rows, i);
	return NULL;
}

/* What moved from the row of a driver, or with NULL into the unknown one. */
struct move {
	unsigned int devices, moved, absent;
	bool known;
	json_int_t sum; /* of one number, of all that moved */
};

static void add_device(struct move *m, const json_t *device, const char *key)
{
	const json_t *n = json_object_get(device, key);

	m->moved++;
	if (strcmp(key, "devices") == 0)
		m->sum++;
	else
		m->sum += json_integer_value(n);
	m->known &= json_is_integer(n) || strcmp(key, "devices") == 0;
}

static struct move look_at(const struct documents *d, const char *key,
			   const json_t *driver)
{
	const json_t *list = json_object_get(d->whole, "devices");
	struct move m = { .known = true };
	const json_t *was, *is;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		was = json_array_get(list, i);
		is = find_device(d->part, was);
		if (driver && !is_same(row_of(was), driver))
			continue;
		m.devices++;
		if (!is)
			m.absent++;
		else if (row_of(was) && !row_of(is))
			add_device(&m, was, key);
	}
	return m;
}

/* Each device is in the row that it was in, or in the unknown one. */
static bool keep_their_rows(const struct documents *d)
{
	const json_t *list = json_object_get(d->part, "devices"), *was, *is;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		is = json_array_get(list, i);
		was = find_device(d->whole, is);
		if (!was || (row_of(is) && !is_same(row_of(is), row_of(was))))
			return false;
	}
	return true;
}

/* Less, or in the unknown row more, by what has moved. */
static bool is_number_right(const struct documents *d, const char *key,
			    const json_t *driver, const json_t *was,
			    const json_t *is, bool in_pool)
{
	struct move m = look_at(d, key, driver);
	json_int_t less = json_integer_value(was) - json_integer_value(is);

	if (json_is_null(is))
		return true;
	if (!json_is_integer(is) || (was && !json_is_integer(was)) || m.absent)
		return false;
	if (!driver)
		less = -less;
	if (in_pool && m.moved)
		return less >= 0;
	return m.known && less == m.sum;
}

static bool is_row_right(const struct documents *d, const json_t *was,
			 const json_t *is, bool in_pool)
{
	const json_t *value;
	const char *key;

	/* only the unknown one may be new; a pool's row of 0 is not there */
	if (!was && driver_of(is) &&
	    !(in_pool && look_at(d, "devices", driver_of(is)).devices))
		return false;
	json_object_foreach((json_t *)is, key, value)
		if (strcmp(key, "driver") != 0 &&
		    !is_number_right(d, key, driver_of(is),
				     json_object_get(was, key), value, in_pool))
			return false;
	return true;
}

/* Its devices have moved, or are not there; of a pool: those that are in it. */
static bool may_be_missing(const struct documents *d, const json_t *row,
			   bool in_pool)
{
	struct move m = look_at(d, "devices", driver_of(row));
	const json_t *devices = json_object_get(row, "devices");

	return driver_of(row) &&
	       (in_pool ? m.moved + m.absent > 0 :
			  m.moved + m.absent == json_integer_value(devices));
}

/* Of all rows; false if one is unknown. */
static bool sum_up(const json_t *rows, const char *key, json_int_t *sum)
{
	const json_t *n;
	size_t i;

	*sum = 0;
	for (i = 0; i < json_array_size(rows); i++) {
		n = json_object_get(json_array_get(rows, i), key);
		if (!json_is_integer(n))
			return false;
		*sum += json_integer_value(n);
	}
	return true;
}

/* Nothing is lost. What is not there has made the numbers unknown. */
static bool are_sums_right(const struct documents *d, const json_t *whole,
			   const json_t *part)
{
	static const char *const keys[] = { "cost", "managed_reserved",
					    "idle_reserved" };
	json_int_t was, is;
	size_t i;

	if (look_at(d, "devices", NULL).absent)
		return true;
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (sum_up(whole, keys[i], &was) &&
		    sum_up(part, keys[i], &is) && is != was)
			return false;
	return true;
}

bool compare_drivers(const struct documents *d, const json_t *whole,
		     const json_t *part, bool in_pool)
{
	const json_t *row;
	size_t i;

	if (json_equal(whole, part))
		return true;
	if (!keep_their_rows(d) || !are_sums_right(d, whole, part))
		return false;
	for (i = 0; i < json_array_size(part); i++) {
		row = json_array_get(part, i);
		if (!is_row_right(d, find_row(whole, driver_of(row)), row,
				  in_pool))
			return false;
	}
	for (i = 0; i < json_array_size(whole); i++) {
		row = json_array_get(whole, i);
		if (!find_row(part, driver_of(row)) &&
		    !may_be_missing(d, row, in_pool))
			return false;
	}
	return true;
}
