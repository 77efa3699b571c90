//! Sockets for ESP and for ESP in UDP on macOS (ip(4), ip6(4), udp(4)).
//!
//! Written after the manual pages and headers and never run: no machine of the project has macOS. A local address must
//! exist, there is neither segmentation nor receive offload, and the MTU of a path cannot be asked for.

use std::mem::{size_of, zeroed};

use crate::descriptor::{self, Family, Fragmentation, Kind};
use crate::failure::{Failure, Outcome, check};

/// TTL and hop limit of outer packets (if_ipsec.c, IPSEC_TTL).
pub const OUTER_TTL: i32 = 64;
/// Buffers that we ask for, best first; kern.ipc.maxsockbuf is the limit.
const BUFFER_BYTES: [i32; 3] = [8 << 20, 4 << 20, 1 << 20];
/// How long a send may wait for buffer space.
const SEND_WAIT_MICROSECONDS: libc::suseconds_t = 50_000;

// From netinet/in.h and netinet6/in6.h.
const IP_DONTFRAG: i32 = 28;
const IPV6_USE_MIN_MTU: i32 = 42;

/// Open a raw socket of IP protocol 50, bound to a local address.
pub fn open_esp(family: Family, local: &[u8]) -> Outcome<i32> {
    let doing = format!("opening a raw ESP socket for {}", family_name(family));
    let fd = open(family, libc::SOCK_RAW, libc::IPPROTO_ESP, &doing)?;
    finish(fd, configure(fd, family, &doing).and_then(|()| bind(fd, family, local, 0, &doing)))?;
    descriptor::remember(fd, Kind::Esp(family));
    Ok(fd)
}

/// Open a UDP socket for ESP in UDP; gives it and its port.
pub fn open_udp(family: Family, local: &[u8], port: u16) -> Outcome<(i32, u16)> {
    let doing = format!("opening UDP port {port} for {}", family_name(family));
    let fd = open(family, libc::SOCK_DGRAM, libc::IPPROTO_UDP, &doing)?;
    let configured = configure(fd, family, &doing)
        .and_then(|()| refuse_ipv4(fd, family, &doing))
        .and_then(|()| bind(fd, family, local, port, &doing))
        .and_then(|()| bound_port(fd, &doing));
    let port = finish(fd, configured)?;
    descriptor::remember(fd, Kind::Udp(family));
    Ok((fd, port))
}

/// How packets are fragmented from now on; each family has its own half.
pub fn set_fragmentation(fd: i32, family: Family, wanted: Fragmentation) -> Outcome<()> {
    let doing = "changing how packets are fragmented";
    match family {
        Family::V4 => set(fd, libc::IPPROTO_IP, IP_DONTFRAG, i32::from(wanted.dont_fragment), doing),
        // 1: always 1280 bytes; -1: by path MTU discovery (RFC 3542 §11.1).
        Family::V6 => {
            let mode = if wanted.minimum_mtu { 1 } else { -1 };
            set(fd, libc::IPPROTO_IPV6, IPV6_USE_MIN_MTU, mode, doing)
        }
    }
}

/// There is no such question on macOS.
/// # Errors
/// Always EOPNOTSUPP.
pub fn path_mtu(_fd: i32, _family: Family, _remote: &[u8]) -> Result<i32, i32> {
    Err(libc::EOPNOTSUPP)
}

/// Set TOS or traffic class, and TTL or hop limit, of what is sent from now on.
pub fn set_header(fd: i32, family: Family, tos: i32, ttl: i32) -> Outcome<()> {
    let doing = "setting the outer header";
    match family {
        Family::V4 => {
            set(fd, libc::IPPROTO_IP, libc::IP_TOS, tos, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_TTL, ttl, doing)
        }
        Family::V6 => {
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_TCLASS, tos, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS, ttl, doing)
        }
    }
}

fn open(family: Family, kind: i32, protocol: i32, doing: &str) -> Outcome<i32> {
    let domain = match family {
        Family::V4 => libc::AF_INET,
        Family::V6 => libc::AF_INET6,
    };
    // SAFETY: a plain system call.
    let fd = check(unsafe { libc::socket(domain, kind, protocol) }, doing)?;
    // SAFETY: as above.
    finish(fd, check(unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) }, doing))?;
    Ok(fd)
}

/// Hand the outcome on, and close the socket when it is a failure.
fn finish<T>(fd: i32, outcome: Outcome<T>) -> Outcome<T> {
    if outcome.is_err() {
        // SAFETY: `fd` was opened by our caller and nobody else knows it.
        unsafe { libc::close(fd) };
    }
    outcome
}

