//! What sockets for ESP and for ESP in UDP are on macOS (ip(4), ip6(4), udp(4)).
//!
//! Written after the manual pages and headers and never run: no machine of the project has macOS. A local address must
//! exist, there is neither segmentation nor receive offload, and the MTU of a path cannot be asked for.

use crate::descriptor::{Family, Fragmentation};
use crate::failure::{Failure, Outcome, check};
use crate::socket::{OUTER_TTL, finish, limit_send_wait, set};

/// Buffers that we ask for, best first; kern.ipc.maxsockbuf is the limit.
const BUFFER_BYTES: [i32; 3] = [8 << 20, 4 << 20, 1 << 20];

// From netinet/in.h, netinet6/in6.h and netinet/icmp6.h.
const IP_DONTFRAG: i32 = 28;
const IPV6_USE_MIN_MTU: i32 = 42;
const IP_BOUND_IF: i32 = 25;
const IPV6_BOUND_IF: i32 = 125;
const ICMP6_FILTER: i32 = 18;

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

/// Open a socket that a child process does not inherit.
pub fn open(family: Family, kind: i32, protocol: i32, doing: &str) -> Outcome<i32> {
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

/// What every socket of ours is set to.
pub fn configure(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => set(fd, libc::IPPROTO_IP, libc::IP_RECVTOS, 1, doing)?,
        Family::V6 => set(fd, libc::IPPROTO_IPV6, libc::IPV6_RECVTCLASS, 1, doing)?,
    }
    set_header(fd, family, 0, OUTER_TTL)?;
    set_fragmentation(fd, family, Fragmentation::default())?;
    for name in [libc::SO_RCVBUF, libc::SO_SNDBUF] {
        let _ = BUFFER_BYTES.iter().any(|bytes| set(fd, libc::SOL_SOCKET, name, *bytes, "").is_ok());
    }
    limit_send_wait(fd, doing)
}

/// Let only the ICMPv6 errors through that tell something about packets of ours; ICMP of IPv4 has no filter on macOS.
pub fn pass_icmp_errors(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => Ok(()),
        Family::V6 => {
            // A bit for each type that is let through (netinet/icmp6.h).
            let passed = [0b11110u32, 0, 0, 0, 0, 0, 0, 0];
            set(fd, libc::IPPROTO_ICMPV6, ICMP6_FILTER, passed, doing)
        }
    }
}

/// Let only ICMPv6 replies to echo requests through; ICMP of IPv4 has no filter on macOS. Nothing that is sent is fragmented.
pub fn hear_echo_replies(fd: i32, family: Family, doing: &str) -> Outcome<()> {
    match family {
        Family::V4 => set(fd, libc::IPPROTO_IP, IP_DONTFRAG, 1, doing),
        Family::V6 => {
            let passed = [0u32, 0, 0, 0, 1 << (129 % 32), 0, 0, 0];
            set(fd, libc::IPPROTO_ICMPV6, ICMP6_FILTER, passed, doing)
        }
    }
}

/// Send and receive by one device only.
pub fn bind_to_device(fd: i32, family: Family, device: &str, doing: &str) -> Outcome<()> {
    let name = std::ffi::CString::new(device).map_err(|_| Failure::new(libc::EINVAL, doing))?;
    // SAFETY: the name ends with a zero.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    if index == 0 {
        return Err(Failure::new(libc::ENODEV, doing));
    }
    match family {
        Family::V4 => set(fd, libc::IPPROTO_IP, IP_BOUND_IF, index, doing),
        Family::V6 => set(fd, libc::IPPROTO_IPV6, IPV6_BOUND_IF, index, doing),
    }
}

/// One socket takes everything here: there are no shares.
pub fn share_port(_fd: i32, doing: &str) -> Outcome<()> {
    Err(Failure::new(libc::EOPNOTSUPP, doing.to_owned()))
}

/// As `share_port`.
pub fn take_share(_fd: i32, _family: Family, _index: u32, count: u32, doing: &str) -> Outcome<()> {
    if count == 1 { Ok(()) } else { Err(Failure::new(libc::EOPNOTSUPP, doing.to_owned())) }
}

/// There is no receive offload on macOS.
pub fn merge_datagrams(_fd: i32) {}

/// There is no such switch on macOS.
pub fn take_unchecked_datagrams(_fd: i32, _family: Family) {}
