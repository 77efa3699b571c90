//! Receiving batches with recvmmsg(2); several datagrams of a flow may come as one message (UDP_GRO, udp(7)).

use std::cell::RefCell;
use std::mem::{size_of, zeroed};
use std::ptr;

use crate::descriptor::{self, Family, Kind};
use crate::failure::last_errno;
use crate::rows::{address, receive};
use crate::socket_address::{SocketAddress, empty_address, fill_sender};

/// Most messages of one system call.
const MESSAGES_MAX: usize = 64;
/// Room for the control messages of one datagram: traffic class, flow label and segment size, an int each.
const CONTROL_BYTES: usize = 96;

const UDP_GRO: i32 = 104;
/// The kernel gives traffic class and flow label in one word (RFC 8200 §3).
const FLOW_LABEL_MASK: u32 = 0xf_ffff;

#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct Control([u8; CONTROL_BYTES]);

/// What is asked for beside the bytes of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Where it came from, and control messages.
    Everything,
    /// Nothing: a raw IPv4 socket gives the IP header with each packet (raw(7)), which says it all. Telling it twice costs
    /// 70 of 640 ns a packet.
    Nothing,
}

/// Headers of one call, a set for either way to ask in each thread. They stay as they are from call to call, and are
/// pointed anew where the arena is another one: a socket that gives one packet at a time would wait for 64 headers each
/// time.
struct Scratch {
    beside: Beside,
    /// The arena that the first `pointed` headers point into. Never followed: it is compared with the arena of a call.
    base: *const u8,
    pointed: usize,
    /// Headers that the last call may have changed.
    changed: usize,
    messages: Vec<libc::mmsghdr>,
    parts: Vec<libc::iovec>,
    names: Vec<SocketAddress>,
    controls: Vec<Control>,
}

impl Scratch {
    fn new(beside: Beside) -> Scratch {
        // SAFETY: mmsghdr is plain data, all zeros is a value of it.
        let message: libc::mmsghdr = unsafe { zeroed() };
        let part = libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 };
        Scratch {
            beside,
            base: ptr::null(),
            pointed: 0,
            changed: 0,
            messages: vec![message; MESSAGES_MAX],
            parts: vec![part; MESSAGES_MAX],
            names: vec![empty_address(); MESSAGES_MAX],
            controls: vec![Control([0; CONTROL_BYTES]); MESSAGES_MAX],
        }
    }

    /// Have `count` headers point at slots of the arena, with the lengths that the kernel shortens at each call.
    fn prepare(&mut self, arena: &mut [u8], count: usize) {
        if self.base != arena.as_ptr() {
            self.base = arena.as_ptr();
            self.pointed = 0;
        }
        let slots = arena.chunks_exact_mut(receive::SLOT_BYTES);
        for (index, slot) in slots.enumerate().take(count).skip(self.pointed) {
            self.point(index, slot);
        }
        self.pointed = self.pointed.max(count);
        for message in &mut self.messages[..self.changed] {
            reset_lengths(&mut message.msg_hdr, self.beside);
        }
    }

    fn point(&mut self, index: usize, slot: &mut [u8]) {
        self.parts[index] = libc::iovec { iov_base: slot.as_mut_ptr().cast(), iov_len: slot.len() };
        let header = &mut self.messages[index].msg_hdr;
        header.msg_iov = &raw mut self.parts[index];
        header.msg_iovlen = 1;
        if self.beside == Beside::Everything {
            header.msg_name = (&raw mut self.names[index]).cast();
            header.msg_control = (&raw mut self.controls[index]).cast();
        }
        reset_lengths(header, self.beside);
    }
}

fn reset_lengths(header: &mut libc::msghdr, beside: Beside) {
    if beside == Beside::Everything {
        header.msg_namelen = size_of::<SocketAddress>() as libc::socklen_t;
        header.msg_controllen = CONTROL_BYTES as _;
    }
    header.msg_flags = 0;
}

