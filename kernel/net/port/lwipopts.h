/*
 * lwipopts.h - which parts of lwIP 2.1 the kernel has, and their sizes, where
 * lwIP's own choice (lwip/opt.h) is another one.
 *
 * No threads of lwIP's own: the task `net` and the system calls call lwIP, one
 * at a time, since both hold [P]. Timers are net.c's. Memory is the kernel's.
 */
#pragma once

#define NO_SYS			1
#define SYS_LIGHTWEIGHT_PROT	0
#define LWIP_SOCKET		0
#define LWIP_NETCONN		0
#define LWIP_TIMERS_CUSTOM	1

/* Memory: one allocator, see net_alloc(). */
#define MEM_LIBC_MALLOC		1
#define MEMP_MEM_MALLOC		1
#define MEM_ALIGNMENT		4
#define mem_clib_malloc		net_alloc
#define mem_clib_calloc		net_alloc_zeroed
#define mem_clib_free		net_free
#define LWIP_STATS		0
#define PBUF_POOL_BUFSIZE	4000	/* an object of the heap */

/* Protocols. */
#define LWIP_RAW		1
#define LWIP_DHCP		1
#define DHCP_DOES_ARP_CHECK	0
/* Only to keep what DHCP tells: libc asks the server. */
#define LWIP_DNS		1
#define LWIP_NETIF_STATUS_CALLBACK 1
/* The loopback neither loses nor changes bytes: no checksums there, and packets
 * as large as some steps of a stream (tcp_data.c): each costs the same. */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define NET_LOOP_BYTES		(3 * 16384 + 40)
/* A packet to an address of this machine never goes to the wire. */
struct netif;
struct netif *net_route(const void *from, const void *to);
#define LWIP_HOOK_IP4_ROUTE_SRC	net_route
#define IP_REASS_MAX_PBUFS	128
#define IP_REASS_MAXAGE	3	/* seconds */
#define ARP_QUEUEING		1
#define ARP_QUEUE_LEN		48	/* the parts of one large datagram */
/* A packet that waits for ARP outlives its connection and the pages of it. */
#define PBUF_NEEDS_COPY(packet)	1

/* Options of sockets. */
#define SO_REUSE		1
#define IP_SOF_BROADCAST	1
#define IP_SOF_BROADCAST_RECV	1
#define LWIP_TCP_KEEPALIVE	1
#define TCP_LISTEN_BACKLOG	1

/* TCP: what a connection may hold in each direction. */
#define TCP_MSS			(NET_LOOP_BYTES - 40)
#define TCP_WND			(2 * TCP_MSS)
#define LWIP_WND_SCALE		1	/* a window has more than 16 bits, */
#define TCP_RCV_SCALE		1	/* and packets tell half of it */
#define TCP_WND_UPDATE_THRESHOLD (TCP_WND / 2) /* bytes read, then tell */
#define TCP_SND_BUF		(2 * TCP_MSS)
#define TCP_SND_QUEUELEN	512
#define TCP_OVERSIZE		0	/* tcp_write() never copies */
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1	/* the pages of tcp_data.c */
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1 /* of SNDLOWAT, which is unused */
#define TCP_OOSEQ_MAX_BYTES	TCP_WND
#define TCP_TMR_INTERVAL	50	/* ms; a lost packet is sent again after
					   some 200 */
