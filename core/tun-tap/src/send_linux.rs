//! Sending batches with sendmmsg(2); runs of equal datagrams as one message each (UDP_SEGMENT, udp(7)).
//!
//! 1. rows become runs: neighbours with one destination, TOS, TTL and size, back to back in the arena, are one run
//! 2. runs become messages: as large as the kernel segments, or one a datagram where it does not
//! 3. messages go out in one call; what the kernel refuses to segment goes again datagram by datagram

use std::cell::RefCell;
use std::mem::{size_of, zeroed};
use std::ops::Range;
use std::ptr;

use crate::descriptor::{self, Family, Fragmentation, Kind};
use crate::failure::{Outcome, last_errno};
use crate::fragment;
use crate::rows::{self, address, send};
use crate::socket;
use crate::socket_address::{SocketAddress, empty_address, socket_address};

/// Most messages of one system call (UIO_MAXIOV of sendmmsg).
const MESSAGES_MAX: usize = 512;
/// Most bytes of one UDP message, over IPv4: 65535 less the headers.
const MESSAGE_BYTES_MAX: usize = 65507;
/// Most segments that every kernel since 4.18 takes (UDP_MAX_SEGMENTS).
const SEGMENTS_MAX: usize = 64;

const UDP_SEGMENT: i32 = 103;
/// Three control messages: traffic class and TTL (an int each), segment size (16 bits).
const CONTROL_BYTES: usize = 80;

#[repr(C, align(16))]
#[derive(Clone, Copy)]
pub struct Control([u8; CONTROL_BYTES]);

impl Control {
    /// No control message.
    pub const EMPTY: Control = Control([0; CONTROL_BYTES]);
}

/// A run of datagrams that leave one socket for one destination.
#[derive(Clone)]
struct Run {
    rows: Range<usize>,
    bytes: Range<usize>,
    segment_bytes: usize,
}

/// One message: part of a run.
#[derive(Clone, Copy)]
struct Message {
    run: usize,
    offset: usize,
    length: usize,
    segment_bytes: usize,
}

/// What one thread needs for its calls; headers hold pointers only while a call runs.
struct Scratch {
    runs: Vec<Run>,
    messages: Vec<Message>,
    headers: Vec<libc::mmsghdr>,
    parts: Vec<libc::iovec>,
    names: Vec<SocketAddress>,
    controls: Vec<Control>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = const {
        RefCell::new(Scratch {
            runs: Vec::new(),
            messages: Vec::new(),
            headers: Vec::new(),
            parts: Vec::new(),
            names: Vec::new(),
            controls: Vec::new(),
        })
    };
}

/// Send `count` rows. Results go into the rows: datagrams sent, or a negative errno when none was.
pub fn send(rows: &mut [i32], count: usize, arena: &[u8], addresses: &[u8]) -> Outcome<()> {
    rows::check_count(rows, count, send::STRIDE, "sending")?;
    let rows = &mut rows[..count * send::STRIDE];
    SCRATCH.with_borrow_mut(|scratch| {
        let mut start = 0;
        while start < count {
            let end = batch_end(rows, start, count);
            send_batch(scratch, rows, start..end, arena, addresses);
            start = end;
        }
    });
    Ok(())
}

/// The rows from `start` that can go in one call: one socket, one way of fragmenting.
fn batch_end(rows: &[i32], start: usize, count: usize) -> usize {
    let key = |index: usize| {
        let row = row(rows, index);
        (row[send::SOCKET], row[send::FLAGS] & (send::FLAG_DONT_FRAGMENT | send::FLAG_MINIMUM_MTU))
    };
    (start + 1..count).find(|index| key(*index) != key(start)).unwrap_or(count)
}

pub fn row(rows: &[i32], index: usize) -> &[i32] {
    &rows[index * send::STRIDE..][..send::STRIDE]
}

pub fn set_result(rows: &mut [i32], index: usize, result: i32) {
    rows[index * send::STRIDE + send::RESULT] = result;
}

