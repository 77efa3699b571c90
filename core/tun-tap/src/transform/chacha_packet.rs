//! A packet of ChaCha20-Poly1305 (RFC 8439 §2.8) on AVX-512 registers.
//!
//! A block of ChaCha20 is a register. Several groups of four go side by side, among them the block that gives the packet's key of
//! Poly1305; then each two are added to the text, and hashed while they are in registers. The figures are in
//! docs/decisions/0016-own-chacha20-poly1305.md.

use std::arch::x86_64::*;

use super::chacha_long;
use super::chacha_rows::{FOUR, Groups, Key, counted};
use super::chacha_source::Source;
use super::pieces::{PIECE_BYTES, low_bits};
use super::poly1305::{self, OneTimeKey, TAG_BYTES};
use super::poly1305_lanes::{Lanes, Last, STEP_BYTES};
use crate::checksum::WordSum;

/// Texts up to here are one group, and hashed block by block.
const SHORT_BYTES: usize = (FOUR - 1) * PIECE_BYTES;

/// A packet on its way.
pub struct Packet<'a> {
    pub key: &'a Key,
    pub nonce: __m128i,
    pub aad: [u64; 2],
    /// Those of additional data and text.
    pub lengths: [u64; 2],
    pub source: Source,
    pub to: *mut u8,
    pub bytes: usize,
}

/// What comes together over the registers of a packet. Handed on by value: so it stays in registers.
struct Totals {
    lanes: Lanes,
    /// Of what was decrypted.
    sum: WordSum,
    last: Last,
}

