//! Packets that continue each other, as those that a peer cut from one super-packet do, are decrypted right behind one another,
//! so that a device gets them as one piece. Copying 45 parts into the kernel takes 70 ns a packet, one part 48.
//!
//! ```text
//! received  [ESP|IP TCP|payload 0|ICV][ESP|IP TCP|payload 1|ICV][ESP|IP TCP|payload 2|ICV]
//! joined         [IP TCP|payload 0|payload 1|payload 2|IP TCP 1|IP TCP 2|trailer]
//! ```
//!
//! Each plaintext goes to where its payload belongs, a little before its ciphertext: its header falls on the end of the payload
//! before it, which is kept meanwhile. What does not verify leaves nothing there; what does not continue goes where it came from.

use crate::coalesce::{self, HEADER_MAX, PACKETS_MAX};
use crate::rows::open;

use super::TRAILER_BYTES;
use super::mold::Mold;

/// Longest IP packet (RFC 791 §3.1), and so super-packet.
const PIECE_MAX: usize = 65535;
/// Longest padding, pad length and next header (RFC 4303 §2.4).
const TRAILER_MAX: usize = 255 + TRAILER_BYTES;
/// Values of the next header, by IP version (RFC 4303 §2.6).
const NEXT_HEADERS: [(u8, u8); 2] = [(4, 4), (6, 41)];

/// Bytes of the piece in hand that have no place in the arena yet. A thread has one.
pub struct Aside {
    /// Payload that the plaintext in hand was decrypted over.
    covered: [u8; HEADER_MAX],
    trailer: [u8; TRAILER_MAX],
    /// Headers of all packets but the first, back to back.
    headers: [u8; HEADER_MAX * PACKETS_MAX],
}

impl Aside {
    /// Empty.
    pub const fn new() -> Aside {
        Aside { covered: [0; HEADER_MAX], trailer: [0; TRAILER_MAX], headers: [0; HEADER_MAX * PACKETS_MAX] }
    }
}

/// Packets that lie joined, or one that others may be joined to.
pub struct Piece {
    mold: Mold,
    packets: usize,
    /// The last one says that none follows.
    is_closed: bool,
    /// Row of the first packet.
    head: usize,
    /// Where its plaintext is, and where the payloads end so far.
    start: usize,
    end: usize,
    /// Bytes of each plaintext, and those that are not the inner packet's.
    plaintext_bytes: usize,
    trailer_bytes: usize,
}

impl Piece {
    /// Begin with the plaintext at `start`, opened by row `head`, with its `OUT_SUM`; None for one that nothing can follow.
    pub fn begin(arena: &[u8], head: usize, start: usize, length: usize, sum: i32, aside: &mut Aside) -> Option<Piece> {
        let plaintext = &arena[start..start + length];
        let [.., pad_length, next_header] = *plaintext else { return None };
        let trailer_bytes = TRAILER_BYTES + usize::from(pad_length);
        let (packet, trailer) = plaintext.split_at(length.checked_sub(trailer_bytes)?);
        if !NEXT_HEADERS.contains(&(packet.first()? >> 4, next_header)) {
            return None;
        }
        let known = u16::try_from(sum - 1).ok()?;
        let candidate = coalesce::examine(packet, Some(known)).filter(|candidate| candidate.mergeable)?;
        let mold = Mold::new(packet, plaintext, &candidate);
        if mold.is_last(packet) {
            return None;
        }
        aside.trailer[..trailer_bytes].copy_from_slice(trailer);
        let end = start + packet.len();
        Some(Piece { mold, packets: 1, is_closed: false, head, start, end, plaintext_bytes: length, trailer_bytes })
    }

    /// Whether another packet may be joined.
    pub fn is_open(&self) -> bool {
        !self.is_closed && self.packets < PACKETS_MAX && self.end - self.start + self.mold.payload_bytes <= PIECE_MAX
    }

    /// Where the next plaintext is to go. What it covers is put aside.
    pub fn place(&self, arena: &[u8], aside: &mut Aside) -> usize {
        let to = self.end - self.mold.header_bytes;
        aside.covered[..self.mold.header_bytes].copy_from_slice(&arena[to..self.end]);
        to
    }

    /// Put back what the plaintext at `place` covered.
    pub fn uncover(&self, arena: &mut [u8], aside: &Aside) {
        let header_bytes = self.mold.header_bytes;
        arena[self.end - header_bytes..self.end].copy_from_slice(&aside.covered[..header_bytes]);
    }

    /// Take the plaintext at `place`, with the sum of its words, if it continues the piece; else leave it there.
    pub fn take(&mut self, arena: &mut [u8], length: usize, sum: u64, aside: &mut Aside) -> bool {
        let header_bytes = self.mold.header_bytes;
        let from = self.end - header_bytes;
        let (packet, trailer) = arena[from..from + length].split_at(length.saturating_sub(self.trailer_bytes));
        if length != self.plaintext_bytes
            || *trailer != aside.trailer[..self.trailer_bytes]
            || !self.mold.fits(packet, sum, self.packets)
        {
            return false;
        }
        aside.headers[(self.packets - 1) * header_bytes..][..header_bytes].copy_from_slice(&packet[..header_bytes]);
        self.is_closed = self.mold.is_last(packet);
        self.packets += 1;
        self.uncover(arena, aside);
        self.end += self.mold.payload_bytes;
        true
    }

