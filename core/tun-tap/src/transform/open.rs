//! Opening batches in place: lengths, ICV, and only then decryption (RFC 4303 §3.4.4).
//!
//! An AEAD opens a packet at once. Packets of other ciphers are looked at side by side (`staged.rs`).

use std::cell::RefCell;
use std::ops::Range;

use super::aead::{Aead, IV_BYTES};
use super::alike;
use super::cipher::Span;
use super::handle::{self, Table};
use super::join::{Aside, Piece};
use super::staged::Staged;
use super::{AdditionalData, ESP_HEADER_BYTES, Engine, TRAILER_BYTES, Transform};
use crate::checksum;
use crate::failure::Outcome;
use crate::inner;
use crate::rows::{self, open};

thread_local! {
    static STAGED: RefCell<Staged> = const { RefCell::new(Staged::new()) };
    static ASIDE: RefCell<Aside> = const { RefCell::new(Aside::new()) };
}

/// Run `count` rows of open jobs in `arena`. The bytes of a failed job are undefined.
pub fn open_batch(rows: &mut [i32], count: usize, arena: &mut [u8]) -> Outcome<()> {
    rows::check_count(rows, count, open::STRIDE, "opening")?;
    let rows = &mut rows[..count * open::STRIDE];
    STAGED.with_borrow_mut(|staged| {
        staged.clear();
        let mut opener = Opener { table: &handle::read(), rows, arena, staged, staged_end: 0 };
        let mut first = 0;
        while let Some(packets) = run_packets(opener.rows, first) {
            opener.take_run(first, packets);
            first += packets;
        }
        opener.finish_staged();
    });
    let mut first = 0;
    while let Some(packets) = run_packets(rows, first) {
        if packets > 1 {
            let run = &mut rows[first * open::STRIDE..(first + packets) * open::STRIDE];
            run[open::OUT_ALIKE] = alike::count_alike(arena, run) as i32;
        }
        first += packets;
    }
    Ok(())
}

/// Packets of the run that begins in row `first`; None behind the last row.
fn run_packets(rows: &[i32], first: usize) -> Option<usize> {
    let left = &rows[first * open::STRIDE..];
    let count = usize::try_from(*left.get(open::COUNT)?).unwrap_or(1);
    Some(count.clamp(1, left.len() / open::STRIDE))
}

/// What became of a packet behind a piece.
enum Behind {
    Joined,
    /// It stands by itself, and the next one may be joined to it.
    First,
    /// It stands by itself.
    Alone,
}

struct Opener<'a> {
    table: &'a Table,
    rows: &'a mut [i32],
    arena: &'a mut [u8],
    staged: &'a mut Staged,
    /// Where the last packet that is put aside ends.
    staged_end: usize,
}