impl Packet<'_> {
    /// Encrypt, or decrypt; gives the tag, and the sum of what was decrypted.
    ///
    /// # Safety
    /// The source is readable and `to` writable for all bytes. What is written to is not behind what is read.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
    pub unsafe fn crypt<const SEALS: bool>(&self) -> ([u8; TAG_BYTES], u64) {
        // SAFETY: the caller's promise, and the conditions.
        unsafe {
            match (self.bytes.div_ceil(PIECE_BYTES) + 1).div_ceil(FOUR) {
                0 | 1 => self.crypt_short::<SEALS>(),
                2 => self.crypt_from::<2, SEALS>(),
                3 => self.crypt_from::<3, SEALS>(),
                4 => self.crypt_from::<4, SEALS>(),
                _ => chacha_long::crypt::<SEALS>(self),
            }
        }
    }

    /// Text of three registers at most.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512ifma,avx512vbmi2")]
    unsafe fn crypt_short<const SEALS: bool>(&self) -> ([u8; TAG_BYTES], u64) {
        let [keystream] = self.key.keystream([counted(self.nonce, [1, 2, 3, 0])]);
        let key = OneTimeKey::new(keystream[FOUR - 1]);
        let (mut sum, mut hashed) = (WordSum::new(), [0u64; SHORT_BYTES / 8]);
        for (register, keystream) in keystream.into_iter().enumerate().take(self.bytes.div_ceil(PIECE_BYTES)) {
            let mask = low_bits(self.bytes - register * PIECE_BYTES);
            // SAFETY: the caller's promise; a register fits into what is hashed.
            unsafe {
                let (input, output) = self.take::<SEALS>(register, mask, keystream);
                sum.add(output);
                let hashed = hashed.as_mut_ptr().add(register * PIECE_BYTES / 8);
                _mm512_storeu_si512(hashed.cast(), if SEALS { output } else { input });
            }
        }
        let text = hashed.as_chunks().0[..self.bytes.div_ceil(TAG_BYTES)].iter().copied();
        let blocks = std::iter::once(self.aad).chain(text).chain(std::iter::once(self.lengths));
        (poly1305::tag(key, blocks), sum.total())
    }

    /// Text that begins with `N` groups.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
    unsafe fn crypt_from<const N: usize, const SEALS: bool>(&self) -> ([u8; TAG_BYTES], u64) {
        let mut rows = self.rows::<N>(1);
        // The last block of these is the one with the counter 0.
        let last = (N * FOUR) as u32;
        rows[N - 1] = counted(self.nonce, [last - 3, last - 2, last - 1, 0]);
        let keystream = self.key.keystream(rows);
        let key = OneTimeKey::new(keystream[N - 1][FOUR - 1]);
        let none = _mm512_setzero_si512();
        let mut totals = Totals {
            lanes: Lanes::begin(key, block(self.aad)),
            sum: WordSum::new(),
            last: Last { registers: [none; 2], bytes: 0 },
        };
        // SAFETY: the caller's promise.
        totals = unsafe { self.add::<N, SEALS>(totals, keystream) };
        (totals.lanes.tag(key, totals.last, block(self.lengths)), totals.sum.total())
    }

    /// The last three words of the state.
    #[inline]
    pub fn nonce_words(&self) -> [u32; 3] {
        // SAFETY: every x86-64 CPU has SSE2.
        let [low, high] =
            unsafe { [_mm_cvtsi128_si64(self.nonce), _mm_cvtsi128_si64(_mm_unpackhi_epi64(self.nonce, self.nonce))] };
        [(low >> 32) as u32, high as u32, (high >> 32) as u32]
    }

    /// Last rows of groups, from a counter on.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn rows<const N: usize>(&self, counter: u32) -> [__m512i; N] {
        let step = _mm512_set4_epi32(0, 0, 0, FOUR as i32);
        let mut rows = [counted(self.nonce, [counter, counter + 1, counter + 2, counter + 3]); N];
        for index in 1..N {
            rows[index] = _mm512_add_epi32(rows[index - 1], step);
        }
        rows
    }

    /// Add keystream, but its last block, to the text, and hash it.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
    unsafe fn add<const N: usize, const SEALS: bool>(&self, mut totals: Totals, keystream: Groups<N>) -> Totals {
        for (index, pair) in keystream.as_flattened().as_chunks::<2>().0.iter().enumerate() {
            let register = 2 * index;
            let Some(left) = self.bytes.checked_sub(register * PIECE_BYTES).filter(|left| *left > 0) else { break };
            // SAFETY: the caller's promise; masks let through what is left.
            unsafe {
                if left < STEP_BYTES {
                    totals = self.add_last::<SEALS>(totals, register, left, *pair);
                    break;
                }
                let low = self.take_whole::<SEALS>(register, pair[0]);
                let high = self.take_whole::<SEALS>(register + 1, pair[1]);
                totals = totals.add::<SEALS>(low, high);
            }
        }
        totals
    }

    /// The last registers of a text, one or two.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
    unsafe fn add_last<const SEALS: bool>(
        &self,
        mut totals: Totals,
        register: usize,
        left: usize,
        keystream: [__m512i; 2],
    ) -> Totals {
        let none = _mm512_setzero_si512();
        // SAFETY: the caller's promise; masks let through what is left.
        let (low, high) = unsafe {
            let low = self.take::<SEALS>(register, low_bits(left), keystream[0]);
            if left <= PIECE_BYTES {
                (low, (none, none))
            } else {
                (low, self.take::<SEALS>(register + 1, low_bits(left - PIECE_BYTES), keystream[1]))
            }
        };
        if left.div_ceil(TAG_BYTES) * TAG_BYTES == STEP_BYTES {
            return totals.add::<SEALS>(low, high);
        }
        totals.sum.add(low.1);
        totals.sum.add(high.1);
        totals.last = Last { registers: if SEALS { [low.1, high.1] } else { [low.0, high.0] }, bytes: left };
        totals
    }

    /// Add keystream to a whole register of the text; gives what was read and what was written.
    ///
    /// # Safety
    /// As that of `crypt`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub unsafe fn take_whole<const SEALS: bool>(&self, register: usize, keystream: __m512i) -> (__m512i, __m512i) {
        let (from, to) = (self.source.place(register), self.to.wrapping_add(register * PIECE_BYTES));
        // SAFETY: the caller's promise.
        unsafe {
            let mut input = _mm512_loadu_si512(from.cast());
            if SEALS && register == 0 {
                input = _mm512_mask_set1_epi16(input, self.source.field_mask, self.source.field);
            }
            let output = _mm512_xor_si512(input, keystream);
            _mm512_storeu_si512(to.cast(), output);
            (input, output)
        }
    }

    /// The same for a part of one.
    ///
    /// # Safety
    /// As that of `crypt`, for what the mask lets through.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub unsafe fn take<const SEALS: bool>(&self, register: usize, mask: u64, keystream: __m512i) -> (__m512i, __m512i) {
        let (from, to) = (self.source.place(register), self.to.wrapping_add(register * PIECE_BYTES));
        // SAFETY: the caller's promise.
        unsafe {
            let mut input = _mm512_maskz_loadu_epi8(mask, from.cast());
            if SEALS && register == 0 {
                input = _mm512_mask_set1_epi16(input, self.source.field_mask, self.source.field);
            }
            let output = _mm512_maskz_mov_epi8(mask, _mm512_xor_si512(input, keystream));
            _mm512_mask_storeu_epi8(to.cast(), mask, output);
            (input, output)
        }
    }
}

impl Totals {
    /// Two registers, each as read and as written.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    fn add<const SEALS: bool>(mut self, low: (__m512i, __m512i), high: (__m512i, __m512i)) -> Totals {
        if SEALS {
            self.lanes = self.lanes.step([low.1, high.1]);
        } else {
            self.sum.add(low.1);
            self.sum.add(high.1);
            self.lanes = self.lanes.step([low.0, high.0]);
        }
        self
    }
}

#[inline]
pub fn block([low, high]: [u64; 2]) -> __m128i {
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { _mm_set_epi64x(high as i64, low as i64) }
}