fn configure(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => set(fd, libc::IPPROTO_IP, libc::IP_RECVTOS, 1, doing)?,
        Family::V6 => set(fd, libc::IPPROTO_IPV6, libc::IPV6_RECVTCLASS, 1, doing)?,
    }
    set_header(fd, family, 0, OUTER_TTL)?;
    set_fragmentation(fd, family, Fragmentation::default())?;
    for name in [libc::SO_RCVBUF, libc::SO_SNDBUF] {
        let _ = BUFFER_BYTES.iter().any(|bytes| set(fd, libc::SOL_SOCKET, name, *bytes, "").is_ok());
    }
    let wait = libc::timeval { tv_sec: 0, tv_usec: SEND_WAIT_MICROSECONDS };
    set(fd, libc::SOL_SOCKET, libc::SO_SNDTIMEO, wait, doing)
}

/// A raw IPv6 socket sees no IPv4 anyway.
fn refuse_ipv4(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => Ok(()),
        Family::V6 => set(fd, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1, doing),
    }
}

fn set<T>(fd: i32, level: i32, name: i32, value: T, doing: &str) -> Outcome<()> {
    let bytes = size_of::<T>() as libc::socklen_t;
    // SAFETY: `value` is alive for the call and its size is given.
    let result = unsafe { libc::setsockopt(fd, level, name, (&raw const value).cast(), bytes) };
    check(result, doing).map(|_| ())
}

/// Room for a socket address of either family.
#[repr(C)]
#[derive(Clone, Copy)]
pub union SocketAddress {
    pub any: libc::sockaddr,
    pub v4: libc::sockaddr_in,
    pub v6: libc::sockaddr_in6,
}

/// The zero address of either family.
pub fn empty_address() -> SocketAddress {
    // SAFETY: all members are plain data, all zeros is a value of each.
    unsafe { zeroed() }
}

/// Build a socket address; `address` has at least 4 or 16 bytes. Gives its length too.
pub fn socket_address(family: Family, address: &[u8], port: u16) -> (SocketAddress, libc::socklen_t) {
    let mut built = empty_address();
    match family {
        Family::V4 => {
            let bytes = [address[0], address[1], address[2], address[3]];
            built.v4 = libc::sockaddr_in {
                sin_len: size_of::<libc::sockaddr_in>() as u8,
                sin_family: libc::AF_INET as libc::sa_family_t,
                sin_port: port.to_be(),
                sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(bytes) },
                sin_zero: [0; 8],
            };
            (built, size_of::<libc::sockaddr_in>() as libc::socklen_t)
        }
        Family::V6 => {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&address[..16]);
            built.v6 = libc::sockaddr_in6 {
                sin6_len: size_of::<libc::sockaddr_in6>() as u8,
                sin6_family: libc::AF_INET6 as libc::sa_family_t,
                sin6_port: port.to_be(),
                sin6_flowinfo: 0,
                sin6_addr: libc::in6_addr { s6_addr: bytes },
                sin6_scope_id: 0,
            };
            (built, size_of::<libc::sockaddr_in6>() as libc::socklen_t)
        }
    }
}

fn bind(fd: i32, family: Family, local: &[u8], port: u16, doing: &str) -> Outcome<()> {
    let wanted = match family {
        Family::V4 => 4,
        Family::V6 => 16,
    };
    if local.len() != wanted {
        return Err(Failure::new(libc::EINVAL, format!("{doing}: a local address of {} bytes", local.len())));
    }
    let (address, bytes) = socket_address(family, local, port);
    // SAFETY: `address` is a socket address of `bytes` bytes.
    let result = unsafe { libc::bind(fd, &raw const address.any, bytes) };
    check(result, doing).map(|_| ())
}

fn bound_port(fd: i32, doing: &str) -> Outcome<u16> {
    let mut address = empty_address();
    let mut bytes = size_of::<SocketAddress>() as libc::socklen_t;
    // SAFETY: `address` has room for `bytes` bytes.
    check(unsafe { libc::getsockname(fd, &raw mut address.any, &mut bytes) }, doing)?;
    // SAFETY: the port is at the same place in both families, and the kernel filled it.
    Ok(u16::from_be(unsafe { address.v4.sin_port }))
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::V4 => "IPv4",
        Family::V6 => "IPv6",
    }
}
