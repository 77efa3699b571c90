//! Sending batches on macOS: one sendto(2) a datagram, for want of segmentation offload.
//!
//! Written after the manual pages and never run: no machine of the project has macOS. TOS and TTL are socket options
//! here, set where a row differs from the socket's own and set back after it.

use std::ops::Range;

use crate::descriptor::{self, Family, Fragmentation, Kind};
use crate::failure::{Outcome, last_errno};
use crate::rows::{self, address, send};
use crate::socket;
use crate::socket_address::{SocketAddress, socket_address};

/// Send `count` rows. Results go into the rows: datagrams sent, or a negative errno when none was.
pub fn send(rows: &mut [i32], count: usize, arena: &[u8], addresses: &[u8]) -> Outcome<()> {
    rows::check_count(rows, count, send::STRIDE, "sending")?;
    let mut is_full = false;
    for row in rows.chunks_exact_mut(send::STRIDE).take(count) {
        row[send::RESULT] = match send_row(row, arena, addresses, is_full) {
            Ok(sent) => sent,
            Err(errno) => {
                // Waited once: do not wait again for the other rows.
                is_full |= errno == libc::EAGAIN;
                -errno
            }
        };
    }
    Ok(())
}

/// MTU of the path to an entry of the table, or a negative errno.
pub fn path_mtu(fd: i32, addresses: &[u8], index: usize) -> i32 {
    let Some(Kind::Udp(family) | Kind::Esp(family)) = descriptor::find(fd).map(|found| found.kind) else {
        return -libc::EBADF;
    };
    let Some(entry) = find_entry(addresses, index, family) else { return -libc::EINVAL };
    socket::path_mtu(fd, family, &addresses[entry]).unwrap_or_else(|errno| -errno)
}

fn find_entry(addresses: &[u8], index: usize, family: Family) -> Option<Range<usize>> {
    let start = index.checked_mul(address::STRIDE)?;
    let end = start.checked_add(address::STRIDE)?;
    let wanted = match family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    (end <= addresses.len() && addresses[start + address::FAMILY] == wanted).then_some(start..end)
}

fn send_row(row: &[i32], arena: &[u8], addresses: &[u8], is_full: bool) -> Result<i32, i32> {
    let fd = row[send::SOCKET];
    let found = descriptor::find(fd).ok_or(libc::EBADF)?;
    let (family, is_udp) = match found.kind {
        Kind::Udp(family) => (family, true),
        Kind::Esp(family) => (family, false),
        Kind::Icmp(_) | Kind::Tun { .. } => return Err(libc::EBADF),
    };
    let segment_bytes = usize::try_from(row[send::SEGMENT_BYTES]).ok().filter(|bytes| *bytes > 0);
    let segment_bytes = segment_bytes.ok_or(libc::EINVAL)?;
    let bytes = rows::range(row[send::OFFSET], row[send::LENGTH], arena.len()).ok_or(libc::EINVAL)?;
    let entry = usize::try_from(row[send::ADDRESS]).ok().and_then(|index| find_entry(addresses, index, family));
    let entry = &addresses[entry.ok_or(libc::EINVAL)?];
    let fragmentation = Fragmentation {
        dont_fragment: row[send::FLAGS] & send::FLAG_DONT_FRAGMENT != 0,
        minimum_mtu: row[send::FLAGS] & send::FLAG_MINIMUM_MTU != 0,
    };
    if found.change_fragmentation(fragmentation) {
        socket::set_fragmentation(fd, family, fragmentation).map_err(|failure| failure.errno)?;
    }
    let port = if is_udp { u16::from_be_bytes([entry[address::PORT], entry[address::PORT + 1]]) } else { 0 };
    let destination = socket_address(family, &entry[..16], port);
    let (tos, ttl) = (row[send::TOS] & 0xff, row[send::TTL]);
    let is_special = tos != 0 || ttl != socket::OUTER_TTL;
    if is_special {
        socket::set_header(fd, family, tos, ttl).map_err(|failure| failure.errno)?;
    }
    let flags = if is_full { libc::MSG_DONTWAIT } else { 0 };
    let sent = send_datagrams(fd, arena[bytes].chunks(segment_bytes), &destination, flags);
    if is_special {
        socket::set_header(fd, family, 0, socket::OUTER_TTL).map_err(|failure| failure.errno)?;
    }
    sent
}

/// Send until one is refused; gives how many were sent, or the errno when none was.
fn send_datagrams<'a>(
    fd: i32,
    datagrams: impl Iterator<Item = &'a [u8]>,
    (name, name_bytes): &(SocketAddress, libc::socklen_t),
    flags: i32,
) -> Result<i32, i32> {
    let mut sent = 0;
    for datagram in datagrams {
        loop {
            // SAFETY: the datagram and the address are alive for the call, their lengths are given.
            let result = unsafe {
                let address = &raw const name.any;
                libc::sendto(fd, datagram.as_ptr().cast(), datagram.len(), flags, address, *name_bytes)
            };
            match last_errno() {
                _ if result >= 0 => break,
                libc::EINTR => {}
                errno if sent == 0 => return Err(errno),
                _ => return Ok(sent),
            }
        }
        sent += 1;
    }
    Ok(sent)
}
