/*
 * flight.c - descriptors in messages, and how lost messages are found.
 *
 * An open file lives as long as a descriptor, a call or a message holds the
 * file. Two counts keep these apart: file->refs and file->flights. With refs 0
 * the file is hidden: only messages hold the file.
 *
 * A message is lost if no process can ever receive the message. Take a socket
 * that was sent to itself, and then closed: the only way to the message leads
 * through the message. Longer circles lead through several sockets. So after
 * the last descriptor of a file in flight has gone, flights_settle() looks for
 * lost messages:
 *
 *	1. An object is reached if it has an open file to receive that is not
 *	   hidden, or a name.
 *	2. An object is reached if an open file of it lies in a message of a
 *	   reached object.
 *	3. The messages of all other objects are lost: their files are closed.
 *
 * The search is made in steps, and tasks switch between the steps. A step looks
 * at one object or one flight, so the search costs a step for each of both.
 * Meanwhile messages are sent and received. So during a search, these objects
 * are reached at once: the object of a file that is sent, since the sender may
 * close the file in a moment; the object of a file that is received; and an
 * object that gets its first flight. So an object is never lost too early. An
 * object of the third kind may be lost: then the files to receive from the
 * object end in this search, and their end begins a second search.
 *
 *	list		holders of flights
 *	holders		not reached so far; those with seen = search have no
 *			open file and no name
 *	reached		their flights with seen = search were followed
 *	passed		reached, and all flights were followed
 *
 * A lost flight stays in its message, without the file, until the message is
 * destroyed.
 *
 * A closed file may destroy a message with more files, to any depth. So flights
 * end in the loop of objects_destroy_ended(), and never in a recursion, which
 * could need more kernel stack than there is. The loop ends before the system
 * call returns, and lets tasks switch after each file.
 */
#include "kernel/obj/flight.h"

#include "kernel/mm/heap.h"
#include "kernel/task/cpu.h"

static struct pool flight_pool = POOL_COUNTED("flight", sizeof(struct flight),
					      ACCOUNT_FLIGHTS);

static struct list lists[2] = { LIST_INIT(lists[0]), LIST_INIT(lists[1]) };
static struct list *holders = &lists[0];	/* [P] of objects in use */
static struct list *passed = &lists[1];		/* [P] by the search */
static struct list reached = LIST_INIT(reached); /* [P] by the search */
static uint32_t search;				/* [P] its number */
static bool is_searching;			/* [P] */
static struct list lost = LIST_INIT(lost);	/* [P] to lose their files */
static struct list ended = LIST_INIT(ended);	/* [P] to be freed */
static bool has_hidden;				/* [P] look for lost messages */

/* The holder in the file's object, if the file can receive there; or NULL. */
static struct flight_holder *holder_behind(const struct open_file *file)
{
	uint32_t at = file->object->ops->holder_at;

	if (at == 0 || !file_can_read(file))
		return NULL;
	return (struct flight_holder *)((char *)file->object + at);
}

void flight_holder_init(struct flight_holder *holder, struct object *object)
{
	holder->object = object;
	holder->hidden = 0;
	holder->is_root = false;
	holder->seen = holder->reached = 0;
	list_init(&holder->flights);
	list_node_init(&holder->node);
}

/* ---- Lost messages ------------------------------------------------------- */

static bool is_open(const struct flight_holder *holder)
{
	return holder->is_root ||
	       holder->object->ends[END_READ] > holder->hidden;
}

/* The running search, if there is one, reaches the object with this holder
 * (NULL: none). An object without flights leads to no other object. */
static void reach(struct flight_holder *holder)
{
	if (!is_searching || !holder || !list_is_linked(&holder->node) ||
	    holder->reached == search)
		return;
	holder->reached = search;
	list_remove(&holder->node);
	list_append(&reached, &holder->node);
}

/* Take the flight off the lists. */
static void leave(struct flight *flight)
{
	struct flight_holder *holder = flight->holder;

	list_remove(&flight->node);
	flight->holder = NULL;
	if (holder && list_is_empty(&holder->flights)) {
		list_remove(&holder->node);
		holder->reached = 0;
	}
}

static struct flight_holder *first_of(const struct list *list)
{
	return LIST_ENTRY(list_first(list), struct flight_holder, node);
}

/* Does a task reach the object without a message? */
static void look_at(struct flight_holder *holder)
{
	holder->seen = search;
	list_remove(&holder->node);
	list_append(holders, &holder->node);
	if (is_open(holder))
		reach(holder);
}

