//! The MTU of the route to an address, from the kernel's tables (rtnetlink(7), netdevice(7)).
//!
//! Of the route and its device, and not of the path: what ICMP told the kernel is left out, because the kernel believes
//! any that quotes an echo reply. What is told about our own packets, core/datapath/receiving/icmp-inbox.ts weighs.

use std::ffi::CStr;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::descriptor::Family;
use crate::failure::last_errno;

/// Flag of `rtmsg`: tell the entry of the table, not the copy that holds what ICMP told (linux/rtnetlink.h).
const RTM_F_FIB_MATCH: u32 = 0x2000;
/// Attribute of `RTA_METRICS` (linux/rtnetlink.h).
const RTAX_MTU: u16 = 2;
const HEADER_BYTES: usize = size_of::<libc::nlmsghdr>();
const ROUTE_BYTES: usize = 12;
const ATTRIBUTE_BYTES: usize = 4;
/// No IP packet is longer, but for IPv6 jumbograms, which ESP packets never are.
const LONGEST_PACKET: i32 = 65535;

/// MTU of the route from `local` to `remote`, each 4 or 16 bytes.
/// # Errors
/// The errno: ENETUNREACH and the like when there is no route.
pub fn route_mtu(family: Family, local: &[u8], remote: &[u8]) -> Result<i32, i32> {
    let netlink = open(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE)?;
    // The local address need not exist yet; then the kernel has no route from it.
    let found = ask(&netlink, family, Some(local), remote, 0).or_else(|_| ask(&netlink, family, None, remote, 0))?;
    let device = find(&found, libc::RTA_OIF).and_then(|value| u32_at(value, 0)).ok_or(libc::ENODEV)?;
    let entry = ask(&netlink, family, Some(local), remote, RTM_F_FIB_MATCH)
        .or_else(|_| ask(&netlink, family, None, remote, RTM_F_FIB_MATCH))
        .unwrap_or_default();
    let metrics = find(&entry, libc::RTA_METRICS).unwrap_or_default();
    let set_by_hand = find(metrics, RTAX_MTU).and_then(|value| u32_at(value, 0)).filter(|mtu| *mtu > 0);
    let mtu = match set_by_hand {
        Some(mtu) => i32::try_from(mtu).unwrap_or(LONGEST_PACKET),
        None => device_mtu(device, family)?,
    };
    Ok(mtu.min(LONGEST_PACKET))
}

fn open(domain: i32, kind: i32, protocol: i32) -> Result<OwnedFd, i32> {
    // SAFETY: a plain system call.
    let fd = unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) };
    if fd < 0 {
        return Err(last_errno());
    }
    // SAFETY: `fd` was just opened and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Ask for a route; gives the attributes of the answer.
fn ask(netlink: &OwnedFd, family: Family, local: Option<&[u8]>, remote: &[u8], flags: u32) -> Result<Vec<u8>, i32> {
    let question = question(family, local, remote, flags);
    let mut answer = [0u8; 4096];
    // SAFETY: both buffers are as long as said.
    let got = unsafe {
        if libc::send(netlink.as_raw_fd(), question.as_ptr().cast(), question.len(), 0) < 0 {
            return Err(last_errno());
        }
        libc::recv(netlink.as_raw_fd(), answer.as_mut_ptr().cast(), answer.len(), 0)
    };
    let length = usize::try_from(got).map_err(|_| last_errno())?.min(answer.len());
    read_answer(&answer[..length])
}

/// `nlmsghdr`, `rtmsg` and the addresses.
fn question(family: Family, local: Option<&[u8]>, remote: &[u8], flags: u32) -> Vec<u8> {
    let (domain, bytes) = match family {
        Family::V4 => (libc::AF_INET as u8, 4),
        Family::V6 => (libc::AF_INET6 as u8, 16),
    };
    let bits = (bytes * 8) as u8;
    let mut message = vec![0; HEADER_BYTES];
    message.extend([domain, bits, if local.is_some() { bits } else { 0 }, 0, 0, 0, 0, 0]);
    message.extend(flags.to_ne_bytes());
    let mut attribute = |kind: u16, value: &[u8]| {
        message.extend(((ATTRIBUTE_BYTES + value.len()) as u16).to_ne_bytes());
        message.extend(kind.to_ne_bytes());
        message.extend(value);
    };
    attribute(libc::RTA_DST, &remote[..bytes]);
    if let Some(local) = local {
        attribute(libc::RTA_SRC, &local[..bytes]);
    }
    let length = message.len() as u32;
    message[..4].copy_from_slice(&length.to_ne_bytes());
    message[4..6].copy_from_slice(&libc::RTM_GETROUTE.to_ne_bytes());
    message[6..8].copy_from_slice(&(libc::NLM_F_REQUEST as u16).to_ne_bytes());
    message
}

