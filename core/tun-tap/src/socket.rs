//! Sockets for ESP, for ESP in UDP and for ICMP errors about either: what is the same on every system.
//!
//! What differs is in socket_linux.rs and socket_darwin.rs.

use std::mem::size_of;

use crate::descriptor::{self, Family, Kind};
use crate::failure::{Failure, Outcome, check};
use crate::sibling;
use crate::socket_address::{SocketAddress, empty_address, socket_address};

#[cfg_attr(target_os = "linux", path = "socket_linux.rs")]
#[cfg_attr(target_os = "macos", path = "socket_darwin.rs")]
mod system;

#[cfg(target_os = "macos")]
pub use system::set_header;
pub use system::{bind_to_device, path_mtu, set_fragmentation};
#[cfg(target_os = "linux")]
pub use system::{local_address_v6, open_fragment};

use system::{configure, hear_echo_replies, merge_datagrams, open, pass_icmp_errors, share_port};
use system::{take_share, take_unchecked_datagrams};

/// TTL and hop limit of outer packets (if_ipsec.c, IPSEC_TTL).
pub const OUTER_TTL: i32 = 64;
/// An ICMP error matters little: what does not fit is one that was sent in a flood.
const ICMP_BUFFER_BYTES: i32 = 64 << 10;
/// How long a send may wait for buffer space.
const SEND_WAIT_MICROSECONDS: libc::suseconds_t = 50_000;

/// Open a raw socket of IP protocol 50, bound to a local address.
pub fn open_esp(family: Family, local: &[u8]) -> Outcome<i32> {
    open_esp_share(family, local, None)
}

/// Open `count` raw sockets of IP protocol 50 on one local address; each takes the packets of other SPIs. Gives the first.
pub fn open_esp_shares(family: Family, local: &[u8], count: u32) -> Outcome<i32> {
    sibling::open_all(count, |index| open_esp_share(family, local, Some((index, count))))
}

/// `share`: which one, and of how many.
fn open_esp_share(family: Family, local: &[u8], share: Option<(u32, u32)>) -> Outcome<i32> {
    let doing = format!("opening a raw ESP socket for {}", family_name(family));
    let fd = open(family, libc::SOCK_RAW, libc::IPPROTO_ESP, &doing)?;
    let filtered = share.map_or(Ok(()), |(index, count)| take_share(fd, family, index, count, &doing));
    let configured =
        filtered.and_then(|()| configure(fd, family, &doing)).and_then(|()| bind(fd, family, local, 0, &doing));
    finish(fd, configured)?;
    descriptor::remember(fd, Kind::Esp(family));
    Ok(fd)
}

/// Open a raw socket that receives ICMP errors for a local address, and nothing else.
pub fn open_icmp(family: Family, local: &[u8]) -> Outcome<i32> {
    let doing = format!("opening a raw ICMP socket for {}", family_name(family));
    let protocol = match family {
        Family::V4 => libc::IPPROTO_ICMP,
        Family::V6 => libc::IPPROTO_ICMPV6,
    };
    let fd = open(family, libc::SOCK_RAW, protocol, &doing)?;
    let configured = pass_icmp_errors(fd, family, &doing)
        .and_then(|()| configure(fd, family, &doing))
        .and_then(|()| set(fd, libc::SOL_SOCKET, libc::SO_RCVBUF, ICMP_BUFFER_BYTES, &doing))
        .and_then(|()| bind(fd, family, local, 0, &doing));
    finish(fd, configured)?;
    descriptor::remember(fd, Kind::Icmp(family));
    Ok(fd)
}

/// Open a UDP socket for ESP in UDP with receive offload where there is one; gives it and its port.
pub fn open_udp(family: Family, local: &[u8], port: u16) -> Outcome<(i32, u16)> {
    open_udp_share(family, local, port, false)
}

/// Open `count` UDP sockets on one local port; each takes the datagrams of other senders. Gives the first and the port.
pub fn open_udp_shares(family: Family, local: &[u8], port: u16, count: u32) -> Outcome<(i32, u16)> {
    // Sockets that share a port would share it with another program's that does so too.
    if count > 1 && port != 0 {
        descriptor::close(open_udp_share(family, local, port, false)?.0)?;
    }
    let mut bound = port;
    let first = sibling::open_all(count, |_| {
        let (fd, port) = open_udp_share(family, local, bound, count > 1)?;
        bound = port;
        Ok(fd)
    })?;
    Ok((first, bound))
}

