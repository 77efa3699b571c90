//! Where a text lies that our own engines encrypt or decrypt, and where it goes.

use std::ops::Range;

/// What is encrypted or decrypted, and where to; both may be the same place.
#[derive(Clone, Copy)]
pub struct Text {
    pub from: *const u8,
    pub to: *mut u8,
    pub bytes: usize,
}

impl Text {
    /// The ciphertext of a body, decrypted in place, and its ICV; None for a body that is shorter than that.
    #[inline]
    pub fn of_body(body: &mut [u8], icv_bytes: usize) -> Option<(Text, &[u8])> {
        let bytes = body.len().checked_sub(icv_bytes)?;
        let (ciphertext, icv) = body.split_at_mut(bytes);
        Some((Text { from: ciphertext.as_ptr(), to: ciphertext.as_mut_ptr(), bytes }, icv))
    }

    /// The same of a body in `arena`, whose plaintext goes to `to`; None also where that is behind it, or it not in the arena.
    #[inline]
    pub fn moved(arena: &mut [u8], body: Range<usize>, to: usize, icv_bytes: usize) -> Option<(Text, &[u8])> {
        let bytes = body.len().checked_sub(icv_bytes)?;
        if body.end > arena.len() || to > body.start {
            return None;
        }
        let (before, icv) = arena.split_at_mut(body.start + bytes);
        let base = before.as_mut_ptr();
        Some((Text { from: base.wrapping_add(body.start), to: base.wrapping_add(to), bytes }, &icv[..icv_bytes]))
    }
}
