//! Fragmentation of outer IPv6 packets to 1280 bytes (RFC 8200 §4.5, §5), for interfaces that do no path MTU discovery.
//!
//! Linux fragments to the MTU of the path; IPV6_MTU changes only the size of the pieces of what does not fit the path.
//! So the pieces are made here and leave a raw socket of protocol 44, whose payload starts with the fragment header.

use std::mem::zeroed;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::checksum;
use crate::descriptor::{Descriptor, Family};
use crate::failure::last_errno;
use crate::rows::{self, address, send};
use crate::send::{Control, fill_controls, has_address, row, set_result};
use crate::socket;
use crate::socket_address::{SocketAddress, socket_address};

/// What a packet may have behind the IPv6 header: 1280 less 40.
const ROOM: usize = 1240;
const FRAGMENT_HEADER: usize = 8;
const UDP_HEADER: usize = 8;
/// Payload of a piece; a multiple of 8, as all but the last must have.
const PIECE: usize = ROOM - FRAGMENT_HEADER;

const NEXT_UDP: u8 = 17;
const NEXT_ESP: u8 = 50;

/// Identifications start anywhere; the kernel's own are for other packets of this host.
static IDENTIFICATION: LazyLock<AtomicU32> = LazyLock::new(|| {
    let mut bytes = [0u8; 4];
    // SAFETY: `bytes` has room for the 4 bytes asked for.
    unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), 4, 0) };
    AtomicU32::new(u32::from_ne_bytes(bytes))
});

/// Where the packets of a call go, and from where.
struct Route<'a> {
    /// Socket for what needs no fragments.
    whole: i32,
    fragments: i32,
    local: &'a [u8],
    local_port: u16,
    remote: &'a [u8],
    remote_port: u16,
    is_udp: bool,
    tos: i32,
    ttl: i32,
}

/// One piece: what is made for it, and what is taken from the arena.
struct Piece {
    head: [u8; FRAGMENT_HEADER + UDP_HEADER],
    head_bytes: usize,
    body: Range<usize>,
}

impl Piece {
    /// A datagram that fits: a fragment of it alone would be one that receivers distrust (RFC 8021).
    fn whole(body: Range<usize>) -> Piece {
        Piece { head: [0; FRAGMENT_HEADER + UDP_HEADER], head_bytes: 0, body }
    }
}

/// Send rows of one socket, each datagram in pieces of at most 1280 bytes. Results go into the rows.
pub fn send_rows(
    found: &Descriptor,
    fd: i32,
    is_udp: bool,
    rows: &mut [i32],
    batch: Range<usize>,
    arena: &[u8],
    addresses: &[u8],
) {
    let prepared = found
        .fragment_socket(|| socket::open_fragment(fd))
        .and_then(|fragments| Ok((fragments, socket::local_address_v6(fd, "sending IPv6 fragments")?)));
    for index in batch {
        let result = match &prepared {
            Err(failure) => -failure.errno,
            Ok((fragments, (local, local_port))) => {
                let columns = row(rows, index);
                if !has_address(columns[send::ADDRESS], addresses, Family::V6) {
                    -libc::EINVAL
                } else {
                    let entry = columns[send::ADDRESS] as usize * address::STRIDE;
                    let port = entry + address::PORT;
                    let route = Route {
                        whole: fd,
                        fragments: *fragments,
                        local,
                        local_port: *local_port,
                        remote: &addresses[entry..entry + 16],
                        remote_port: u16::from_be_bytes([addresses[port], addresses[port + 1]]),
                        is_udp,
                        tos: columns[send::TOS],
                        ttl: columns[send::TTL],
                    };
                    send_row(&route, columns, arena)
                }
            }
        };
        set_result(rows, index, result);
    }
}