thread_local! {
    static WITH_EVERYTHING: RefCell<Scratch> = RefCell::new(Scratch::new(Beside::Everything));
    static WITH_NOTHING: RefCell<Scratch> = RefCell::new(Scratch::new(Beside::Nothing));
}

/// Receive what is there into slots of 64 KiB. Gives the number of messages, or a negative errno.
pub fn receive(fd: i32, arena: &mut [u8], rows: &mut [i32], senders: &mut [u8], max_messages: usize) -> i32 {
    let (family, is_raw) = match descriptor::find(fd).map(|found| found.kind) {
        Some(Kind::Esp(family) | Kind::Icmp(family)) => (family, true),
        Some(Kind::Udp(family)) => (family, false),
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
    let has_header = is_raw && family == Family::V4;
    let scratch = if has_header { &WITH_NOTHING } else { &WITH_EVERYTHING };
    scratch.with_borrow_mut(|scratch| {
        scratch.prepare(arena, room);
        // SAFETY: `prepare` pointed the first `room` headers at memory that outlives the call.
        let got = unsafe {
            libc::recvmmsg(fd, scratch.messages.as_mut_ptr(), room as u32, libc::MSG_DONTWAIT as _, ptr::null_mut())
        };
        // The call may have begun with one more than it gave.
        scratch.changed = (usize::try_from(got).unwrap_or(0) + 1).min(MESSAGES_MAX);
        if got < 0 {
            return match last_errno() {
                libc::EAGAIN | libc::EINTR => 0,
                errno => -errno,
            };
        }
        for index in 0..got as usize {
            let row = &mut rows[index * receive::STRIDE..][..receive::STRIDE];
            fill_row(row, index, &scratch.messages[index], family, is_raw);
            let sender = &mut senders[index * address::STRIDE..][..address::STRIDE];
            if has_header {
                fill_source(sender, &arena[index * receive::SLOT_BYTES..][..receive::SLOT_BYTES]);
            } else {
                fill_sender(sender, &scratch.names[index]);
            }
        }
        got
    })
}

/// Write the source of an IPv4 packet into a row of the address table (RFC 791 §3.1).
fn fill_source(sender: &mut [u8], packet: &[u8]) {
    sender.fill(0);
    sender[..4].copy_from_slice(&packet[12..16]);
    sender[address::FAMILY] = 4;
}

fn fill_row(row: &mut [i32], index: usize, message: &libc::mmsghdr, family: Family, is_raw: bool) {
    let length = message.msg_len as i32;
    let Controls { tos, flow_label, segment_bytes } = read_controls(&message.msg_hdr);
    row[receive::OFFSET] = (index * receive::SLOT_BYTES) as i32;
    row[receive::LENGTH] = length;
    row[receive::SEGMENT_BYTES] = segment_bytes.filter(|bytes| (1..length).contains(bytes)).unwrap_or(length);
    row[receive::TOS] = if is_raw && family == Family::V4 { -1 } else { tos };
    row[receive::TRUNCATED] = i32::from(message.msg_hdr.msg_flags & libc::MSG_TRUNC != 0);
    row[receive::FLOW_LABEL] = if family == Family::V6 { flow_label } else { -1 };
}

/// What came beside a message: traffic class and flow label (0 when the kernel gave none), segment size when merged.
#[derive(Default)]
struct Controls {
    tos: i32,
    flow_label: i32,
    segment_bytes: Option<i32>,
}

fn read_controls(header: &libc::msghdr) -> Controls {
    let mut found = Controls::default();
    // SAFETY: the kernel filled `msg_control` up to `msg_controllen`; CMSG_* walk exactly that.
    let mut control = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !control.is_null() {
        // SAFETY: `control` is not null, so it points at a whole cmsghdr.
        let (level, kind, data) = unsafe { ((*control).cmsg_level, (*control).cmsg_type, libc::CMSG_DATA(control)) };
        // A message for which there was no room is cut (MSG_CTRUNC): its header is there, its data is not.
        match (level, kind, data_bytes(header, control)) {
            // SAFETY: there is a byte of data.
            (libc::IPPROTO_IP, libc::IP_TOS, 1..) => found.tos = i32::from(unsafe { *data }),
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS, 4..) => {
                // SAFETY: there is an int of data; it need not be aligned.
                found.tos = unsafe { data.cast::<i32>().read_unaligned() } & 0xff;
            }
            (libc::IPPROTO_IPV6, libc::IPV6_FLOWINFO, 4..) => {
                // SAFETY: there is an int of data, in network order; it need not be aligned.
                let word = u32::from_be(unsafe { data.cast::<u32>().read_unaligned() });
                found.flow_label = (word & FLOW_LABEL_MASK) as i32;
            }
            // SAFETY: there is an int of data; it need not be aligned.
            (libc::SOL_UDP, UDP_GRO, 4..) => found.segment_bytes = Some(unsafe { data.cast::<i32>().read_unaligned() }),
            _ => {}
        }
        // SAFETY: as for CMSG_FIRSTHDR.
        control = unsafe { libc::CMSG_NXTHDR(header, control) };
    }
    found
}

