/*
 * net.c - the network: packets from and to lwIP, its time, and its memory.
 *
 * lwIP knows the protocols (ARP, IP, ICMP, UDP, TCP, DHCP) and knows no tasks.
 * It is a library of functions that never wait: a system call hands down bytes
 * to send, and lwIP calls our functions back when a packet has brought
 * something. All calls hold [P], so lwIP never runs twice at the same time.
 *
 * The kernel's task `net` brings packets in, one after the other, with a chance
 * to switch tasks in between:
 *
 *	the card	its interrupt wakes the task (dev/card.c)
 *	the loopback	a packet to this machine (loop.c)
 *	the clock	twenty times a second, while there is a card or a
 *			connection; otherwise no timer runs
 */
#include "kernel/net/net.h"

#include "arch/arch.h"
#include "kernel/command_line.h"
#include "kernel/dev/card.h"
#include "kernel/fs/proc.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/net/inet.h"
#include "kernel/task/task.h"
#include "kernel/task/user.h"

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/ip4_frag.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#define TICK_NS_NET	(TCP_TMR_INTERVAL * 1000000ull)
#define TICKS_OF(ms)	((ms) / TCP_TMR_INTERVAL)
#define ADDRESS_NS	(3 * NSEC_PER_SEC)

static struct netif *loop;		/* [const] once begun */
static struct netif wire;		/* [P] */
static struct wait_queue work;		/* [P] the task `net` waits here */
static struct wait_queue asking;	/* [P] the boot waits for an address */
static struct task *net_task;		/* [const] once begun */
static bool has_card;			/* [const] */
static uint64_t next_tick_ns = FOREVER;	/* [P] */
static uint32_t ticks;			/* [P] */
static uint32_t frames_in, frames_out, frames_lost;	/* [P] */

/* ---- What lwIP asks of the kernel --------------------------------------- */

/* The numbers of new ports and connections. The clock's low bits at the moment
 * of a call are hard to guess from outside, and no more than that. */
uint32_t net_random(void)
{
	static uint64_t state;

	state = (state ^ arch_cycles()) * 6364136223846793005ull + 1;
	return state >> 32;
}

u32_t sys_now(void)
{
	return arch_now_ns() / 1000000;
}

/* lwIP starts and ends no timers of its own: see tick(). */
void sys_timeouts_init(void)
{
}

void tcp_timer_needed(void)
{
	if (next_tick_ns != FOREVER)
		return;
	next_tick_ns = arch_now_ns() + TICK_NS_NET;
	wait_wake(&work);
}

/* ---- Time --------------------------------------------------------------- */

static void tick(void)
{
	ticks++;
	tcp_tmr();
	if (has_card && ticks % TICKS_OF(DHCP_FINE_TIMER_MSECS) == 0)
		dhcp_fine_tmr();
	if (ticks % TICKS_OF(ARP_TMR_INTERVAL) == 0) {
		etharp_tmr();
		ip_reass_tmr();
	}
	if (has_card && ticks % TICKS_OF(DHCP_COARSE_TIMER_MSECS) == 0)
		dhcp_coarse_tmr();
	next_tick_ns += TICK_NS_NET;
	if (!has_card && !tcp_active_pcbs && !tcp_tw_pcbs)
		next_tick_ns = FOREVER;
}

/* ---- Packets ------------------------------------------------------------ */

static err_t wire_send(struct netif *netif, struct pbuf *packet)
{
	void *frame = card_begin();

	(void)netif;
	if (!frame || packet->tot_len > CARD_FRAME_MOST) {
		frames_lost++;
		return ERR_MEM;
	}
	pbuf_copy_partial(packet, frame, packet->tot_len, 0);
	card_send(frame, packet->tot_len);
	frames_out++;
	return ERR_OK;
}

static bool take_from_wire(void)
{
	struct pbuf *packet = NULL;
	const void *frame;
	uint32_t bytes;

	frame = has_card ? card_receive(&bytes) : NULL;
	if (!frame)
		return false;
	frames_in++;
	if (bytes <= CARD_FRAME_MOST)
		packet = pbuf_alloc(PBUF_RAW, bytes, PBUF_RAM);
	if (packet)
		pbuf_take(packet, frame, bytes);
	else
		frames_lost++;
	card_release(frame);
	if (packet && wire.input(packet, &wire) != ERR_OK)
		pbuf_free(packet);
	return true;
}

static long take_packet(void *unused)
{
	(void)unused;
	return loop_take() || take_from_wire() ? 0 : -EAGAIN;
}

static void net_run(void *unused)
{
	struct wait_request request = {
		.queue = &work,
		.event = WAIT_WORK,
	};

	(void)unused;
	lock_stuff();
	for (;;) {
		request.deadline_ns = next_tick_ns;
		if (next_tick_ns <= arch_now_ns())
			tick();
		else if (take_packet(NULL) != 0)
			wait_for(&request, take_packet, NULL);
		sched_point();
	}
}

