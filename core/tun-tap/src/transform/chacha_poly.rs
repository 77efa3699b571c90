//! ChaCha20-Poly1305 for ESP (RFC 7634) on AVX-512 registers: the engine. What it does with a packet is in chacha_packet.rs.

use std::ops::Range;

use super::aead::{Aead, IV_BYTES, Salt};
use super::chacha_packet::Packet;
use super::chacha_rows::{Key, nonce_row};
use super::chacha_source::Source;
use super::cpu;
use super::pieces::Pieces;
use super::poly1305::TAG_BYTES;
use super::text::Text;

/// ChaCha20-Poly1305 with a key.
struct ChaChaPoly {
    key: Key,
    salt: Salt,
}

/// An engine; None where the CPU can not run it, and for a key or salt of the wrong length.
pub fn boxed_chacha(key: &[u8], salt: &[u8]) -> Option<Box<dyn Aead>> {
    if !cpu::has_chacha_lanes() {
        return None;
    }
    Some(Box::new(ChaChaPoly { key: Key::new(key)?, salt: Salt::new(salt)? }))
}

impl ChaChaPoly {
    /// A packet; None where the additional data are longer than a block.
    fn packet(&self, aad: &[u8], iv: [u8; IV_BYTES], source: Source, to: *mut u8, bytes: usize) -> Option<Packet<'_>> {
        let lengths = [aad.len() as u64, bytes as u64];
        Some(Packet {
            key: &self.key,
            nonce: nonce_row(self.salt.bytes(), iv),
            aad: padded(aad)?,
            lengths,
            source,
            to,
            bytes,
        })
    }

    /// Decrypt a text; gives its sum if `icv` is the one that it must have.
    ///
    /// # Safety
    /// The text is readable and writable for its bytes, and what is written to not behind what is read.
    unsafe fn open_text(&self, aad: &[u8], iv: [u8; IV_BYTES], text: Text, icv: &[u8]) -> Option<u64> {
        let packet = self.packet(aad, iv, Source::of(text.from), text.to, text.bytes)?;
        // SAFETY: `boxed_chacha` has asked the CPU; the caller's promise.
        let (tag, sum) = unsafe { packet.crypt::<false>() };
        // All bytes at once: the time depends on none of them.
        (u128::from_le_bytes(tag) == u128::from_le_bytes(*icv.first_chunk()?)).then_some(sum)
    }
}

impl Aead for ChaChaPoly {
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool {
        self.seal_pieces(aad, iv, &Pieces::of(plaintext), out)
    }

    fn takes_pieces(&self, _bytes: usize) -> bool {
        true
    }

    fn seal_pieces(&self, aad: &[u8], iv: [u8; IV_BYTES], pieces: &Pieces, out: &mut [u8]) -> bool {
        let Some((ciphertext, icv)) = out.split_last_chunk_mut().filter(|(text, _)| text.len() == pieces.bytes) else {
            return false;
        };
        // SAFETY: `boxed_chacha` has asked the CPU.
        let source = unsafe { Source::of_pieces(pieces) };
        let Some(packet) = self.packet(aad, iv, source, ciphertext.as_mut_ptr(), pieces.bytes) else { return false };
        // SAFETY: `boxed_chacha` has asked the CPU; the slice has that many bytes.
        (*icv, _) = unsafe { packet.crypt::<true>() };
        true
    }

    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool {
        self.open_summed(aad, iv, body).is_some()
    }

    fn open_summed(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> Option<Option<u64>> {
        let (text, icv) = Text::of_body(body, TAG_BYTES)?;
        // SAFETY: the slice has that many bytes.
        unsafe { self.open_text(aad, iv, text, icv) }.map(Some)
    }

    fn can_move(&self) -> bool {
        true
    }

    fn open_moved(
        &self,
        aad: &[u8],
        iv: [u8; IV_BYTES],
        arena: &mut [u8],
        body: Range<usize>,
        to: usize,
    ) -> Option<u64> {
        let (text, icv) = Text::moved(arena, body, to, TAG_BYTES)?;
        // SAFETY: both places lie in the arena, before the ICV.
        unsafe { self.open_text(aad, iv, text, icv) }
    }
}

/// Up to a block of additional data, zeros behind.
#[inline]
fn padded(aad: &[u8]) -> Option<[u64; 2]> {
    // Without and with ESN, as numbers: gcm_pass.rs says why.
    if let (Some(low), 8 | 12) = (aad.first_chunk(), aad.len()) {
        let high = aad[8..].first_chunk().map_or(0, |high| u64::from(u32::from_le_bytes(*high)));
        return Some([u64::from_le_bytes(*low), high]);
    }
    let mut block = [0; TAG_BYTES];
    block.get_mut(..aad.len())?.copy_from_slice(aad);
    let [low, high] = *block.as_chunks::<8>().0 else { return None };
    Some([u64::from_le_bytes(low), u64::from_le_bytes(high)])
}
