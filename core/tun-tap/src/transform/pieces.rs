//! The plaintext of a packet as it lies in memory: its middle where it was read, and its ends, which are new. An engine that
//! takes it so spares putting it together, and adds up the payload for the packet's checksum on the way.

use crate::segment::OpenChecksum;

/// Bytes that such an engine takes at a time, and how many of these it takes side by side.
pub const PIECE_BYTES: usize = 64;
pub const GROUP_PIECES: usize = 8;

/// A payload is worth it from this on.
const PAYLOAD_BYTES_MIN: usize = 2 * PIECE_BYTES;
/// Headers that are longer are rare.
const HEADER_PIECES_MAX: usize = 2;
/// Padding, pad length and next header that are longer are rare.
const TRAILER_BYTES_MAX: usize = PIECE_BYTES;
/// Pieces that are not of a group: headers, the end of the payload, and the trailer.
const LEFT_PIECES_MAX: usize = HEADER_PIECES_MAX + GROUP_PIECES - 1 + 2;

/// A run of pieces of the plaintext.
pub type Group = [u8; GROUP_PIECES * PIECE_BYTES];
type Piece = [u8; PIECE_BYTES];

/// A plaintext, of which only this file makes one: `front` pieces of headers and the first of the payload; then groups; then the rest, whose last piece may be
/// shorter.
pub struct Pieces<'a> {
    /// Bytes of all.
    pub bytes: usize,
    pub groups: &'a [Group],
    /// The rest, and from the next whole piece on the front, the last of it first: so the first piece of the packet is
    /// taken at the end, when its checksum is known.
    pub left: &'a [u8],
    pub front: usize,
    pub unsummed: Option<Unsummed>,
}

/// A checksum in the first piece, over all between header and trailer.
pub struct Unsummed {
    pub checksum: OpenChecksum,
    /// The payload begins here in the packet, at an even place,
    pub header_bytes: usize,
    /// and ends here.
    pub end: usize,
}

impl<'a> Pieces<'a> {
    /// A plaintext that lies in one.
    pub fn of(plaintext: &'a [u8]) -> Pieces<'a> {
        let (groups, left) = plaintext.as_chunks();
        Pieces { bytes: plaintext.len(), groups, left, front: 0, unsummed: None }
    }
}

/// A mask of so many bytes of a piece, all of it at most.
#[inline]
pub fn low_bits(count: usize) -> u64 {
    if count >= PIECE_BYTES { u64::MAX } else { (1 << count) - 1 }
}

/// Memory for what is left, with a piece more before and behind.
pub struct Ends {
    room: [Piece; LEFT_PIECES_MAX + 2],
}

impl Ends {
    /// Nothing.
    pub const fn new() -> Ends {
        Ends { room: [[0; PIECE_BYTES]; LEFT_PIECES_MAX + 2] }
    }

