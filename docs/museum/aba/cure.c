/* cure.c - a lock keeps the stack still during the take. */
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
	pthread_mutex_lock(&lock);
	mine = pop();
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *second(void *unused)
{
	struct node *node;

	pthread_mutex_lock(&lock);
	node = pop();
	theirs = pop();
	push(node);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return top == theirs || mine == theirs;
}