fn send_batch(scratch: &mut Scratch, rows: &mut [i32], batch: Range<usize>, arena: &[u8], addresses: &[u8]) {
    let first = row(rows, batch.start);
    let fd = first[send::SOCKET];
    let fragmentation = Fragmentation {
        dont_fragment: first[send::FLAGS] & send::FLAG_DONT_FRAGMENT != 0,
        minimum_mtu: first[send::FLAGS] & send::FLAG_MINIMUM_MTU != 0,
    };
    let Some(found) = descriptor::find(fd) else {
        return batch.for_each(|index| set_result(rows, index, -libc::EBADF));
    };
    let (family, is_udp) = match found.kind {
        Kind::Udp(family) => (family, true),
        Kind::Esp(family) => (family, false),
        Kind::Icmp(_) | Kind::Tun { .. } => return batch.for_each(|index| set_result(rows, index, -libc::EBADF)),
    };
    if fragmentation.minimum_mtu && family == Family::V6 {
        return fragment::send_rows(&found, fd, is_udp, rows, batch, arena, addresses);
    }
    if found.change_fragmentation(fragmentation)
        && let Err(failure) = socket::set_fragmentation(fd, family, fragmentation)
    {
        return batch.for_each(|index| set_result(rows, index, -failure.errno));
    }
    collect_runs(&mut scratch.runs, rows, batch, arena.len(), addresses, family);
    let mut sender = Sender { scratch, rows, arena, addresses, fd, family, is_udp, is_full: false };
    sender.plan();
    sender.send_all();
}

/// Merge neighbouring rows into runs; rows that name bytes or addresses that are not there get EINVAL.
fn collect_runs(
    runs: &mut Vec<Run>,
    rows: &mut [i32],
    batch: Range<usize>,
    arena_bytes: usize,
    addresses: &[u8],
    family: Family,
) {
    runs.clear();
    for index in batch {
        let columns = row(rows, index);
        let bytes = rows::range(columns[send::OFFSET], columns[send::LENGTH], arena_bytes);
        let segment_bytes = usize::try_from(columns[send::SEGMENT_BYTES]).unwrap_or(0);
        let Some(bytes) = bytes.filter(|bytes| {
            !bytes.is_empty() && segment_bytes > 0 && has_address(columns[send::ADDRESS], addresses, family)
        }) else {
            set_result(rows, index, -libc::EINVAL);
            continue;
        };
        let segment_bytes = segment_bytes.min(bytes.len());
        set_result(rows, index, 0);
        if let Some(run) = runs.last_mut().filter(|run| continues(run, rows, index, &bytes, segment_bytes)) {
            run.rows.end = index + 1;
            run.bytes.end = bytes.end;
        } else {
            runs.push(Run { rows: index..index + 1, bytes, segment_bytes });
        }
    }
}

pub fn has_address(index: i32, addresses: &[u8], family: Family) -> bool {
    let Ok(index) = usize::try_from(index) else { return false };
    let wanted = match family {
        Family::V4 => 4,
        Family::V6 => 6,
    };
    addresses.get(index * address::STRIDE + address::FAMILY) == Some(&wanted)
        && addresses.len() >= (index + 1) * address::STRIDE
}

/// MTU of the route to an entry of the table, or a negative errno.
pub fn path_mtu(fd: i32, addresses: &[u8], index: usize) -> i32 {
    let Some(found) = descriptor::find(fd) else { return -libc::EBADF };
    let (Kind::Udp(family) | Kind::Esp(family)) = found.kind else { return -libc::EBADF };
    let Some(index) = i32::try_from(index).ok().filter(|index| has_address(*index, addresses, family)) else {
        return -libc::EINVAL;
    };
    let entry = &addresses[index as usize * address::STRIDE..];
    socket::path_mtu(fd, family, &entry[..16]).unwrap_or_else(|errno| -errno)
}

