//! Sockets for ESP and for ESP in UDP on Linux (ip(7), ipv6(7), udp(7), raw(7)).
//!
//! Sends may wait briefly for buffer space, receives never wait. DF is clear and the kernel fragments unless a row asks
//! for DF.

use std::mem::{size_of, zeroed};

use crate::descriptor::{self, Family, Kind};
use crate::failure::{Failure, Outcome, check};

/// TTL and hop limit of outer packets (if_ipsec.c, IPSEC_TTL).
const OUTER_TTL: i32 = 64;
/// Buffers that we ask for, best first.
const BUFFER_BYTES: [i32; 2] = [8 << 20, 4 << 20];
/// How long a send may wait for buffer space.
const SEND_WAIT_MICROSECONDS: libc::suseconds_t = 50_000;

// From linux/in6.h and linux/udp.h, not in the libc crate for every target.
const IPV6_FREEBIND: i32 = 78;
const UDP_GRO: i32 = 104;

/// Open a raw socket of IP protocol 50, bound to a local address that need not exist yet.
pub fn open_esp(family: Family, local: &[u8]) -> Outcome<i32> {
    let doing = format!("opening a raw ESP socket for {}", family_name(family));
    let fd = open(family, libc::SOCK_RAW, libc::IPPROTO_ESP, &doing)?;
    finish(fd, configure(fd, family, &doing).and_then(|()| bind(fd, family, local, 0, &doing)))?;
    descriptor::remember(fd, Kind::Esp(family));
    Ok(fd)
}

/// Open a UDP socket for ESP in UDP with receive offload; gives it and its port.
pub fn open_udp(family: Family, local: &[u8], port: u16) -> Outcome<(i32, u16)> {
    let doing = format!("opening UDP port {port} for {}", family_name(family));
    let fd = open(family, libc::SOCK_DGRAM, libc::IPPROTO_UDP, &doing)?;
    let configured = configure(fd, family, &doing)
        .and_then(|()| refuse_ipv4(fd, family, &doing))
        .and_then(|()| bind(fd, family, local, port, &doing))
        // Kernels before 5.0 have no UDP_GRO: then each datagram comes by itself.
        .map(|()| set(fd, libc::IPPROTO_UDP, UDP_GRO, 1, "").unwrap_or(()))
        .and_then(|()| bound_port(fd, &doing));
    let port = finish(fd, configured)?;
    descriptor::remember(fd, Kind::Udp(family));
    Ok((fd, port))
}

/// Set or clear DF on outer packets from now on (IP_MTU_DISCOVER; there is no control message for it).
pub fn set_dont_fragment(fd: i32, family: Family, wanted: bool) -> Outcome<()> {
    let doing = "changing path MTU discovery";
    match (family, wanted) {
        (Family::V4, true) => set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, libc::IP_PMTUDISC_DO, doing),
        (Family::V4, false) => set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, libc::IP_PMTUDISC_DONT, doing),
        // IPv6 has no DF; the flag speaks of an outer IPv4 header.
        (Family::V6, _) => Ok(()),
    }
}

fn open(family: Family, kind: i32, protocol: i32, doing: &str) -> Outcome<i32> {
    let domain = match family {
        Family::V4 => libc::AF_INET,
        Family::V6 => libc::AF_INET6,
    };
    // SAFETY: a plain system call.
    check(unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) }, doing)
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
        Family::V4 => {
            set(fd, libc::IPPROTO_IP, libc::IP_FREEBIND, 1, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_TTL, OUTER_TTL, doing)?;
            set(fd, libc::IPPROTO_IP, libc::IP_RECVTOS, 1, doing)?;
        }
        Family::V6 => {
            set(fd, libc::IPPROTO_IPV6, IPV6_FREEBIND, 1, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS, OUTER_TTL, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_RECVTCLASS, 1, doing)?;
            set(fd, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::IPV6_PMTUDISC_DONT, doing)?;
        }
    }
    set_dont_fragment(fd, family, false)?;
    enlarge(fd, libc::SO_RCVBUFFORCE, libc::SO_RCVBUF);
    enlarge(fd, libc::SO_SNDBUFFORCE, libc::SO_SNDBUF);
    let wait = libc::timeval { tv_sec: 0, tv_usec: SEND_WAIT_MICROSECONDS };
    set(fd, libc::SOL_SOCKET, libc::SO_SNDTIMEO, wait, doing)
}

/// A raw IPv6 socket sees no IPv4 anyway, and refuses the option.
fn refuse_ipv4(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => Ok(()),
        Family::V6 => set(fd, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1, doing),
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

fn set<T>(fd: i32, level: i32, name: i32, value: T, doing: &str) -> Outcome<()> {
    // SAFETY: `value` is alive for the call and its size is given.
    let result =
        unsafe { libc::setsockopt(fd, level, name, (&raw const value).cast(), size_of::<T>() as libc::socklen_t) };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_fails_with_eaddrinuse() {
        let (fd, port) = open_udp(Family::V4, &[127, 0, 0, 1], 0).unwrap();
        assert!(port > 0);
        let failure = open_udp(Family::V4, &[127, 0, 0, 1], port).unwrap_err();
        assert_eq!((failure.errno, failure.doing), (libc::EADDRINUSE, format!("opening UDP port {port} for IPv4")));
        descriptor::close(fd).unwrap();
    }

    #[test]
    fn a_local_address_of_the_wrong_length_is_einval() {
        assert_eq!(open_udp(Family::V6, &[127, 0, 0, 1], 0).unwrap_err().errno, libc::EINVAL);
    }

    #[test]
    fn a_raw_esp_socket_opens_for_both_families_or_is_not_permitted() {
        for (family, local) in [(Family::V4, vec![0; 4]), (Family::V6, vec![0; 16])] {
            match open_esp(family, &local) {
                Ok(fd) => descriptor::close(fd).unwrap(),
                Err(failure) => assert_eq!(failure.errno, libc::EPERM),
            }
        }
    }

    #[test]
    fn an_address_that_no_interface_has_may_be_bound() {
        let (fd, _) = open_udp(Family::V4, &[198, 51, 100, 77], 0).unwrap();
        descriptor::close(fd).unwrap();
    }
}
