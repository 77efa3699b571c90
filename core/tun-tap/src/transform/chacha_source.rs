//! Where the plaintext of a packet lies that ChaCha20-Poly1305 seals: in one, or in pieces with a checksum still open (pieces.rs).

use super::gcm_seal::payload_sum;
use super::pieces::{GROUP_PIECES, PIECE_BYTES, Pieces};

/// Where the registers of a text lie: some from the front on, backwards; some behind them; the rest.
pub struct Source {
    front: usize,
    front_at: *const u8,
    middle_end: usize,
    /// Both as if their part were the whole text.
    middle: *const u8,
    rest: *const u8,
    /// A word that is put into the first register, and where.
    pub field: i16,
    pub field_mask: u32,
}

impl Source {
    /// A text that lies in one.
    pub fn of(text: *const u8) -> Source {
        Source { front: 0, front_at: text, middle_end: 0, middle: text, rest: text, field: 0, field_mask: 0 }
    }

    /// Pieces, with the checksum that they want.
    ///
    /// # Safety
    /// The CPU has AVX-512BW.
    pub unsafe fn of_pieces(pieces: &Pieces) -> Source {
        let (front, left) = (pieces.front, pieces.left.as_ptr());
        let middle_end = front + pieces.groups.len() * GROUP_PIECES;
        let mut source = Source {
            front,
            front_at: left
                .wrapping_add((pieces.left.len().div_ceil(PIECE_BYTES).wrapping_sub(1)).wrapping_mul(PIECE_BYTES)),
            middle_end,
            middle: pieces.groups.as_ptr().cast::<u8>().wrapping_sub(front * PIECE_BYTES),
            rest: left.wrapping_sub(middle_end * PIECE_BYTES),
            field: 0,
            field_mask: 0,
        };
        if let Some(unsummed) = &pieces.unsummed {
            // SAFETY: the caller's promise.
            let sum = unsafe { payload_sum(pieces, unsummed) };
            source.field = unsummed.checksum.value(sum).to_be() as i16;
            source.field_mask = 1 << (unsummed.checksum.at / 2);
        }
        source
    }

    /// Where a register of the text is.
    #[inline]
    pub fn place(&self, register: usize) -> *const u8 {
        if register < self.front {
            return self.front_at.wrapping_sub(register * PIECE_BYTES);
        }
        let base = if register < self.middle_end { self.middle } else { self.rest };
        base.wrapping_add(register * PIECE_BYTES)
    }
}