    /// Write what was put aside behind the payloads, where ESP headers, headers and ICVs have left room for it, and tell the row of
    /// the first packet.
    pub fn finish(&self, arena: &mut [u8], rows: &mut [i32], aside: &Aside) {
        let headers_bytes = (self.packets - 1) * self.mold.header_bytes;
        let rest = &mut arena[self.end..self.end + headers_bytes + self.trailer_bytes];
        rest[..headers_bytes].copy_from_slice(&aside.headers[..headers_bytes]);
        rest[headers_bytes..].copy_from_slice(&aside.trailer[..self.trailer_bytes]);
        let row = &mut rows[self.head * open::STRIDE..][..open::STRIDE];
        row[open::OUT_JOINED] = self.packets as i32;
        row[open::OUT_LENGTH] = (self.end - self.start + headers_bytes + self.trailer_bytes) as i32;
    }
}

#[cfg(test)]
mod tests {
    use super::super::handle;
    use super::super::suite::{Spec, build as build_suite};
    use super::super::{open as opening, seal as sealing};
    use super::*;
    use crate::fuzz::{INPUTS, Xorshift, fuzz};
    use crate::inner::tests::{Shape, build};
    use crate::rows::seal;

    const PACKETS: usize = 8;
    /// Bytes in front of the run and behind it.
    const AROUND: usize = 64;
    /// Payloads, short and long: each engine has kernels for both.
    const INNER_BYTES: [usize; 2] = [60, 1348];
    /// Transform ids and key lengths of those that join: AES-GCM and ChaCha20-Poly1305.
    const SUITES: [(i32, usize); 2] = [(20, 16), (28, 32)];

    fn transform((encryption_id, key_bytes): (i32, usize)) -> i32 {
        let (key, salt) = (vec![7; key_bytes], [8; 4]);
        let spec = Spec { encryption_id, integrity_id: 0, key: &key, salt: &salt, integrity_key: &[], padding: 0 };
        handle::create(build_suite(&spec).unwrap()).unwrap()
    }

    fn sealed(transform: i32, inner: &[u8], sequence: i32, next_header: i32) -> Vec<u8> {
        let mut row = [0; seal::STRIDE];
        row[seal::SOURCE_LENGTH] = inner.len() as i32;
        row[seal::TRANSFORM] = transform;
        row[seal::SEQUENCE_LOW] = sequence;
        row[seal::IV_LOW] = sequence;
        row[seal::NEXT_HEADER] = next_header;
        row[seal::SEGMENT_COUNT] = 1;
        let mut destination = [0; 2048];
        sealing::seal_batch(&mut row, 1, &mut inner.to_vec(), &mut destination).unwrap();
        destination[..row[seal::OUT_LENGTH] as usize].to_vec()
    }

    /// The packets that a super-packet is cut into.
    fn stream(version: u8, inner_bytes: usize) -> Vec<Vec<u8>> {
        let shape = |index: u32| Shape {
            sequence: Shape::tcp(version).sequence.wrapping_add(index * inner_bytes as u32),
            id: 700 + index as u16,
            ..Shape::tcp(version)
        };
        (0..PACKETS as u32).map(|index| build(&shape(index), &vec![index as u8; inner_bytes])).collect()
    }

    /// A run of each version, sealed.
    fn runs(transform: i32, inner_bytes: usize) -> [Vec<Vec<u8>>; 2] {
        [(4, 4), (6, 41)].map(|(version, next_header)| {
            let packets = stream(version, inner_bytes);
            (0..PACKETS).map(|index| sealed(transform, &packets[index], index as i32, next_header)).collect()
        })
    }

    #[test]
    fn whatever_is_forged_is_refused_and_what_lies_around_it_stays() {
        fuzz(|random| {
            for suite in SUITES {
                for inner_bytes in INNER_BYTES {
                    forge(random, transform(suite), inner_bytes);
                }
            }
        });
    }

    fn forge(random: &mut Xorshift, transform: i32, inner_bytes: usize) {
        let runs = runs(transform, inner_bytes);
        let mut rows = [0; PACKETS * open::STRIDE];
        let (mut opened, mut joined) = (0, 0);
        for _ in 0..INPUTS / 200 {
            let run = &runs[random.below(runs.len())];
            let length = run[0].len();
            let mut arena = [&[0xa5; AROUND], run.concat().as_slice(), &[0xa5; AROUND]].concat();
            let mut forged = [false; PACKETS];
            for _ in 0..random.below(3) {
                let index = random.below(PACKETS);
                arena[AROUND + index * length + random.below(length)] ^= 1 << random.below(8);
                forged[index] = arena[AROUND + index * length..][..length] != run[index];
            }
            rows[..6].copy_from_slice(&[AROUND as i32, length as i32, transform, 0, open::FLAG_JOIN, PACKETS as i32]);
            opening::open_batch(&mut rows, PACKETS, &mut arena).unwrap();
            for (row, forged) in rows.chunks_exact(open::STRIDE).zip(forged) {
                assert_eq!(row[open::OUT_LENGTH] < 0, forged);
                opened += usize::from(!forged);
                joined += row[open::OUT_JOINED].max(0) as usize;
            }
            assert!(arena[..AROUND].iter().chain(&arena[AROUND + PACKETS * length..]).all(|byte| *byte == 0xa5));
        }
        assert!(joined == 0 || joined > opened / 2, "{joined} of {opened} were joined");
    }
}