impl Opener<'_> {
    /// Open the packets of a run, each from a row of its own.
    fn take_run(&mut self, first: usize, packets: usize) {
        let head: [i32; open::OUT_OFFSET] = std::array::from_fn(|column| self.rows[first * open::STRIDE + column]);
        for index in 1..packets {
            let row = &mut self.rows[(first + index) * open::STRIDE..][..open::OUT_OFFSET];
            row.copy_from_slice(&head);
            // Beyond what fits, a packet lies outside of the arena like any other that does.
            let offset = i64::from(head[open::OFFSET]) + index as i64 * i64::from(head[open::LENGTH]);
            row[open::OFFSET] = i32::try_from(offset).unwrap_or(-1);
        }
        if packets > 1 && head[open::FLAGS] & open::FLAG_JOIN != 0 {
            return ASIDE.with_borrow_mut(|aside| self.take_joined(first, packets, aside));
        }
        (first..first + packets).for_each(|index| self.take(index));
    }

    /// The same; packets that continue each other are joined.
    fn take_joined(&mut self, first: usize, packets: usize, aside: &mut Aside) {
        let mut piece: Option<Piece> = None;
        for index in first..first + packets {
            // A piece stays where it is while it grows: moving it cost each packet a read that waited for what was just written.
            let Some(open) = piece.as_mut().filter(|piece| piece.is_open()) else {
                self.finish_piece(piece.as_ref(), aside);
                self.take(index);
                piece = self.begin_piece(index, aside);
                continue;
            };
            match self.take_behind(open, index, aside) {
                Behind::Joined => {}
                Behind::First => piece = self.begin_piece(index, aside),
                Behind::Alone => piece = None,
            }
        }
        self.finish_piece(piece.as_ref(), aside);
    }

    fn finish_piece(&mut self, piece: Option<&Piece>, aside: &Aside) {
        if let Some(piece) = piece {
            piece.finish(self.arena, self.rows, aside);
        }
    }

    /// Others may be joined to the packet of row `index`, if it has verified and its engine can.
    fn begin_piece(&self, index: usize, aside: &mut Aside) -> Option<Piece> {
        let row = &self.rows[index * open::STRIDE..(index + 1) * open::STRIDE];
        let length = usize::try_from(row[open::OUT_LENGTH]).ok()?;
        match &self.table.get(row[open::TRANSFORM])?.engine {
            Engine::Aead(aead) if aead.can_move() => {}
            _ => return None,
        }
        Piece::begin(self.arena, index, row[open::OUT_OFFSET] as usize, length, row[open::OUT_SUM], aside)
    }

    /// Open the packet of row `index` behind a piece, which is finished unless it was joined.
    fn take_behind(&mut self, piece: &mut Piece, index: usize, aside: &mut Aside) -> Behind {
        let (row, place) = (index * open::STRIDE, piece.place(self.arena, aside));
        let Some((home, opened)) = self.open_moved(index, place) else {
            piece.finish(self.arena, self.rows, aside);
            self.take(index);
            return Behind::Alone;
        };
        self.rows[row + open::OUT_OFFSET] = home.start as i32;
        self.rows[row + open::OUT_JOINED] = 0;
        self.rows[row + open::OUT_SUM] = 0;
        let Some(sum) = opened else {
            self.rows[row + open::OUT_LENGTH] = open::ERROR_AUTHENTICATION;
            piece.uncover(self.arena, aside);
            piece.finish(self.arena, self.rows, aside);
            return Behind::Alone;
        };
        self.rows[row + open::OUT_LENGTH] = home.len() as i32;
        if piece.take(self.arena, home.len(), sum, aside) {
            return Behind::Joined;
        }
        let plaintext = place..place + home.len();
        self.rows[row + open::OUT_SUM] = transport_sum(&self.arena[plaintext.clone()], sum);
        self.arena.copy_within(plaintext, home.start);
        piece.uncover(self.arena, aside);
        piece.finish(self.arena, self.rows, aside);
        Behind::First
    }

    /// Open the packet of row `index`, the plaintext to `place`: where it would be alone, and its sum if it has verified. None where
    /// there is no such packet.
    fn open_moved(&mut self, index: usize, place: usize) -> Option<(Range<usize>, Option<u64>)> {
        let row = &self.rows[index * open::STRIDE..(index + 1) * open::STRIDE];
        let transform = self.table.get(row[open::TRANSFORM])?;
        let Engine::Aead(aead) = &transform.engine else { return None };
        let span = parse(transform, row, self.arena.len()).ok()?;
        let body = span.body(transform.iv_bytes);
        let (aad, iv) = read_header(&self.arena[span.start..body.start], &span);
        let sealed = body.start..body.end + transform.icv_bytes;
        Some((body, aead.open_moved(aad.as_bytes(), iv, self.arena, sealed, place)))
    }

    /// Open the packet of row `index`, or put it aside.
    fn take(&mut self, index: usize) {
        let row = &mut self.rows[index * open::STRIDE..(index + 1) * open::STRIDE];
        row[open::OUT_OFFSET] = row[open::OFFSET];
        row[open::OUT_SUM] = 0;
        row[open::OUT_JOINED] = 0;
        let handle = row[open::TRANSFORM];
        let Some(transform) = self.table.get(handle) else {
            row[open::OUT_LENGTH] = open::ERROR_NO_TRANSFORM;
            return;
        };
        match parse(transform, row, self.arena.len()) {
            Err(error) => row[open::OUT_LENGTH] = error,
            Ok(span) => {
                row[open::OUT_OFFSET] = span.body(transform.iv_bytes).start as i32;
                // Until it is verified.
                row[open::OUT_LENGTH] = open::ERROR_AUTHENTICATION;
                match &transform.engine {
                    Engine::Aead(aead) => {
                        if let Some(sum) = open_aead(aead.as_ref(), transform, &span, self.arena) {
                            let body = span.body(transform.iv_bytes);
                            row[open::OUT_LENGTH] = body.len() as i32;
                            row[open::OUT_SUM] = sum.map_or(0, |sum| transport_sum(&self.arena[body], sum));
                        }
                    }
                    Engine::Cipher(..) => self.stage(handle, index, span, span.end + transform.icv_bytes),
                }
            }
        }
    }

    fn stage(&mut self, handle: i32, index: usize, span: Span, end: usize) {
        // Packets that may overlap are worked on one after the other, so that bytes verified are bytes decrypted.
        if self.staged.has_enough() || span.start < self.staged_end {
            self.finish_staged();
        }
        self.staged_end = end;
        self.staged.push(handle, index, span);
    }

    fn finish_staged(&mut self) {
        let Opener { table, rows, arena, staged, .. } = self;
        staged.open(table, arena, |index, body_bytes| {
            rows[index * open::STRIDE + open::OUT_LENGTH] = body_bytes as i32;
        });
    }
}

