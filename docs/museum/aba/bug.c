/* bug.c - a stack takes back a node that was taken meanwhile. */
#include <pthread.h>
#include <stddef.h>

struct node {
	struct node *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct node nodes[3] = { { &nodes[1] }, { &nodes[2] }, { NULL } };
static struct node *volatile top = &nodes[0];
static struct node *mine, *theirs;

static struct node *pop(void)
{
	struct node *old = top, *next;

	do
		next = old->next;
	while (!__atomic_compare_exchange_n(&top, &old, next, 0,
			__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return old;
}

static void push(struct node *node)
{
	node->next = top;
	top = node;
}

static void *first(void *unused)
{
	mine = pop();
	return unused;
}

static void *second(void *unused)
{
	struct node *node;

	node = pop();
	theirs = pop();
	push(node);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_mutex_lock(&lock);	/* the cure uses the lock */
	pthread_mutex_unlock(&lock);
	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return top == theirs || mine == theirs;
}