fn continues(run: &Run, rows: &[i32], index: usize, bytes: &Range<usize>, segment_bytes: usize) -> bool {
    let same = |column: usize| row(rows, run.rows.start)[column] == row(rows, index)[column];
    // Only the last datagram of a run may be shorter; then nothing follows it.
    let size_fits = segment_bytes == run.segment_bytes || bytes.len() < run.segment_bytes;
    run.rows.end == index
        && run.bytes.end == bytes.start
        && run.bytes.len().is_multiple_of(run.segment_bytes)
        && size_fits
        && same(send::ADDRESS)
        && same(send::TOS)
        && same(send::TTL)
        && same(send::FLAGS)
}

struct Sender<'a> {
    scratch: &'a mut Scratch,
    rows: &'a mut [i32],
    arena: &'a [u8],
    addresses: &'a [u8],
    fd: i32,
    family: Family,
    is_udp: bool,
    /// The kernel's buffer was full once in this call: wait no more.
    is_full: bool,
}

impl Sender<'_> {
    /// Cut the runs into messages.
    fn plan(&mut self) {
        self.scratch.messages.clear();
        for index in 0..self.scratch.runs.len() {
            let Run { rows, bytes, segment_bytes } = self.scratch.runs[index].clone();
            let flags = row(self.rows, rows.start)[send::FLAGS];
            let takes_runs = self.is_udp && flags & send::FLAG_NO_OFFLOAD == 0;
            let per_message = if takes_runs { (MESSAGE_BYTES_MAX / segment_bytes).clamp(1, SEGMENTS_MAX) } else { 1 };
            self.cut(index, bytes, segment_bytes, per_message);
        }
    }

    fn cut(&mut self, run: usize, bytes: Range<usize>, segment_bytes: usize, per_message: usize) {
        for offset in bytes.clone().step_by(per_message * segment_bytes) {
            let length = (per_message * segment_bytes).min(bytes.end - offset);
            self.scratch.messages.push(Message { run, offset, length, segment_bytes });
        }
    }

    fn send_all(&mut self) {
        let mut at = 0;
        while at < self.scratch.messages.len() {
            let end = (at + MESSAGES_MAX).min(self.scratch.messages.len());
            self.prepare(at..end);
            let mut done = 0;
            while done < end - at {
                done += self.call(at, done, end - at);
            }
            // What the kernel refused to segment was appended to the plan, datagram by datagram.
            at = end;
        }
    }

    /// One system call for the prepared headers `done..count`, which are messages from `base`; gives how many are done
    /// with, by sending or by an error.
    fn call(&mut self, base: usize, done: usize, count: usize) -> usize {
        let flags = if self.is_full { libc::MSG_DONTWAIT } else { 0 };
        let headers = &mut self.scratch.headers[done..count];
        // SAFETY: `prepare` pointed the headers at memory that outlives the call.
        let sent = unsafe { libc::sendmmsg(self.fd, headers.as_mut_ptr(), headers.len() as u32, flags as _) };
        if let Ok(sent @ 1..) = usize::try_from(sent) {
            for index in base + done..base + done + sent {
                self.account(self.scratch.messages[index], None);
            }
            return sent;
        }
        let message = self.scratch.messages[base + done];
        match last_errno() {
            libc::EINTR => return 0,
            libc::EINVAL | libc::EMSGSIZE | libc::EIO | libc::EOPNOTSUPP if message.length > message.segment_bytes => {
                self.cut(message.run, message.offset..message.offset + message.length, message.segment_bytes, 1);
            }
            errno => {
                self.is_full |= errno == libc::EAGAIN;
                self.account(message, Some(errno));
            }
        }
        1
    }

    /// Point the headers at messages.
    fn prepare(&mut self, messages: Range<usize>) {
        let count = messages.len();
        let Scratch { headers, parts, names, controls, .. } = self.scratch;
        if headers.len() < count {
            // SAFETY: mmsghdr is plain data, all zeros is a value of it.
            headers.resize(count, unsafe { zeroed() });
            parts.resize(count, libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 });
            names.resize(count, empty_address());
            controls.resize(count, Control::EMPTY);
        }
        for (slot, index) in messages.enumerate() {
            let message = self.scratch.messages[index];
            let columns = row(self.rows, self.scratch.runs[message.run].rows.start);
            let (tos, ttl) = (columns[send::TOS], columns[send::TTL]);
            let entry = columns[send::ADDRESS] as usize * address::STRIDE;
            let (name, name_bytes) = self.destination(&self.addresses[entry..entry + address::STRIDE]);
            self.scratch.names[slot] = name;
            let bytes = &self.arena[message.offset..message.offset + message.length];
            // The kernel only reads through this pointer.
            self.scratch.parts[slot] = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
            let header = &mut self.scratch.headers[slot].msg_hdr;
            header.msg_name = (&raw mut self.scratch.names[slot]).cast();
            header.msg_namelen = name_bytes;
            header.msg_iov = &raw mut self.scratch.parts[slot];
            header.msg_iovlen = 1;
            header.msg_flags = 0;
            let gso_size = (message.length > message.segment_bytes).then_some(message.segment_bytes as u16);
            fill_controls(header, &mut self.scratch.controls[slot], self.family, (tos, ttl), gso_size);
        }
    }

    fn destination(&self, entry: &[u8]) -> (SocketAddress, libc::socklen_t) {
        // A raw socket wants no port (raw(7)).
        let port = if self.is_udp { u16::from_be_bytes([entry[address::PORT], entry[address::PORT + 1]]) } else { 0 };
        socket_address(self.family, &entry[..16], port)
    }

    /// Note in the rows of a message that its datagrams were sent, or the errno where none was so far.
    fn account(&mut self, message: Message, errno: Option<i32>) {
        let end = message.offset + message.length;
        for index in self.scratch.runs[message.run].rows.clone() {
            let columns = row(self.rows, index);
            let start = columns[send::OFFSET] as usize;
            let inside = start.max(message.offset)..(start + columns[send::LENGTH] as usize).min(end);
            let result = columns[send::RESULT];
            match errno {
                _ if inside.is_empty() => {}
                None => {
                    set_result(self.rows, index, result.max(0) + inside.len().div_ceil(message.segment_bytes) as i32)
                }
                Some(errno) if result <= 0 => set_result(self.rows, index, -errno),
                Some(_) => {}
            }
        }
    }
}

