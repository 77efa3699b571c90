//! ChaCha20-Poly1305 for texts of more than fifteen registers. Sixteen blocks go side by side, the last eight or fewer as rows; what
//! was encrypted before, or what is going to be decrypted, is hashed between their rounds.

use std::arch::x86_64::*;

use super::chacha_packet::{Packet, block};
use super::chacha_rows::FOUR;
use super::chacha_words::{self, SIXTEEN};
use super::pieces::{PIECE_BYTES, low_bits};
use super::poly1305::{OneTimeKey, TAG_BYTES};
use super::poly1305_lanes::{Lanes, Last, STEP_BYTES};
use super::poly1305_steps::Steps;
use crate::checksum::WordSum;

/// Text of the first pass.
pub const FIRST_REGISTERS: usize = SIXTEEN - 1;
/// Groups of rows in the last pass, and what it is for at most.
const LAST_GROUPS: usize = 2;
const LAST_REGISTERS: usize = LAST_GROUPS * FOUR;

/// Encrypt, or decrypt; gives the tag, and the sum of what was decrypted.
///
/// # Safety
/// As that of `Packet::crypt`; the text has more than `FIRST_REGISTERS`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
pub unsafe fn crypt<const SEALS: bool>(packet: &Packet) -> ([u8; TAG_BYTES], u64) {
    let (nonce, end) = (packet.nonce_words(), packet.bytes.div_ceil(PIECE_BYTES));
    let mut keystream = chacha_words::keystream(packet.key, nonce, 0);
    let key = OneTimeKey::new(keystream[0]);
    let mut long = Long::<SEALS>::new(packet, key, end);
    // SAFETY: the caller's promise, and the conditions.
    unsafe {
        // What seals uses its keystream at once, and hashes meanwhile what is sealed; what opens hashes first, and keeps it.
        let (mut kept_from, mut skip, mut from) = (0, 1, FIRST_REGISTERS);
        if SEALS {
            long.take(&keystream[skip..], kept_from);
        }
        while end > from + LAST_REGISTERS {
            let next = chacha_words::keystream_hashing(packet.key, nonce, 1 + from as u32, &mut long.steps);
            if SEALS {
                long.take(&next, from);
            } else {
                long.take(&keystream[skip..], kept_from);
                (keystream, skip, kept_from) = (next, 0, from);
            }
            from += SIXTEEN;
        }
        if end > from {
            let rows = packet.rows::<LAST_GROUPS>(1 + from as u32);
            let next = packet.key.keystream_hashing(rows, &mut long.steps);
            if !SEALS {
                long.take(&keystream[skip..], kept_from);
            }
            long.take(next.as_flattened(), from);
        } else if !SEALS {
            long.take(&keystream[skip..], kept_from);
        }
        if SEALS {
            long.hash_last();
        }
    }
    (long.steps.lanes.tag(key, long.last, block(packet.lengths)), long.sum.total())
}

struct Long<'a, const SEALS: bool> {
    packet: &'a Packet<'a>,
    steps: Steps,
    whole_steps: usize,
    /// Registers of the text.
    end: usize,
    sum: WordSum,
    last: Last,
    is_hashed: bool,
}

impl<'a, const SEALS: bool> Long<'a, SEALS> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    fn new(packet: &'a Packet<'a>, key: OneTimeKey, end: usize) -> Self {
        let text = if SEALS { packet.to.cast_const() } else { packet.source.place(0) };
        let (lanes, whole_steps) = (Lanes::begin(key, block(packet.aad)), packet.bytes / STEP_BYTES);
        let mut steps = Steps::new(lanes, text);
        if !SEALS {
            steps.allow(whole_steps);
        }
        let last = Last { registers: [_mm512_setzero_si512(); 2], bytes: 0 };
        Long { packet, steps, whole_steps, end, sum: WordSum::new(), last, is_hashed: false }
    }

    /// Add keystream to the text from a register on. What is decrypted is hashed before.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512ifma,avx512vbmi2")]
    unsafe fn take(&mut self, keystream: &[__m512i], from: usize) {
        let end = self.end.min(from + keystream.len());
        // SAFETY: the caller's promise; masks let through what is left.
        unsafe {
            if !SEALS && end.div_ceil(2) > self.whole_steps {
                self.hash_last();
            } else if !SEALS {
                self.steps.take_until(end.div_ceil(2));
            }
            let whole = end.min(self.packet.bytes / PIECE_BYTES);
            let mut keystream = keystream.iter();
            for (register, keystream) in (from..whole).zip(&mut keystream) {
                // What is stored under a mask can not be read before it has left the store buffer.
                let (_, output) = self.packet.take_whole::<SEALS>(register, *keystream);
                if !SEALS {
                    self.sum.add(output);
                }
            }
            if let Some(keystream) = keystream.next().filter(|_| whole < end) {
                let mask = low_bits(self.packet.bytes % PIECE_BYTES);
                let (_, output) = self.packet.take::<SEALS>(whole, mask, *keystream);
                if !SEALS {
                    self.sum.add(output);
                }
            }
            if SEALS {
                self.steps.allow((end / 2).min(self.whole_steps));
            }
        }
    }

    /// Hash what is left, but the last step.
    ///
    /// # Safety
    /// As that of `crypt`; the ciphertext is there.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512ifma,avx512vbmi2")]
    unsafe fn hash_last(&mut self) {
        if self.is_hashed {
            return;
        }
        self.is_hashed = true;
        self.steps.allow(self.whole_steps);
        // SAFETY: the caller's promise; masks let through what is left.
        unsafe {
            self.steps.take_until(self.whole_steps);
            let bytes = self.packet.bytes % STEP_BYTES;
            let from = self.steps.from();
            let low = _mm512_maskz_loadu_epi8(low_bits(bytes), from.cast());
            let high = low_bits(bytes.saturating_sub(PIECE_BYTES));
            let high = _mm512_maskz_loadu_epi8(high, from.wrapping_add(PIECE_BYTES).cast());
            if bytes.next_multiple_of(TAG_BYTES) == STEP_BYTES {
                self.steps.lanes = self.steps.lanes.step([low, high]);
            } else {
                self.last = Last { registers: [low, high], bytes };
            }
        }
    }
}