/// Datagrams of a row that were sent, or a negative errno when none was.
fn send_row(route: &Route, columns: &[i32], arena: &[u8]) -> i32 {
    let bytes = rows::range(columns[send::OFFSET], columns[send::LENGTH], arena.len());
    let segment_bytes = usize::try_from(columns[send::SEGMENT_BYTES]).unwrap_or(0);
    let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty() && segment_bytes > 0) else { return -libc::EINVAL };
    let mut sent = 0;
    for start in bytes.clone().step_by(segment_bytes) {
        let datagram = start..(start + segment_bytes).min(bytes.end);
        let is_whole = datagram.len() + if route.is_udp { UDP_HEADER } else { 0 } <= ROOM;
        let pieces = if is_whole { vec![Piece::whole(datagram)] } else { cut(route, arena, datagram) };
        match send_pieces(route, is_whole, &pieces, arena) {
            Ok(()) => sent += 1,
            Err(errno) if sent == 0 => return -errno,
            Err(_) => break,
        }
    }
    sent
}

/// The pieces of one datagram, the upper header in the first.
fn cut(route: &Route, arena: &[u8], datagram: Range<usize>) -> Vec<Piece> {
    let upper = if route.is_udp { UDP_HEADER } else { 0 };
    let identification = IDENTIFICATION.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let mut pieces = Vec::with_capacity((datagram.len() + upper).div_ceil(PIECE));
    let mut body = datagram.start;
    while body < datagram.end {
        let is_first = body == datagram.start;
        let made = if is_first { upper } else { 0 };
        let end = (body + PIECE - made).min(datagram.end);
        // Offset in the fragmentable part, a multiple of 8 as it stands; the lowest bit says that there is more.
        let offset = (if is_first { 0 } else { body - datagram.start + upper }) as u16;
        let more = u16::from(end < datagram.end);
        let mut head = [0; FRAGMENT_HEADER + UDP_HEADER];
        head[0] = if route.is_udp { NEXT_UDP } else { NEXT_ESP };
        head[2..4].copy_from_slice(&(offset | more).to_be_bytes());
        head[4..8].copy_from_slice(&identification);
        if made > 0 {
            head[FRAGMENT_HEADER..].copy_from_slice(&udp_header(route, &arena[datagram.clone()]));
        }
        pieces.push(Piece { head, head_bytes: FRAGMENT_HEADER + made, body: body..end });
        body = end;
    }
    pieces
}

/// UDP header with its checksum, which IPv6 demands (RFC 8200 §8.1).
fn udp_header(route: &Route, payload: &[u8]) -> [u8; UDP_HEADER] {
    let length = (UDP_HEADER + payload.len()) as u16;
    let mut header = [0; UDP_HEADER];
    header[0..2].copy_from_slice(&route.local_port.to_be_bytes());
    header[2..4].copy_from_slice(&route.remote_port.to_be_bytes());
    header[4..6].copy_from_slice(&length.to_be_bytes());
    let pseudo = [0, 0, (length >> 8) as u8, length as u8, 0, 0, 0, NEXT_UDP];
    let sum =
        [route.local, route.remote, &pseudo, &header, payload].iter().fold(0, |sum, part| checksum::add(sum, part));
    // 0 would say that there is none.
    let value = checksum::finish(sum);
    header[6..8].copy_from_slice(&(if value == 0 { 0xffff } else { value }).to_be_bytes());
    header
}

fn send_pieces(route: &Route, is_whole: bool, pieces: &[Piece], arena: &[u8]) -> Result<(), i32> {
    let (fd, port) = if is_whole { (route.whole, route.remote_port) } else { (route.fragments, 0) };
    let (mut name, name_bytes) = socket_address(Family::V6, route.remote, port);
    let mut controls = vec![Control::EMPTY; pieces.len()];
    let mut parts: Vec<[libc::iovec; 2]> = pieces.iter().map(|piece| parts_of(piece, arena)).collect();
    let mut headers: Vec<libc::mmsghdr> = parts
        .iter_mut()
        .zip(&mut controls)
        .map(|(parts, control)| message(&mut name, name_bytes, parts, control, route))
        .collect();
    let mut done = 0;
    while done < headers.len() {
        let rest = &mut headers[done..];
        // SAFETY: the headers point at memory that outlives the call.
        let sent = unsafe { libc::sendmmsg(fd, rest.as_mut_ptr(), rest.len() as u32, 0) };
        match usize::try_from(sent) {
            Ok(sent) => done += sent,
            Err(_) if last_errno() == libc::EINTR => {}
            Err(_) => return Err(last_errno()),
        }
    }
    Ok(())
}