    /// Pieces of header, payload and trailer; None for lengths that are not for them. `write_header` and `write_trailer` are
    /// given their places.
    pub fn gather<'a>(
        &'a mut self,
        header_bytes: usize,
        payload: &'a [u8],
        trailer_bytes: usize,
        write_header: impl FnOnce(&mut [u8]) -> Option<OpenChecksum>,
        write_trailer: impl FnOnce(&mut [u8]),
    ) -> Option<Pieces<'a>> {
        let front = header_bytes.div_ceil(PIECE_BYTES);
        if front > HEADER_PIECES_MAX || payload.len() < PAYLOAD_BYTES_MIN || trailer_bytes > TRAILER_BYTES_MAX {
            return None;
        }
        let (_, rest) = payload.split_at(front * PIECE_BYTES - header_bytes);
        let (groups, rest) = rest.as_chunks();
        let (whole, last) = rest.as_chunks::<PIECE_BYTES>();
        let front_at = whole.len() + (last.len() + trailer_bytes).div_ceil(PIECE_BYTES);
        let left = &mut self.room[1..];
        left[..whole.len()].copy_from_slice(whole);
        // Copies of a fixed length are a few instructions, those of another a call. So more than the last bytes are copied,
        // to where the same bytes are already, or to the room before; and more than the first, which are overwritten or
        // in the room behind.
        let last_end = PIECE_BYTES + whole.len() * PIECE_BYTES + last.len();
        let flat = self.room.as_flattened_mut();
        *flat[last_end - PIECE_BYTES..].first_chunk_mut::<PIECE_BYTES>()? = *payload.last_chunk()?;
        write_trailer(&mut flat[last_end..last_end + trailer_bytes]);
        let header = &mut flat[PIECE_BYTES + front_at * PIECE_BYTES..];
        *header[header_bytes..].first_chunk_mut::<PIECE_BYTES>()? = *payload.first_chunk()?;
        let checksum = write_header(&mut header[..header_bytes]);
        if checksum.as_ref().is_some_and(|checksum| checksum.at >= PIECE_BYTES || !header_bytes.is_multiple_of(2)) {
            return None;
        }
        let left = &mut self.room[1..][..front_at + front];
        left[front_at..].reverse();
        let end = header_bytes + payload.len();
        Some(Pieces {
            bytes: end + trailer_bytes,
            groups,
            left: left.as_flattened(),
            front,
            unsummed: checksum.map(|checksum| Unsummed { checksum, header_bytes, end }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inner::tests::{Shape, build, build_super};
    use crate::offload::Offload;
    use crate::segment::Plan;

    /// The plaintext, put together again.
    fn joined(pieces: &Pieces) -> Vec<u8> {
        let (rest, front) = pieces.left.split_at(pieces.left.len() - pieces.front * PIECE_BYTES);
        let mut all: Vec<u8> = front.chunks(PIECE_BYTES).rev().flatten().copied().collect();
        all.extend(pieces.groups.as_flattened());
        all.extend(&rest[..pieces.bytes - all.len()]);
        all
    }

    #[test]
    fn pieces_are_header_payload_and_trailer_in_a_row() {
        let payload: Vec<u8> = (0..1500u32).map(|value| (value * 7) as u8).collect();
        let mut ends = Ends::new();
        for header_bytes in [0, 20, 28, 52, 63, 64, 65, 72, 127, 128] {
            for length in (PAYLOAD_BYTES_MIN..400).chain(1300..1500) {
                for trailer_bytes in [2, 5, 17, 64] {
                    let (header, trailer) = (vec![0x11; header_bytes], vec![0x22; trailer_bytes]);
                    let fill = |header: &mut [u8]| {
                        header.fill(0x11);
                        None
                    };
                    let gathered = ends
                        .gather(header_bytes, &payload[..length], trailer_bytes, fill, |trailer| trailer.fill(0x22));
                    let wanted = [&header, &payload[..length], &trailer].concat();
                    assert_eq!(joined(&gathered.unwrap()), wanted, "{header_bytes} and {length} and {trailer_bytes}");
                }
            }
        }
    }

    #[test]
    fn a_payload_that_is_short_and_a_header_that_is_long_are_not_taken_apart() {
        let mut ends = Ends::new();
        for (header, payload, trailer) in [(20, PAYLOAD_BYTES_MIN - 1, 4), (129, 500, 4), (20, 500, 65)] {
            assert!(ends.gather(header, &vec![0; payload], trailer, |_| None, |_| ()).is_none());
        }
    }

    #[test]
    fn a_checksum_at_an_odd_place_or_behind_the_first_piece_is_not_left_open() {
        let packet = build_super(&Shape::udp(4), &[3; 500]);
        for (csum_start, csum_offset) in [(21, 6), (60, 6)] {
            let offload = Offload { needs_checksum: true, csum_start, csum_offset, ..Offload::default() };
            let plan = Plan::new(&packet, &offload).unwrap();
            let mut ends = Ends::new();
            let payload = &packet[plan.payload(0)];
            let begin = |header: &mut [u8]| plan.begin_header(&packet, 0, header);
            assert!(ends.gather(plan.header_bytes, payload, 2, begin, |_| ()).is_none(), "{csum_start}");
        }
    }

    #[test]
    fn a_whole_plaintext_is_groups_and_what_is_left() {
        let packet = build(&Shape::tcp(4), &[9; 1200]);
        for length in [0, 1, 511, 512, 513, 1200] {
            assert_eq!(joined(&Pieces::of(&packet[..length])), packet[..length]);
        }
    }
}
