//! What sockets for ESP and for ESP in UDP are on Linux (ip(7), ipv6(7), udp(7), raw(7)).
//!
//! Sends may wait briefly for buffer space, receives never wait. DF is clear and the kernel fragments unless a row asks
//! for DF. What ICMP told the kernel of a path does not count: the datapath hears ICMP itself and weighs it.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::descriptor::{Family, Fragmentation};
use crate::failure::{Outcome, check};
use crate::route::route_mtu;
use crate::socket::{OUTER_TTL, bind, bound_address, limit_send_wait, set};

/// Buffers that we ask for, best first.
const BUFFER_BYTES: [i32; 2] = [8 << 20, 4 << 20];

// From linux/in6.h, linux/udp.h, linux/icmp.h and linux/icmpv6.h, not in the libc crate for every target.
const IPV6_AUTOFLOWLABEL: i32 = 70;
const IPV6_FREEBIND: i32 = 78;
const UDP_NO_CHECK6_RX: i32 = 102;
const UDP_GRO: i32 = 104;
const ICMP_FILTER: i32 = 1;
const ICMPV6_FILTER: i32 = 1;

/// How packets are fragmented from now on; each family has its own half.
pub fn set_fragmentation(fd: i32, family: Family, wanted: Fragmentation) -> Outcome<()> {
    let doing = "changing how packets are fragmented";
    match family {
        Family::V4 => {
            // Either heeds nothing that ICMP told the kernel.
            let discovery = if wanted.dont_fragment { libc::IP_PMTUDISC_PROBE } else { libc::IP_PMTUDISC_OMIT };
            set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, discovery, doing)
        }
        // Over IPv6 the kernel fragments to the device, and fragment_linux.rs to less.
        Family::V6 => Ok(()),
    }
}

/// MTU of the route from a socket's address to `remote`, 4 or 16 bytes.
/// # Errors
/// The errno: EBADF when the socket is none of this table, ENETUNREACH and the like when there is no route.
pub fn path_mtu(fd: i32, family: Family, remote: &[u8]) -> Result<i32, i32> {
    let local = bound_address(fd, "").map_err(|failure| failure.errno)?;
    match family {
        // SAFETY: the socket is of this family, so the kernel filled an address of it.
        Family::V4 => route_mtu(family, &unsafe { local.v4.sin_addr.s_addr }.to_ne_bytes(), remote),
        // SAFETY: as above.
        Family::V6 => route_mtu(family, &unsafe { local.v6.sin6_addr.s6_addr }, remote),
    }
}

/// Let only the ICMP errors through that tell something about packets of ours.
pub fn pass_icmp_errors(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    // A bit for each type that is kept out (icmp(7), linux/icmpv6.h).
    match family {
        Family::V4 => set(fd, libc::SOL_RAW, ICMP_FILTER, !(1u32 << 3 | 1 << 11 | 1 << 12), doing),
        Family::V6 => {
            let mut kept_out = [!0u32; 8];
            kept_out[0] = !(1 << 1 | 1 << 2 | 1 << 3 | 1 << 4);
            set(fd, libc::IPPROTO_ICMPV6, ICMPV6_FILTER, kept_out, doing)
        }
    }
}

/// Let several sockets of this user be bound to one port: the kernel spreads senders over them (socket(7)).
pub fn share_port(fd: i32, doing: &str) -> Outcome<()> {
    set(fd, libc::SOL_SOCKET, libc::SO_REUSEPORT, 1, doing)
}