fn open_udp_share(family: Family, local: &[u8], port: u16, shares: bool) -> Outcome<(i32, u16)> {
    let doing = format!("opening UDP port {port} for {}", family_name(family));
    let fd = open(family, libc::SOCK_DGRAM, libc::IPPROTO_UDP, &doing)?;
    let configured = configure(fd, family, &doing)
        .and_then(|()| refuse_ipv4(fd, family, &doing))
        .and_then(|()| if shares { share_port(fd, &doing) } else { Ok(()) })
        .and_then(|()| bind(fd, family, local, port, &doing))
        .map(|()| merge_datagrams(fd))
        .map(|()| take_unchecked_datagrams(fd, family))
        .and_then(|()| bound_port(fd, &doing));
    let port = finish(fd, configured)?;
    descriptor::remember(fd, Kind::Udp(family));
    Ok((fd, port))
}

/// Open a raw socket that sends echo requests and receives their replies. Whoever opens it closes it.
pub fn open_echo(family: Family, doing: &str) -> Outcome<i32> {
    let protocol = match family {
        Family::V4 => libc::IPPROTO_ICMP,
        Family::V6 => libc::IPPROTO_ICMPV6,
    };
    let fd = open(family, libc::SOCK_RAW, protocol, doing)?;
    let configured = hear_echo_replies(fd, family, doing).and_then(|()| limit_send_wait(fd, doing));
    finish(fd, configured.map(|()| fd))
}

/// Hand the outcome on, and close the socket when it is a failure.
pub fn finish<T>(fd: i32, outcome: Outcome<T>) -> Outcome<T> {
    if outcome.is_err() {
        // SAFETY: `fd` was opened by our caller and nobody else knows it.
        unsafe { libc::close(fd) };
    }
    outcome
}

/// A raw IPv6 socket sees no IPv4 anyway, and refuses the option.
fn refuse_ipv4(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => Ok(()),
        Family::V6 => set(fd, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1, doing),
    }
}

/// Let a send wait for buffer space, but not for long.
pub fn limit_send_wait(fd: i32, doing: &str) -> Outcome<()> {
    let wait = libc::timeval { tv_sec: 0, tv_usec: SEND_WAIT_MICROSECONDS };
    set(fd, libc::SOL_SOCKET, libc::SO_SNDTIMEO, wait, doing)
}

/// Set a socket option; `value` has the layout that the option takes.
pub fn set<T>(fd: i32, level: i32, name: i32, value: T, doing: &str) -> Outcome<()> {
    // SAFETY: `value` is alive for the call and its size is given.
    let result =
        unsafe { libc::setsockopt(fd, level, name, (&raw const value).cast(), size_of::<T>() as libc::socklen_t) };
    check(result, doing).map(|_| ())
}

/// Bind to a local address, 4 or 16 bytes.
pub fn bind(fd: i32, family: Family, local: &[u8], port: u16, doing: &str) -> Outcome<()> {
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

/// Local address of a socket.
pub fn bound_address(fd: i32, doing: &str) -> Outcome<SocketAddress> {
    let mut address = empty_address();
    let mut bytes = size_of::<SocketAddress>() as libc::socklen_t;
    // SAFETY: `address` has room for `bytes` bytes.
    check(unsafe { libc::getsockname(fd, &raw mut address.any, &mut bytes) }, doing)?;
    Ok(address)
}

fn bound_port(fd: i32, doing: &str) -> Outcome<u16> {
    let address = bound_address(fd, doing)?;
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
    fn several_sockets_share_a_port_and_a_single_one_does_not() {
        let (fd, port) = open_udp_shares(Family::V4, &[127, 0, 0, 1], 0, 3).unwrap();
        assert!(sibling::find(fd, 2).is_some());
        for count in [1, 3] {
            let failure = open_udp_shares(Family::V4, &[127, 0, 0, 1], port, count).unwrap_err();
            assert_eq!(failure.errno, libc::EADDRINUSE);
        }
        descriptor::close(fd).unwrap();
        let (fd, _) = open_udp(Family::V4, &[127, 0, 0, 1], port).unwrap();
        descriptor::close(fd).unwrap();
    }

    #[test]
    fn a_local_address_of_the_wrong_length_is_einval() {
        assert_eq!(open_udp(Family::V6, &[127, 0, 0, 1], 0).unwrap_err().errno, libc::EINVAL);
    }

    #[test]
    fn a_raw_socket_opens_for_both_families_or_is_not_permitted() {
        for (family, local) in [(Family::V4, vec![0; 4]), (Family::V6, vec![0; 16])] {
            for opened in [open_esp(family, &local), open_icmp(family, &local)] {
                match opened {
                    Ok(fd) => descriptor::close(fd).unwrap(),
                    Err(failure) => assert_eq!(failure.errno, libc::EPERM),
                }
            }
        }
    }
}