/// Traffic class and TTL where they are not the socket's own, and the segment size of a message of several datagrams.
pub fn fill_controls(
    header: &mut libc::msghdr,
    room: &mut Control,
    family: Family,
    (tos, ttl): (i32, i32),
    gso_size: Option<u16>,
) {
    let (level, tos_kind, ttl_kind) = match family {
        Family::V4 => (libc::IPPROTO_IP, libc::IP_TOS, libc::IP_TTL),
        Family::V6 => (libc::IPPROTO_IPV6, libc::IPV6_TCLASS, libc::IPV6_HOPLIMIT),
    };
    let mut used = 0;
    if tos & 0xff != 0 {
        used += put_control(room, used, level, tos_kind, tos & 0xff);
    }
    if ttl != socket::OUTER_TTL {
        used += put_control(room, used, level, ttl_kind, ttl);
    }
    if let Some(gso_size) = gso_size {
        used += put_control(room, used, libc::SOL_UDP, UDP_SEGMENT, gso_size);
    }
    header.msg_control = if used == 0 { ptr::null_mut() } else { (&raw mut *room).cast() };
    header.msg_controllen = used as _;
}

/// Write one control message at `at`, a multiple of its alignment; gives the space that it takes.
fn put_control<T>(room: &mut Control, at: usize, level: i32, kind: i32, value: T) -> usize {
    // SAFETY: these compute sizes only.
    let (space, bytes) = unsafe { (libc::CMSG_SPACE(size_of::<T>() as u32), libc::CMSG_LEN(size_of::<T>() as u32)) };
    let space = space as usize;
    assert!(at + space <= CONTROL_BYTES);
    // SAFETY: `room` is aligned for a cmsghdr, so is every sum of CMSG_SPACEs, and there is space for header and data.
    unsafe {
        let control: *mut libc::cmsghdr = room.0.as_mut_ptr().add(at).cast();
        (*control).cmsg_level = level;
        (*control).cmsg_type = kind;
        (*control).cmsg_len = bytes as _;
        libc::CMSG_DATA(control).cast::<T>().write_unaligned(value);
    }
    space
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receive::receive;
    use crate::rows::receive as received;

    struct Loopback {
        from: i32,
        to: i32,
        addresses: Vec<u8>,
    }

    impl Loopback {
        fn new(family: Family) -> Loopback {
            let local: &[u8] = match family {
                Family::V4 => &[127, 0, 0, 1],
                Family::V6 => &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            };
            let (from, _) = socket::open_udp(family, local, 0).unwrap();
            let (to, port) = socket::open_udp(family, local, 0).unwrap();
            let mut addresses = vec![0; address::STRIDE];
            addresses[..local.len()].copy_from_slice(local);
            addresses[16..18].copy_from_slice(&port.to_be_bytes());
            addresses[18] = if family == Family::V4 { 4 } else { 6 };
            Loopback { from, to, addresses }
        }

        /// Datagrams that arrived, with their traffic class.
        fn drain(&self) -> Vec<(Vec<u8>, i32)> {
            let mut arena = vec![0; 16 * 65536];
            let mut rows = vec![0; 16 * received::STRIDE];
            let mut senders = vec![0; 16 * address::STRIDE];
            let mut datagrams = Vec::new();
            loop {
                let count = receive(self.to, &mut arena, &mut rows, &mut senders, 16);
                assert!(count >= 0);
                if count == 0 {
                    return datagrams;
                }
                for row in rows.chunks(received::STRIDE).take(count as usize) {
                    let message = &arena[row[received::OFFSET] as usize..][..row[received::LENGTH] as usize];
                    let size = row[received::SEGMENT_BYTES] as usize;
                    datagrams.extend(message.chunks(size).map(|part| (part.to_vec(), row[received::TOS])));
                }
            }
        }
    }

    impl Drop for Loopback {
        fn drop(&mut self) {
            descriptor::close(self.from).unwrap();
            descriptor::close(self.to).unwrap();
        }
    }

    fn job(socket: i32, offset: usize, length: usize, segment_bytes: usize, tos: i32, flags: i32) -> Vec<i32> {
        vec![socket, offset as i32, length as i32, segment_bytes as i32, 0, tos, flags, socket::OUTER_TTL, 99]
    }

    fn results(rows: &[i32]) -> Vec<i32> {
        rows.chunks(send::STRIDE).map(|row| row[send::RESULT]).collect()
    }

    #[test]
    fn runs_with_and_without_offload_arrive_datagram_by_datagram() {
        let arena: Vec<u8> = (0..200_000u32).map(|value| ((value * 7) >> 2) as u8).collect();
        for family in [Family::V4, Family::V6] {
            for flags in [0, send::FLAG_NO_OFFLOAD] {
                let loopback = Loopback::new(family);
                let mut rows = job(loopback.from, 0, 100_500, 1000, 0, flags);
                rows.extend(job(loopback.from, 100_500, 300, 300, 0x2e << 2, flags));
                send(&mut rows, 2, &arena, &loopback.addresses).unwrap();
                assert_eq!(results(&rows), [101, 1]);
                let got = loopback.drain();
                let wanted = arena[..100_500].chunks(1000).map(|part| (part.to_vec(), 0));
                let wanted = wanted.chain([(arena[100_500..100_800].to_vec(), 0xb8)]);
                assert_eq!(got, wanted.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn neighbouring_rows_of_one_size_are_credited_each_by_itself() {
        let arena: Vec<u8> = (0..20_000u32).map(|value| value as u8).collect();
        let loopback = Loopback::new(Family::V4);
        let mut rows = Vec::new();
        for (offset, length) in [(0, 100), (100, 300), (400, 250), (650, 100), (5000, 100)] {
            rows.extend(job(loopback.from, offset, length, 100, 0, 0));
        }
        send(&mut rows, 5, &arena, &loopback.addresses).unwrap();
        assert_eq!(results(&rows), [1, 3, 3, 1, 1]);
        let sizes: Vec<usize> = loopback.drain().iter().map(|(bytes, _)| bytes.len()).collect();
        assert_eq!(sizes, [100, 100, 100, 100, 100, 100, 50, 100, 100]);
    }

    #[test]
    fn a_ttl_that_no_packet_can_have_is_einval() {
        let loopback = Loopback::new(Family::V4);
        let mut rows: Vec<i32> = (0..4).flat_map(|_| job(loopback.from, 0, 20, 20, 0, 0)).collect();
        for (row, ttl) in rows.chunks_mut(send::STRIDE).zip([0, 256, 1, 255]) {
            row[send::TTL] = ttl;
        }
        send(&mut rows, 4, &[0; 20], &loopback.addresses).unwrap();
        assert_eq!(results(&rows), [-libc::EINVAL, -libc::EINVAL, 1, 1]);
    }

    #[test]
    fn outer_ipv6_of_minimum_mtu_arrives_whole_with_and_without_offload() {
        let loopback = Loopback::new(Family::V6);
        for segment_bytes in [1000, 1400] {
            let mut rows = job(loopback.from, 0, 9000, segment_bytes, 0, send::FLAG_MINIMUM_MTU);
            send(&mut rows, 1, &[7; 9000], &loopback.addresses).unwrap();
            assert_eq!(results(&rows), [9000usize.div_ceil(segment_bytes) as i32]);
            assert_eq!(loopback.drain().len(), 9000usize.div_ceil(segment_bytes));
        }
    }

    #[test]
    fn rows_that_name_nothing_get_einval_and_the_others_are_sent() {
        let arena = [0; 1000];
        let loopback = Loopback::new(Family::V4);
        let mut rows = job(loopback.from, 990, 20, 20, 0, 0);
        rows.extend(job(loopback.from, 0, 0, 20, 0, 0));
        rows.extend(job(loopback.from, 0, 20, 0, 0, 0));
        rows.extend(job(loopback.from, 0, 20, 20, 0, 0));
        rows.extend(job(-5, 0, 20, 20, 0, 0));
        let mut elsewhere = job(loopback.from, 0, 20, 20, 0, 0);
        elsewhere[send::ADDRESS] = 1;
        rows.extend(elsewhere);
        send(&mut rows, 6, &arena, &loopback.addresses).unwrap();
        let (inval, badf) = (-libc::EINVAL, -libc::EBADF);
        assert_eq!(results(&rows), [inval, inval, inval, 1, badf, inval]);
        assert_eq!(loopback.drain().len(), 1);
    }

    #[test]
    fn datagrams_above_the_mtu_go_out_although_the_kernel_does_not_segment_them() {
        // The loopback MTU is 65536: a segment of 40000 needs no GSO (one a message), and 65507 bytes fit just so.
        let arena = vec![3; 140_000];
        let loopback = Loopback::new(Family::V4);
        let mut rows = job(loopback.from, 0, 120_000, 40_000, 0, 0);
        rows.extend(job(loopback.from, 0, 65_507, 65_507, 0, 0));
        rows.extend(job(loopback.from, 0, 65_508, 65_508, 0, 0));
        send(&mut rows, 3, &arena, &loopback.addresses).unwrap();
        assert_eq!(results(&rows), [3, 1, -libc::EMSGSIZE]);
        assert_eq!(loopback.drain().len(), 4);
    }
}