fn read_answer(answer: &[u8]) -> Result<Vec<u8>, i32> {
    let length = u32_at(answer, 0).map_or(0, |length| length as usize).min(answer.len());
    match (u16_at(answer, 4), u32_at(answer, HEADER_BYTES)) {
        (Some(kind), Some(error)) if i32::from(kind) == libc::NLMSG_ERROR => Err((error as i32).wrapping_neg()),
        (Some(libc::RTM_NEWROUTE), _) if length >= HEADER_BYTES + ROUTE_BYTES => {
            Ok(answer[HEADER_BYTES + ROUTE_BYTES..length].to_vec())
        }
        _ => Err(libc::EPROTO),
    }
}

/// Value of the first attribute of a kind.
fn find(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    while let (Some(length), Some(kind)) = (u16_at(attributes, 0), u16_at(attributes, 2)) {
        let value = attributes.get(ATTRIBUTE_BYTES..usize::from(length))?;
        if kind == wanted {
            return Some(value);
        }
        attributes = attributes.get(usize::from(length).next_multiple_of(4)..)?;
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// MTU of a device by its index; over IPv6 no more than what a router announced there (RFC 4861 §4.6.4).
fn device_mtu(index: u32, family: Family) -> Result<i32, i32> {
    let socket = open(libc::AF_INET, libc::SOCK_DGRAM, 0)?;
    // SAFETY: `ifreq` is plain data, all zeros is a value of it.
    let mut request: libc::ifreq = unsafe { zeroed() };
    // SAFETY: the name has room for IFNAMSIZ bytes; `request` outlives the call.
    let mtu = unsafe {
        if libc::if_indextoname(index, request.ifr_name.as_mut_ptr()).is_null()
            || libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFMTU, &raw mut request) < 0
        {
            return Err(last_errno());
        }
        request.ifr_ifru.ifru_mtu
    };
    // SAFETY: if_indextoname ended the name with a zero.
    let name = unsafe { CStr::from_ptr(request.ifr_name.as_ptr()) };
    Ok(match family {
        Family::V4 => mtu,
        Family::V6 => announced_mtu(name).map_or(mtu, |announced| announced.min(mtu)),
    })
}

fn announced_mtu(name: &CStr) -> Option<i32> {
    let path = format!("/proc/sys/net/ipv6/conf/{}/mtu", name.to_str().ok()?);
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{INPUTS, fuzz};

    #[test]
    fn the_route_to_ourselves_has_the_loopback_devices_mtu() {
        let mtu: i32 = std::fs::read_to_string("/sys/class/net/lo/mtu").unwrap().trim().parse().unwrap();
        let loopback = [127, 0, 0, 1];
        assert_eq!(route_mtu(Family::V4, &loopback, &loopback), Ok(mtu.min(LONGEST_PACKET)));
        // From an address that nobody has, too.
        assert_eq!(route_mtu(Family::V4, &[198, 51, 100, 77], &loopback), Ok(mtu.min(LONGEST_PACKET)));
    }

    #[test]
    fn an_attribute_is_found_behind_others_and_within_the_bytes_only() {
        let attributes = [6, 0, 1, 0, 9, 9, 0, 0, 8, 0, 4, 0, 7, 0, 0, 0, 8, 0, 5, 0];
        assert_eq!(find(&attributes, 4), Some(&[7, 0, 0, 0][..]));
        assert_eq!(find(&attributes, 5), None);
        assert_eq!(find(&attributes, 3), None);
    }

    #[test]
    fn answers_of_any_bytes_are_read_without_a_panic() {
        fuzz(|random| {
            for _ in 0..INPUTS / 10 {
                let mut answer: Vec<u8> = (0..random.below(64)).map(|_| random.below(32) as u8).collect();
                if answer.len() > 8 && random.below(2) == 0 {
                    answer[..8].copy_from_slice(&[64, 0, 0, 0, 24, 0, 0, 0]);
                }
                if let Ok(attributes) = read_answer(&answer) {
                    let _ = find(&attributes, libc::RTA_OIF).and_then(|value| u32_at(value, 0));
                }
            }
        });
    }
}