/* Follow the next flight of a reached object. */
static void follow(struct flight_holder *holder)
{
	struct flight *flight = LIST_ENTRY(list_first(&holder->flights),
					   struct flight, node);

	if (flight->seen == search) {
		list_remove(&holder->node);
		list_append(passed, &holder->node);
		return;
	}
	flight->seen = search;
	list_remove(&flight->node);
	list_append(&holder->flights, &flight->node);
	reach(holder_behind(flight->file));
}

/* The first flight of an object that was not reached is lost. */
static void lose_first(struct flight_holder *holder)
{
	struct flight *flight = LIST_ENTRY(list_first(&holder->flights),
					   struct flight, node);

	leave(flight);
	list_append(&lost, &flight->node);
}

static void search_begin(void)
{
	search++;
	is_searching = true;
	has_hidden = false;
}

static void search_end(void)
{
	struct list *empty = holders;

	holders = passed;
	passed = empty;
	is_searching = false;
}

/* A step of the search. */
static void search_on(void)
{
	if (!list_is_empty(holders) && first_of(holders)->seen != search)
		look_at(first_of(holders));
	else if (!list_is_empty(&reached))
		follow(first_of(&reached));
	else if (!list_is_empty(holders))
		lose_first(first_of(holders));
	else
		search_end();
}

/* The message does not hold the file any more. */
static void drop_file(struct flight *flight)
{
	struct open_file *file = flight->file;
	struct flight_holder *inner;

	flight->file = NULL;
	if (!file)
		return;
	file->flights--;
	if (file->refs > 0)
		return;
	has_hidden = true;
	if (file->flights > 0)
		return;
	inner = holder_behind(file);
	if (inner)
		inner->hidden--;
	file_close(file);
}

bool flights_settle(void)
{
	struct list_node *first;

	if ((first = list_take_first(&ended)) != NULL) {
		drop_file(LIST_ENTRY(first, struct flight, node));
		pool_free(&flight_pool, LIST_ENTRY(first, struct flight, node));
	} else if ((first = list_take_first(&lost)) != NULL) {
		drop_file(LIST_ENTRY(first, struct flight, node));
	} else if (is_searching) {
		search_on();
	} else if (has_hidden) {
		search_begin();
	} else {
		return false;
	}
	return true;
}

void flight_set_root(struct flight_holder *holder, bool is_root)
{
	holder->is_root = is_root;
	has_hidden |= !is_root;
	cpu_pend(PENDING_OBJECTS);
}

/* ---- The life of a flight ------------------------------------------------ */

struct flight *flight_create(struct open_file *file)
{
	struct flight *flight = pool_alloc(&flight_pool);

	if (flight) {
		file_get(file);
		flight->file = file;
	}
	return flight;
}

static void depart(struct flight *flight, struct flight_holder *holder)
{
	flight->holder = holder;
	if (list_is_empty(&holder->flights)) {
		list_append(holders, &holder->node);
		reach(holder);
	}
	list_append(&holder->flights, &flight->node);
	flight->file->flights++;
	reach(holder_behind(flight->file));
	file_put(flight->file);
}

void flight_depart(struct flight *flights, struct flight_holder *holder)
{
	for (; flights; flights = flights->next)
		depart(flights, holder);
}

struct open_file *flight_get_file(const struct flight *flight)
{
	struct open_file *file = flight->file;
	struct flight_holder *inner;

	if (!file)
		return NULL;
	inner = holder_behind(file);
	if (file->refs++ == 0 && inner)
		inner->hidden--;
	reach(inner);
	return file;
}

/* The call gives up before the message was sent. */
static void put_file(struct flight *flight)
{
	struct open_file *file = flight->file;

	flight->file = NULL;
	if (file)
		file_put(file);
}

void flight_end(struct flight *flights)
{
	struct flight *flight, *next;

	for (flight = flights; flight; flight = next) {
		next = flight->next;
		if (flight->holder)
			leave(flight);
		else if (list_is_linked(&flight->node))
			list_remove(&flight->node);	/* of `lost` */
		else
			put_file(flight);
		list_append(&ended, &flight->node);
		cpu_pend(PENDING_OBJECTS);
	}
}

void flight_was_closed(const struct open_file *file)
{
	struct flight_holder *inner = holder_behind(file);

	if (!inner)
		return;
	inner->hidden += file->flights > 0;
	if (is_open(inner) || list_is_empty(&inner->flights))
		return;
	has_hidden = true;
	cpu_pend(PENDING_OBJECTS);
}