/// Check a row and the length of its packet (RFC 4303 §3.4.4): gives SPI to ciphertext.
fn parse(transform: &Transform, row: &[i32], arena_bytes: usize) -> Result<Span, i32> {
    let range = rows::range(row[open::OFFSET], row[open::LENGTH], arena_bytes).ok_or(open::ERROR_TOO_SHORT)?;
    let other_bytes = ESP_HEADER_BYTES + transform.iv_bytes + transform.icv_bytes;
    let body_bytes = range.len().checked_sub(other_bytes).filter(|bytes| *bytes >= TRAILER_BYTES);
    let body_bytes = body_bytes.ok_or(open::ERROR_TOO_SHORT)?;
    if body_bytes % transform.block_bytes != 0 {
        return Err(open::ERROR_ALIGNMENT);
    }
    let sequence_high = (row[open::FLAGS] & open::FLAG_ESN != 0).then_some(row[open::SEQUENCE_HIGH] as u32);
    Ok(Span { start: range.start, end: range.end - transform.icv_bytes, sequence_high })
}

/// Open one packet; the plaintext takes the ciphertext's place. None when the ICV is not good.
fn open_aead(aead: &dyn Aead, transform: &Transform, span: &Span, arena: &mut [u8]) -> Option<Option<u64>> {
    let body = span.body(transform.iv_bytes);
    let (front, rest) = arena.split_at_mut(body.start);
    let (aad, iv) = read_header(&front[span.start..], span);
    aead.open_summed(aad.as_bytes(), iv, &mut rest[..body.len() + transform.icv_bytes])
}

/// Additional data and IV of a packet with this ESP header and IV.
fn read_header(header: &[u8], span: &Span) -> (AdditionalData, [u8; IV_BYTES]) {
    let mut iv = [0; IV_BYTES];
    iv.copy_from_slice(&header[ESP_HEADER_BYTES..]);
    (AdditionalData::new(header, span.sequence_high), iv)
}

/// `OUT_SUM` of a plaintext whose sum is known: IP header and trailer are taken out again. 0 for what is no plain IP packet.
fn transport_sum(plaintext: &[u8], sum: u64) -> i32 {
    let Some((header, packet)) = inner::plain_lengths(plaintext).filter(|(_, packet)| *packet <= plaintext.len())
    else {
        return 0;
    };
    let (kept, tail) = plaintext.split_at(packet);
    // A tail that begins at an odd place begins with the second byte of a word.
    let (odd, even) = tail.split_at(packet % 2);
    let odd = odd.first().map_or(0, |byte| u64::from(u16::from_ne_bytes([0, *byte])));
    let others = checksum::add(checksum::add(0, &kept[..header]), even) + odd;
    1 + i32::from(checksum::fold_native(checksum::remove(sum, others)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inner::tests::{Shape, build};

    #[test]
    fn the_sum_of_a_packet_is_taken_out_of_that_of_its_plaintext_whatever_its_length_and_padding() {
        for version in [4, 6] {
            for length in [0, 1, 2, 17, 1348, 1349] {
                let packet = build(&Shape::tcp(version), &vec![0xe7; length]);
                let header = if version == 4 { 20 } else { 40 };
                let wanted = 1 + i32::from(checksum::fold_native(checksum::add(0, &packet[header..])));
                for padding in 0..20u8 {
                    let plaintext = [packet.clone(), (1..=padding).collect(), vec![padding, 4]].concat();
                    let sum = checksum::add(0, &plaintext);
                    assert_eq!(
                        transport_sum(&plaintext, sum),
                        wanted,
                        "IPv{version}, {length} bytes, padding {padding}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_plain_ip_packet_has_no_sum() {
        let packet = build(&Shape::tcp(4), &[1; 100]);
        let with = |at: usize, value: u8| {
            let mut changed = packet.clone();
            changed[at] = value;
            changed
        };
        for plaintext in [&packet[..packet.len() - 1], &with(0, 0x46), &with(0, 0x55), &with(3, 19)[..], &[0x45], &[]] {
            assert_eq!(transport_sum(plaintext, checksum::add(0, plaintext)), 0);
        }
    }

    #[test]
    fn the_last_run_ends_with_the_rows() {
        let mut rows = vec![0; 3 * open::STRIDE];
        for (count, wanted) in [(-1, 1), (0, 1), (1, 1), (2, 2), (3, 3), (4, 3), (i32::MAX, 3)] {
            rows[open::COUNT] = count;
            assert_eq!(run_packets(&rows, 0), Some(wanted));
        }
        assert_eq!(run_packets(&rows, 3), None);
    }
}