/* Also deferred work of the card's interrupt. */
static void packet_came(void)
{
	wait_wake(&work);
}

/* ---- Interfaces --------------------------------------------------------- */

/* Which interface leads to this address; NULL: lwIP's own choice. */
struct netif *net_route(const void *from, const void *to)
{
	(void)from;
	return ip4_addr_cmp((const ip4_addr_t *)to, netif_ip4_addr(&wire)) &&
	       !ip4_addr_isany((const ip4_addr_t *)to) ? loop : NULL;
}

static err_t wire_init(struct netif *netif)
{
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->mtu = CARD_FRAME_MOST - SIZEOF_ETH_HDR;
	netif->hwaddr_len = CARD_ADDRESS_BYTES;
	card_address(netif->hwaddr);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
		       NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	netif->output = etharp_output;
	netif->linkoutput = wire_send;
	return ERR_OK;
}

static bool has_address(void)
{
	return !ip4_addr_isany(netif_ip4_addr(&wire));
}

static void tell_address(struct netif *netif)
{
	if (!has_address())
		return;
	printk("network: address %s\n",
	       inet_text(netif_ip4_addr(netif)).words);
	wait_wake_all(&asking);
}

/* ip=ADDRESS/BITS[,GATEWAY]: false: the words are not so. */
static bool take_address(char *words)
{
	char *gateway = strchr(words, ',');
	char *bits = strchr(words, '/');
	ip4_addr_t address, mask, router = { 0 };
	unsigned long count;

	if (gateway)
		*gateway++ = '\0';
	if (!bits)
		return false;
	*bits++ = '\0';
	count = parse_number(bits);
	if (count < 1 || count > 31 || !ip4addr_aton(words, &address) ||
	    (gateway && !ip4addr_aton(gateway, &router)))
		return false;
	ip4_addr_set_u32(&mask, lwip_htonl(~0u << (32 - count)));
	netif_set_addr(&wire, &address, &mask, &router);
	return true;
}

static void wire_begin(void)
{
	char words[64] = "";

	netif_add_noaddr(&wire, NULL, wire_init, ethernet_input);
	netif_set_status_callback(&wire, tell_address);
	netif_set_default(&wire);
	netif_set_up(&wire);
	command_line_get("ip=", words, sizeof(words));
	if (words[0] && take_address(words))
		return;
	if (words[0])
		printk("network: ip=%s is not ADDRESS/BITS,GATEWAY\n", words);
	dhcp_start(&wire);
}

/* A step that failed for want of memory is made again at the next call. */
static int begin(void)
{
	if (!net_task)
		net_task = create_kernel_task("net", net_run, NULL,
					      PRIORITY_NORMAL);
	if (!net_task)
		return -ENOMEM;
	if (!loop) {
		net_memory_begin();
		lwip_init();
		loop = loop_begin(packet_came);
	}
	return datagrams_begin();
}

int net_begin(void)
{
	static bool has_begun;		/* [P] */
	struct account *payer;

	if (has_begun)
		return 0;
	/* The network outlives the user who opens the first socket. */
	payer = user_charge(&account_root);
	has_begun = begin() == 0;
	user_charge(payer);
	return has_begun ? 0 : -ENOMEM;
}

void net_init(void)
{
	inet_init();
	wait_queue_init(&work);
	wait_queue_init(&asking);
	if (card_init(packet_came) && net_begin() == 0) {
		has_card = true;
		next_tick_ns = arch_now_ns() + TICK_NS_NET;
		wire_begin();
	}
}

static long look_for_address(void *unused)
{
	(void)unused;
	return has_address() ? 0 : -EAGAIN;
}

void net_wait(void)
{
	const struct wait_request request = {
		.queue = &asking,
		.event = WAIT_WORK,
		.deadline_ns = arch_now_ns() + ADDRESS_NS,
	};

	if (has_card && !has_address() &&
	    wait_for(&request, look_for_address, NULL) != 0)
		printk("network: no address by DHCP\n");
}

static void report_interface(struct proc_text *text, const struct netif *netif)
{
	proc_printf(text, "%c%c: address %s mask %s gateway %s\n",
		    netif->name[0], netif->name[1],
		    inet_text(netif_ip4_addr(netif)).words,
		    inet_text(netif_ip4_netmask(netif)).words,
		    inet_text(netif_ip4_gw(netif)).words);
}

void proc_net(struct proc_text *text)
{
	const uint8_t *own = wire.hwaddr;
	uint32_t used, most;

	if (!net_task)
		return;
	used = net_memory_used(&most);
	proc_printf(text, "memory %u of %u bytes\n", used, most);
	report_interface(text, loop);
	if (!has_card)
		return;
	report_interface(text, &wire);
	proc_printf(text, "name server %s\n",
		    inet_text(dns_getserver(0)).words);
	proc_printf(text, "card: %02x:%02x:%02x:%02x:%02x:%02x, frames in %u "
		    "out %u lost %u\n", own[0], own[1], own[2], own[3], own[4],
		    own[5], frames_in, frames_out, frames_lost);
}