/// Let only the ESP packets through whose SPI is `index` modulo `count`: every raw socket is offered every packet.
pub fn take_share(fd: i32, family: Family, index: u32, count: u32, doing: &str) -> Outcome<()> {
    let code = |code: u32| code as u16;
    let step = |code: u16, jt: u8, jf: u8, k: u32| libc::sock_filter { code, jt, jf, k };
    // Raw sockets of IPv4 see the IP header, those of IPv6 do not.
    let header: &[libc::sock_filter] = match family {
        Family::V4 => &[step(code(libc::BPF_LDX | libc::BPF_B | libc::BPF_MSH), 0, 0, 0)],
        Family::V6 => &[step(code(libc::BPF_LDX | libc::BPF_W | libc::BPF_IMM), 0, 0, 0)],
    };
    // Whoever is the first counts what is too short for an SPI.
    let too_short = if index == 0 { 3 } else { 4 };
    let rest = [
        step(code(libc::BPF_LD | libc::BPF_W | libc::BPF_LEN), 0, 0, 0),
        step(code(libc::BPF_ALU | libc::BPF_SUB | libc::BPF_X), 0, 0, 0),
        step(code(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K), 0, too_short, 4),
        step(code(libc::BPF_LD | libc::BPF_W | libc::BPF_IND), 0, 0, 0),
        step(code(libc::BPF_ALU | libc::BPF_MOD | libc::BPF_K), 0, 0, count.max(1)),
        step(code(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K), 0, 1, index),
        step(code(libc::BPF_RET | libc::BPF_K), 0, 0, u32::MAX),
        step(code(libc::BPF_RET | libc::BPF_K), 0, 0, 0),
    ];
    let mut program = [header, &rest].concat();
    let filter = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    set(fd, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, filter, doing)
}

/// Let only replies to echo requests through, and fragment nothing that is sent.
pub fn hear_echo_replies(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => {
            set(fd, libc::SOL_RAW, ICMP_FILTER, !1u32, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, libc::IP_PMTUDISC_PROBE, doing)
        }
        Family::V6 => {
            let mut kept_out = [!0u32; 8];
            kept_out[129 / 32] = !(1 << (129 % 32));
            set(fd, libc::IPPROTO_ICMPV6, ICMPV6_FILTER, kept_out, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::IPV6_PMTUDISC_PROBE, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_DONTFRAG, 1, doing)
        }
    }
}

/// Send and receive by one device only.
pub fn bind_to_device(fd: i32, _family: Family, device: &str, doing: &str) -> Outcome<()> {
    let length = device.len() as libc::socklen_t;
    // SAFETY: the name is as long as said.
    let result =
        unsafe { libc::setsockopt(fd, libc::SOL_SOCKET, libc::SO_BINDTODEVICE, device.as_ptr().cast(), length) };
    check(result, doing).map(|_| ())
}

/// Open a raw IPv6 socket for fragments (protocol 44) from the local address of `fd`. It receives nothing.
pub fn open_fragment(fd: i32) -> Outcome<OwnedFd> {
    open_deaf(fd, libc::IPPROTO_FRAGMENT, "opening a raw socket for IPv6 fragments")
}

/// A raw IPv6 socket on the local address of `fd` that receives no packet.
fn open_deaf(fd: i32, protocol: i32, doing: &str) -> Outcome<OwnedFd> {
    let (local, _) = local_address_v6(fd, doing)?;
    let opened = open(Family::V6, libc::SOCK_RAW, protocol, doing)?;
    // SAFETY: `opened` was just opened and nobody else knows it.
    let opened = unsafe { OwnedFd::from_raw_fd(opened) };
    // A filter of one instruction, "take 0 bytes".
    let mut instruction = libc::sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: 0 };
    let filter = libc::sock_fprog { len: 1, filter: &raw mut instruction };
    set(opened.as_raw_fd(), libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, filter, doing)?;
    configure(opened.as_raw_fd(), Family::V6, doing)?;
    bind(opened.as_raw_fd(), Family::V6, &local, 0, doing)?;
    Ok(opened)
}

/// Local address and port of an IPv6 socket.
pub fn local_address_v6(fd: i32, doing: &str) -> Outcome<([u8; 16], u16)> {
    let address = bound_address(fd, doing)?;
    // SAFETY: the kernel filled an IPv6 address.
    let (bytes, port) = unsafe { (address.v6.sin6_addr.s6_addr, address.v6.sin6_port) };
    Ok((bytes, u16::from_be(port)))
}

/// Open a socket that a child process does not inherit.
pub fn open(family: Family, kind: i32, protocol: i32, doing: &str) -> Outcome<i32> {
    let domain = match family {
        Family::V4 => libc::AF_INET,
        Family::V6 => libc::AF_INET6,
    };
    // SAFETY: a plain system call.
    check(unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) }, doing)
}

