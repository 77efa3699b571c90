//! Receiving batches on macOS: one recvmsg(2) a message, for want of anything wider.
//!
//! Written after the manual pages and never run: no machine of the project has macOS.

use std::mem::{size_of, zeroed};

use crate::descriptor::{self, Family, Kind};
use crate::failure::last_errno;
use crate::rows::{address, receive};
use crate::socket_address::{SocketAddress, empty_address, fill_sender};

/// Most messages of one batch.
const MESSAGES_MAX: usize = 64;
const CONTROL_BYTES: usize = 64;

#[repr(C, align(16))]
struct Control([u8; CONTROL_BYTES]);

/// Receive what is there into slots of 64 KiB. Gives the number of messages, or a negative errno.
pub fn receive(fd: i32, arena: &mut [u8], rows: &mut [i32], senders: &mut [u8], max_messages: usize) -> i32 {
    let is_raw_v4 = match descriptor::find(fd).map(|found| found.kind) {
        Some(Kind::Esp(family) | Kind::Icmp(family)) => family == Family::V4,
        Some(Kind::Udp(_)) => false,
        _ => return -libc::EBADF,
    };
    let slots = arena.chunks_exact_mut(receive::SLOT_BYTES);
    let rows = rows.chunks_exact_mut(receive::STRIDE);
    let senders = senders.chunks_exact_mut(address::STRIDE);
    let mut count = 0;
    for ((slot, row), sender) in slots.zip(rows).zip(senders).take(max_messages.min(MESSAGES_MAX)) {
        match receive_one(fd, slot, is_raw_v4, row, sender) {
            Ok(()) => row[receive::OFFSET] = count * receive::SLOT_BYTES as i32,
            Err(libc::EAGAIN | libc::EINTR) => break,
            Err(errno) if count == 0 => return -errno,
            Err(_) => break,
        }
        count += 1;
    }
    count
}

fn receive_one(fd: i32, slot: &mut [u8], is_raw_v4: bool, row: &mut [i32], sender: &mut [u8]) -> Result<(), i32> {
    let mut name = empty_address();
    let mut control = Control([0; CONTROL_BYTES]);
    let mut part = libc::iovec { iov_base: slot.as_mut_ptr().cast(), iov_len: slot.len() };
    // SAFETY: msghdr is plain data, all zeros is a value of it.
    let mut header: libc::msghdr = unsafe { zeroed() };
    header.msg_name = (&raw mut name).cast();
    header.msg_namelen = size_of::<SocketAddress>() as libc::socklen_t;
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = (&raw mut control).cast();
    header.msg_controllen = CONTROL_BYTES as _;
    // SAFETY: everything that the header points at outlives the call.
    let got = unsafe { libc::recvmsg(fd, &mut header, libc::MSG_DONTWAIT) };
    let Ok(length) = usize::try_from(got) else { return Err(last_errno()) };
    if is_raw_v4 {
        restore_header(&mut slot[..length]);
    }
    row[receive::LENGTH] = length as i32;
    row[receive::SEGMENT_BYTES] = length as i32;
    row[receive::TOS] = if is_raw_v4 { -1 } else { read_tos(&header) };
    row[receive::TRUNCATED] = i32::from(header.msg_flags & libc::MSG_TRUNC != 0);
    row[receive::FLOW_LABEL] = -1;
    fill_sender(sender, &name);
    Ok(())
}

/// The kernel gives length (without the header) and fragment field of a raw IPv4 packet in host order (ip(4), BUGS).
fn restore_header(packet: &mut [u8]) {
    if packet.len() < 20 {
        return;
    }
    let fragment = u16::from_ne_bytes([packet[6], packet[7]]);
    let length = packet.len() as u16;
    packet[2..4].copy_from_slice(&length.to_be_bytes());
    packet[6..8].copy_from_slice(&fragment.to_be_bytes());
}

/// Traffic class; 0 when the kernel gave none.
fn read_tos(header: &libc::msghdr) -> i32 {
    // SAFETY: the kernel filled `msg_control` up to `msg_controllen`; CMSG_* walk exactly that.
    let mut control = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !control.is_null() {
        // SAFETY: `control` is not null, so it points at a whole cmsghdr, and its data follows.
        let (level, kind, data) = unsafe { ((*control).cmsg_level, (*control).cmsg_type, libc::CMSG_DATA(control)) };
        match (level, kind) {
            // SAFETY: IP_RECVTOS has one byte of data.
            (libc::IPPROTO_IP, libc::IP_RECVTOS) => return i32::from(unsafe { *data }),
            // SAFETY: IPV6_TCLASS has an int of data; it need not be aligned.
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => return unsafe { data.cast::<i32>().read_unaligned() } & 0xff,
            _ => {}
        }
        // SAFETY: as for CMSG_FIRSTHDR.
        control = unsafe { libc::CMSG_NXTHDR(header, control) };
    }
    0
}