/// Bytes of data behind a control message's header, within the message and within the buffer.
fn data_bytes(header: &libc::msghdr, control: *const libc::cmsghdr) -> usize {
    // SAFETY: the caller has it from CMSG_FIRSTHDR or CMSG_NXTHDR, so it is a whole cmsghdr.
    let message_bytes = unsafe { (*control).cmsg_len };
    let before = control as usize - header.msg_control as usize;
    let room = header.msg_controllen.saturating_sub(before);
    message_bytes.min(room).saturating_sub(size_of::<libc::cmsghdr>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{INPUTS, fuzz};

    #[test]
    fn control_messages_of_any_kind_and_length_give_a_traffic_class_a_flow_label_and_a_size_within_the_message() {
        fuzz(|random| {
            let mut scratch = Scratch::new(Beside::Everything);
            let mut arena = vec![0; receive::SLOT_BYTES];
            let (mut row, mut merged) = ([0; receive::STRIDE], 0);
            for _ in 0..INPUTS {
                scratch.prepare(&mut arena, 1);
                let control = &mut scratch.controls[0].0;
                for at in [0, 24, 48, 72] {
                    let (level, kind) = [
                        (libc::IPPROTO_IP, libc::IP_TOS),
                        (libc::IPPROTO_IPV6, libc::IPV6_TCLASS),
                        (libc::IPPROTO_IPV6, libc::IPV6_FLOWINFO),
                        (libc::SOL_UDP, UDP_GRO),
                        (random.next() as i32, random.next() as i32),
                    ][random.below(5)];
                    let length = if random.below(8) == 0 { random.next() as usize } else { 12 + random.below(16) };
                    control[at..at + 8].copy_from_slice(&length.to_ne_bytes());
                    control[at + 8..at + 12].copy_from_slice(&level.to_ne_bytes());
                    control[at + 12..at + 16].copy_from_slice(&kind.to_ne_bytes());
                    if at < 72 {
                        control[at + 16..at + 20].copy_from_slice(&(random.next() >> random.below(32)).to_ne_bytes());
                    }
                }
                let message = &mut scratch.messages[0];
                message.msg_hdr.msg_controllen = random.below(CONTROL_BYTES + 1) as _;
                message.msg_len = random.below(65537) as u32;
                fill_row(&mut row, 0, message, Family::V6, false);
                let length = row[receive::LENGTH];
                assert!((0..=255).contains(&row[receive::TOS]));
                assert!((0..1 << 20).contains(&row[receive::FLOW_LABEL]));
                assert!(row[receive::SEGMENT_BYTES] == length || (1..length).contains(&row[receive::SEGMENT_BYTES]));
                merged += usize::from(row[receive::SEGMENT_BYTES] < length);
            }
            assert!(merged > INPUTS / 1000, "{merged} merged");
        });
    }
}