/// What every socket of ours is set to.
pub fn configure(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => {
            set(fd, libc::IPPROTO_IP, libc::IP_FREEBIND, 1, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_TTL, OUTER_TTL, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_RECVTOS, 1, doing)?;
        }
        Family::V6 => {
            set(fd, libc::IPPROTO_IPV6, IPV6_FREEBIND, 1, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS, OUTER_TTL, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_RECVTCLASS, 1, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_FLOWINFO, 1, doing)?;
            // NetBSD's outer flow label is 0 (ipsecif.c); Linux would put its own hash there.
            set(fd, libc::IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, 0, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::IPV6_PMTUDISC_OMIT, doing)?;
        }
    }
    set_fragmentation(fd, family, Fragmentation::default())?;
    enlarge(fd, libc::SO_RCVBUFFORCE, libc::SO_RCVBUF);
    enlarge(fd, libc::SO_SNDBUFFORCE, libc::SO_SNDBUF);
    limit_send_wait(fd, doing)
}

/// Let the kernel merge datagrams of a flow. Kernels before 5.0 have no UDP_GRO: then each datagram comes by itself.
pub fn merge_datagrams(fd: i32) {
    let _ = set(fd, libc::IPPROTO_UDP, UDP_GRO, 1, "");
}

/// Take datagrams over IPv6 without a UDP checksum, too, which some BSDs send: ESP's ICV covers what they carry
/// (RFC 6935 §5). Kernels before 3.16 have no such option.
pub fn take_unchecked_datagrams(fd: i32, family: Family) {
    if family == Family::V6 {
        let _ = set(fd, libc::IPPROTO_UDP, UDP_NO_CHECK6_RX, 1, "");
    }
}

/// The largest buffer that the kernel gives; without CAP_NET_ADMIN that is net.core.{r,w}mem_max.
fn enlarge(fd: i32, forced: i32, plain: i32) {
    for name in [forced, plain] {
        if BUFFER_BYTES.iter().any(|bytes| set(fd, libc::SOL_SOCKET, name, *bytes, "").is_ok()) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor;
    use crate::socket::open_udp;

    #[test]
    fn the_path_mtu_to_ourselves_is_the_loopback_devices() {
        let mtu: i32 = std::fs::read_to_string("/sys/class/net/lo/mtu").unwrap().trim().parse().unwrap();
        let (fd, _) = open_udp(Family::V4, &[127, 0, 0, 1], 0).unwrap();
        // No IPv4 packet is longer than 65535 bytes, whatever the device says.
        assert_eq!(path_mtu(fd, Family::V4, &[127, 0, 0, 1]), Ok(mtu.min(65535)));
        descriptor::close(fd).unwrap();
        assert_eq!(path_mtu(-1, Family::V4, &[127, 0, 0, 1]), Err(libc::EBADF));
    }

    #[test]
    fn a_datagram_over_ipv6_without_a_checksum_is_taken() {
        const UDP_NO_CHECK6_TX: i32 = 101;
        let mut loopback = [0; 16];
        loopback[15] = 1;
        let (fd, port) = open_udp(Family::V6, &loopback, 0).unwrap();
        let sender = std::net::UdpSocket::bind("[::1]:0").unwrap();
        set(sender.as_raw_fd(), libc::IPPROTO_UDP, UDP_NO_CHECK6_TX, 1, "").unwrap();
        sender.send_to(b"no checksum", ("::1", port)).unwrap();
        let mut got = [0_u8; 32];
        // SAFETY: the buffer is as long as said.
        let length = unsafe { libc::recv(fd, got.as_mut_ptr().cast(), got.len(), libc::MSG_DONTWAIT) };
        assert_eq!(got.get(..usize::try_from(length).unwrap()), Some(&b"no checksum"[..]));
        descriptor::close(fd).unwrap();
    }

    #[test]
    fn an_address_that_no_interface_has_may_be_bound() {
        let (fd, _) = open_udp(Family::V4, &[198, 51, 100, 77], 0).unwrap();
        descriptor::close(fd).unwrap();
    }
}
