//! Opening batches in place: lengths, ICV, and only then decryption (RFC 4303 §3.4.4).
//!
//! An AEAD opens a packet at once. Packets of other ciphers are looked at side by side (`staged.rs`).

use std::cell::RefCell;

use super::aead::{Aead, IV_BYTES};
use super::cipher::Span;
use super::handle::{self, Table};
use super::staged::Staged;
use super::{AdditionalData, ESP_HEADER_BYTES, Engine, TRAILER_BYTES, Transform};
use crate::failure::Outcome;
use crate::rows::{self, open};

thread_local! {
    static STAGED: RefCell<Staged> = const { RefCell::new(Staged::new()) };
}

/// Run `count` open jobs in `arena`. The bytes of a failed job are undefined.
pub fn open_batch(rows: &mut [i32], count: usize, arena: &mut [u8]) -> Outcome<()> {
    rows::check_count(rows, count, open::STRIDE, "opening")?;
    STAGED.with_borrow_mut(|staged| {
        staged.clear();
        let mut opener = Opener { table: &handle::read(), rows, arena, staged, staged_end: 0 };
        (0..count).for_each(|index| opener.take(index));
        opener.finish_staged();
    });
    Ok(())
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
    /// Open the packet of row `index`, or put it aside.
    fn take(&mut self, index: usize) {
        let row = &mut self.rows[index * open::STRIDE..(index + 1) * open::STRIDE];
        row[open::OUT_OFFSET] = row[open::OFFSET];
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
                    Engine::Aead(aead) if open_aead(aead.as_ref(), transform, &span, self.arena) => {
                        row[open::OUT_LENGTH] = span.body(transform.iv_bytes).len() as i32;
                    }
                    Engine::Aead(_) => {}
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

/// Open one packet; the plaintext takes the ciphertext's place. False when the ICV is not good.
fn open_aead(aead: &dyn Aead, transform: &Transform, span: &Span, arena: &mut [u8]) -> bool {
    let body = span.body(transform.iv_bytes);
    let (front, rest) = arena.split_at_mut(body.start);
    let header = &front[span.start..];
    let aad = AdditionalData::new(header, span.sequence_high);
    let mut iv = [0; IV_BYTES];
    iv.copy_from_slice(&header[ESP_HEADER_BYTES..]);
    aead.open(aad.as_bytes(), iv, &mut rest[..body.len() + transform.icv_bytes])
}