fn parts_of(piece: &Piece, arena: &[u8]) -> [libc::iovec; 2] {
    let body = &arena[piece.body.clone()];
    // The kernel only reads through these pointers.
    [
        libc::iovec { iov_base: piece.head.as_ptr().cast_mut().cast(), iov_len: piece.head_bytes },
        libc::iovec { iov_base: body.as_ptr().cast_mut().cast(), iov_len: body.len() },
    ]
}

fn message(
    name: &mut SocketAddress,
    name_bytes: libc::socklen_t,
    parts: &mut [libc::iovec; 2],
    control: &mut Control,
    route: &Route,
) -> libc::mmsghdr {
    // SAFETY: mmsghdr is plain data, all zeros is a value of it.
    let mut message: libc::mmsghdr = unsafe { zeroed() };
    message.msg_hdr.msg_name = (&raw mut *name).cast();
    message.msg_hdr.msg_namelen = name_bytes;
    message.msg_hdr.msg_iov = parts.as_mut_ptr();
    message.msg_hdr.msg_iovlen = parts.len() as _;
    fill_controls(&mut message.msg_hdr, control, Family::V6, (route.tos, route.ttl), None);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const REMOTE: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];

    fn route(is_udp: bool) -> Route<'static> {
        Route {
            whole: -1,
            fragments: -1,
            local: &LOCAL,
            local_port: 4500,
            remote: &REMOTE,
            remote_port: 4501,
            is_udp,
            tos: 0,
            ttl: 64,
        }
    }

    /// What a receiver puts together, with the offsets that the headers claim.
    fn reassemble(pieces: &[Piece], arena: &[u8]) -> Vec<u8> {
        let mut whole = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let word = u16::from_be_bytes([piece.head[2], piece.head[3]]);
            assert_eq!(usize::from(word & 0xfff8), whole.len());
            assert_eq!(word & 1 == 1, index + 1 < pieces.len());
            whole.extend(&piece.head[FRAGMENT_HEADER..piece.head_bytes]);
            whole.extend(&arena[piece.body.clone()]);
            assert!(piece.head_bytes + piece.body.len() <= ROOM);
        }
        whole
    }

    #[test]
    fn pieces_fit_1280_bytes_and_are_the_datagram_again() {
        let arena: Vec<u8> = (0..9000u32).map(|value| ((value * 31) >> 3) as u8).collect();
        for length in [1, 1224, 1225, 1232, 1233, 2456, 8900] {
            let plain = cut(&route(false), &arena, 10..10 + length);
            assert_eq!(reassemble(&plain, &arena), arena[10..10 + length]);
            let encapsulated = reassemble(&cut(&route(true), &arena, 10..10 + length), &arena);
            assert_eq!(encapsulated[8..], arena[10..10 + length]);
            assert_eq!(encapsulated[..6], [0x11, 0x94, 0x11, 0x95, ((length + 8) >> 8) as u8, (length + 8) as u8]);
        }
    }

    #[test]
    fn the_udp_checksum_verifies_over_the_pseudo_header() {
        let payload: Vec<u8> = (0..1401u32).map(|value| value as u8).collect();
        let header = udp_header(&route(true), &payload);
        let length = (payload.len() + 8) as u16;
        let mut all = [LOCAL, REMOTE].concat();
        all.extend([0, 0, (length >> 8) as u8, length as u8, 0, 0, 0, NEXT_UDP]);
        all.extend(header);
        all.extend(&payload);
        assert_eq!(checksum::fold(checksum::add(0, &all)), 0xffff);
    }

    #[test]
    fn every_datagram_has_an_identification_of_its_own() {
        let arena = [0; 3000];
        let first = cut(&route(false), &arena, 0..3000);
        let second = cut(&route(false), &arena, 0..3000);
        assert!(first.iter().all(|piece| piece.head[4..8] == first[0].head[4..8]));
        assert_ne!(first[0].head[4..8], second[0].head[4..8]);
    }
}
