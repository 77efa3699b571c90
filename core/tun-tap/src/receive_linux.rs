//! Receiving batches with recvmmsg(2); several datagrams of a flow may come as one message (UDP_GRO, udp(7)).

use std::cell::RefCell;
use std::mem::{size_of, zeroed};
use std::ptr;

use crate::descriptor::{self, Kind};
use crate::failure::last_errno;
use crate::rows::{address, receive};
use crate::socket::{SocketAddress, empty_address};

/// Most messages of one system call.
const MESSAGES_MAX: usize = 64;
/// Room for the control messages of one datagram: traffic class and segment size, an int each.
const CONTROL_BYTES: usize = 64;

const UDP_GRO: i32 = 104;

#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct Control([u8; CONTROL_BYTES]);

/// Headers of one call, one set a thread: they hold pointers only while the call runs.
struct Scratch {
    messages: Vec<libc::mmsghdr>,
    parts: Vec<libc::iovec>,
    names: Vec<SocketAddress>,
    controls: Vec<Control>,
}

impl Scratch {
    fn new() -> Scratch {
        // SAFETY: mmsghdr is plain data, all zeros is a value of it.
        let message: libc::mmsghdr = unsafe { zeroed() };
        let part = libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 };
        Scratch {
            messages: vec![message; MESSAGES_MAX],
            parts: vec![part; MESSAGES_MAX],
            names: vec![empty_address(); MESSAGES_MAX],
            controls: vec![Control([0; CONTROL_BYTES]); MESSAGES_MAX],
        }
    }

    /// Point the headers at `count` slots of the arena. Lengths are reset: the kernel shortens them at each call.
    fn prepare(&mut self, arena: &mut [u8], count: usize) {
        let slots = arena.chunks_exact_mut(receive::SLOT_BYTES);
        for (index, slot) in slots.enumerate().take(count) {
            self.parts[index] = libc::iovec { iov_base: slot.as_mut_ptr().cast(), iov_len: slot.len() };
            let header = &mut self.messages[index].msg_hdr;
            header.msg_name = (&raw mut self.names[index]).cast();
            header.msg_namelen = size_of::<SocketAddress>() as libc::socklen_t;
            header.msg_iov = &raw mut self.parts[index];
            header.msg_iovlen = 1;
            header.msg_control = (&raw mut self.controls[index]).cast();
            header.msg_controllen = CONTROL_BYTES as _;
            header.msg_flags = 0;
        }
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// Receive what is there into slots of 64 KiB. Gives the number of messages, or a negative errno.
pub fn receive(fd: i32, arena: &mut [u8], rows: &mut [i32], senders: &mut [u8], max_messages: usize) -> i32 {
    let is_raw_v4 = match descriptor::find(fd).map(|found| found.kind) {
        Some(Kind::Esp(family)) => family == descriptor::Family::V4,
        Some(Kind::Udp(_)) => false,
        _ => return -libc::EBADF,
    };
    let room = (arena.len() / receive::SLOT_BYTES)
        .min(rows.len() / receive::STRIDE)
        .min(senders.len() / address::STRIDE)
        .min(max_messages)
        .min(MESSAGES_MAX);
    if room == 0 {
        return 0;
    }
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.prepare(arena, room);
        // SAFETY: `prepare` pointed the first `room` headers at memory that outlives the call.
        let got = unsafe {
            libc::recvmmsg(fd, scratch.messages.as_mut_ptr(), room as u32, libc::MSG_DONTWAIT as _, ptr::null_mut())
        };
        if got < 0 {
            return match last_errno() {
                libc::EAGAIN | libc::EINTR => 0,
                errno => -errno,
            };
        }
        for index in 0..got as usize {
            let row = &mut rows[index * receive::STRIDE..][..receive::STRIDE];
            fill_row(row, index, &scratch.messages[index], is_raw_v4);
            let sender = &mut senders[index * address::STRIDE..][..address::STRIDE];
            fill_sender(sender, &scratch.names[index]);
        }
        got
    })
}

fn fill_row(row: &mut [i32], index: usize, message: &libc::mmsghdr, is_raw_v4: bool) {
    let length = message.msg_len as i32;
    let (tos, segment_bytes) = read_controls(&message.msg_hdr);
    row[receive::OFFSET] = (index * receive::SLOT_BYTES) as i32;
    row[receive::LENGTH] = length;
    row[receive::SEGMENT_BYTES] = segment_bytes.filter(|bytes| (1..length).contains(bytes)).unwrap_or(length);
    row[receive::TOS] = if is_raw_v4 { -1 } else { tos };
    row[receive::TRUNCATED] = i32::from(message.msg_hdr.msg_flags & libc::MSG_TRUNC != 0);
}

/// Traffic class (0 when the kernel gave none), and the segment size of a merged message.
fn read_controls(header: &libc::msghdr) -> (i32, Option<i32>) {
    let mut tos = 0;
    let mut segment_bytes = None;
    // SAFETY: the kernel filled `msg_control` up to `msg_controllen`; CMSG_* walk exactly that.
    let mut control = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !control.is_null() {
        // SAFETY: `control` is not null, so it points at a whole cmsghdr, and its data follows.
        let (level, kind, data) = unsafe { ((*control).cmsg_level, (*control).cmsg_type, libc::CMSG_DATA(control)) };
        match (level, kind) {
            // SAFETY: IP_TOS has one byte of data.
            (libc::IPPROTO_IP, libc::IP_TOS) => tos = i32::from(unsafe { *data }),
            // SAFETY: IPV6_TCLASS has an int of data; it need not be aligned.
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => tos = unsafe { data.cast::<i32>().read_unaligned() } & 0xff,
            // SAFETY: UDP_GRO has an int of data; it need not be aligned.
            (libc::SOL_UDP, UDP_GRO) => segment_bytes = Some(unsafe { data.cast::<i32>().read_unaligned() }),
            _ => {}
        }
        // SAFETY: as for CMSG_FIRSTHDR.
        control = unsafe { libc::CMSG_NXTHDR(header, control) };
    }
    (tos, segment_bytes)
}

fn fill_sender(sender: &mut [u8], name: &SocketAddress) {
    sender.fill(0);
    // SAFETY: the family is at the same place in all members, and the memory is initialized.
    let family = i32::from(unsafe { name.any.sa_family });
    if family == libc::AF_INET {
        // SAFETY: the kernel wrote a sockaddr_in.
        let name = unsafe { name.v4 };
        sender[..4].copy_from_slice(&name.sin_addr.s_addr.to_ne_bytes());
        sender[address::PORT..address::PORT + 2].copy_from_slice(&name.sin_port.to_ne_bytes());
        sender[address::FAMILY] = 4;
    } else if family == libc::AF_INET6 {
        // SAFETY: the kernel wrote a sockaddr_in6.
        let name = unsafe { name.v6 };
        sender[..16].copy_from_slice(&name.sin6_addr.s6_addr);
        sender[address::PORT..address::PORT + 2].copy_from_slice(&name.sin6_port.to_ne_bytes());
        sender[address::FAMILY] = 6;
    }
}
