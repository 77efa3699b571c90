//! What sockets for ESP and for ESP in UDP are on Linux (ip(7), ipv6(7), udp(7), raw(7)).
//!
//! Sends may wait briefly for buffer space, receives never wait. DF is clear and the kernel fragments unless a row asks
//! for DF.

use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::descriptor::{Family, Fragmentation};
use crate::failure::{Failure, Outcome, check, last_errno};
use crate::socket::{OUTER_TTL, bind, bound_address, limit_send_wait, set};
use crate::socket_address::{SocketAddress, socket_address};

/// Buffers that we ask for, best first.
const BUFFER_BYTES: [i32; 2] = [8 << 20, 4 << 20];
/// Where nothing is sent to (RFC 863).
const DISCARD_PORT: u16 = 9;

// From linux/in6.h and linux/udp.h, not in the libc crate for every target.
const IPV6_FREEBIND: i32 = 78;
const UDP_GRO: i32 = 104;

/// How packets are fragmented from now on; each family has its own half.
pub fn set_fragmentation(fd: i32, family: Family, wanted: Fragmentation) -> Outcome<()> {
    let doing = "changing how packets are fragmented";
    match family {
        Family::V4 => {
            let discovery = if wanted.dont_fragment { libc::IP_PMTUDISC_DO } else { libc::IP_PMTUDISC_DONT };
            set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, discovery, doing)
        }
        // Over IPv6 the kernel fragments to the path, and fragment_linux.rs to less.
        Family::V6 => Ok(()),
    }
}

/// MTU of the path from a socket's address to `remote`, 4 or 16 bytes, as the kernel knows it now.
/// # Errors
/// The errno: EBADF when the socket is none of this table, ENETUNREACH and the like when there is no route.
pub fn path_mtu(fd: i32, family: Family, remote: &[u8]) -> Result<i32, i32> {
    let fail = |failure: Failure| failure.errno;
    let local = bound_address(fd, "").map_err(fail)?;
    let probe = open(family, libc::SOCK_DGRAM, libc::IPPROTO_UDP, "").map_err(fail)?;
    let found = connect_and_ask(probe, family, local, remote);
    // SAFETY: `probe` was opened above.
    unsafe { libc::close(probe) };
    found
}

/// Only a connected socket can be asked (ip(7), IP_MTU); connecting UDP sends nothing.
fn connect_and_ask(probe: i32, family: Family, mut local: SocketAddress, remote: &[u8]) -> Result<i32, i32> {
    let (level, freebind, question) = match family {
        Family::V4 => (libc::IPPROTO_IP, libc::IP_FREEBIND, libc::IP_MTU),
        Family::V6 => (libc::IPPROTO_IPV6, IPV6_FREEBIND, libc::IPV6_MTU),
    };
    set(probe, level, freebind, 1, "").map_err(|failure| failure.errno)?;
    local.v4.sin_port = 0;
    let (remote, bytes) = socket_address(family, remote, DISCARD_PORT);
    let mut mtu = 0i32;
    let mut mtu_bytes = size_of::<i32>() as libc::socklen_t;
    // SAFETY: both addresses have `bytes` bytes, `mtu` has `mtu_bytes`.
    let asked = unsafe {
        libc::bind(probe, &raw const local.any, bytes) == 0
            && libc::connect(probe, &raw const remote.any, bytes) == 0
            && libc::getsockopt(probe, level, question, (&raw mut mtu).cast(), &mut mtu_bytes) == 0
    };
    if asked { Ok(mtu) } else { Err(last_errno()) }
}

/// Open a raw IPv6 socket for fragments (protocol 44) from the local address of `fd`. It receives nothing.
pub fn open_fragment(fd: i32) -> Outcome<OwnedFd> {
    open_deaf(fd, libc::IPPROTO_FRAGMENT, "opening a raw socket for IPv6 fragments")
}

/// Open a raw IPv6 socket at which the kernel takes ICMPv6 "packet too big" for our ESP packets to heart: it tells only
/// raw sockets with IPV6_RECVERR of it, before it notes the path's MTU (net/ipv6/raw.c, rawv6_err). Nobody reads its
/// errors: what does not fit its smallest of buffers is forgotten.
pub fn open_error_listener(fd: i32) -> Outcome<OwnedFd> {
    let doing = "opening a raw socket for ICMPv6 errors";
    let opened = open_deaf(fd, libc::IPPROTO_ESP, doing)?;
    set(opened.as_raw_fd(), libc::SOL_SOCKET, libc::SO_RCVBUF, 1, doing)?;
    set(opened.as_raw_fd(), libc::IPPROTO_IPV6, libc::IPV6_RECVERR, 1, doing)?;
    Ok(opened)
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
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::IPV6_PMTUDISC_DONT, doing)?;
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
    fn an_address_that_no_interface_has_may_be_bound() {
        let (fd, _) = open_udp(Family::V4, &[198, 51, 100, 77], 0).unwrap();
        descriptor::close(fd).unwrap();
    }
}
