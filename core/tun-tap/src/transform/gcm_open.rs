//! Opening of packets by AES-GCM on AVX-512 registers with all that a packet's own length allows (gcm_pass.rs). Eight registers
//! are decrypted side by side, and hashed between the rounds; what they decrypt to is added up while it is there.

use std::arch::x86_64::*;

use super::gcm_pass::{PacketKey, PaddedData, Pass, WIDE, encrypt_round, encrypt_rounds};
use super::ghash_lanes::Products;
use super::pieces::PIECE_BYTES;
use super::text::Text;
use crate::checksum::WordSum;

const GROUP_BYTES: usize = WIDE * PIECE_BYTES;

/// Decrypt a text; gives its tag, and the sum of what was decrypted. `nonce` is the block with the counter 0.
///
/// # Safety
/// The text is readable and writable for its bytes, of which there are at most `BYTES_MAX`. What is written to is not
/// behind what is read.
#[target_feature(enable = "avx512f,avx512bw,vaes,aes,vpclmulqdq,pclmulqdq")]
pub unsafe fn open<const ROUNDS: usize>(
    key: &PacketKey,
    aad: PaddedData,
    nonce: __m128i,
    text: Text,
) -> (__m128i, u64) {
    let (pass, products) = Pass::<ROUNDS>::begin(key, aad, nonce, text.bytes);
    let opening = Opening { pass, text };
    let mut totals = Totals { products, sum: WordSum::new() };
    let mut at = 0;
    // SAFETY: the caller's promise, and the conditions.
    unsafe {
        while at + GROUP_BYTES <= text.bytes {
            totals = opening.take::<WIDE, true>(totals, at);
            at += GROUP_BYTES;
        }
        totals = opening.take_left(totals, at);
    }
    (opening.pass.tag(totals.products), totals.sum.total())
}

/// What comes together over the registers of a packet. Handed on by value: so it stays in registers.
struct Totals {
    products: Products,
    sum: WordSum,
}

/// A packet that is opened.
struct Opening<'a, const ROUNDS: usize> {
    pass: Pass<'a, ROUNDS>,
    text: Text,
}

impl<const ROUNDS: usize> Opening<'_, ROUNDS> {
    /// What is left from `at` on: less than a group.
    ///
    /// # Safety
    /// As that of `open`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_left(&self, totals: Totals, at: usize) -> Totals {
        // SAFETY: the caller's promise.
        unsafe {
            match (self.text.bytes - at).div_ceil(PIECE_BYTES) {
                0 => totals,
                1 => self.take::<1, false>(totals, at),
                2 => self.take::<2, false>(totals, at),
                3 => self.take::<3, false>(totals, at),
                4 => self.take::<4, false>(totals, at),
                5 => self.take::<5, false>(totals, at),
                6 => self.take::<6, false>(totals, at),
                7 => self.take::<7, false>(totals, at),
                _ => self.take::<WIDE, false>(totals, at),
            }
        }
    }

    /// Hash and decrypt `N` registers from `at` on. If not `WHOLE`, they are the last ones, and the text ends in the last.
    ///
    /// # Safety
    /// As that of `open`; there are as many.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take<const N: usize, const WHOLE: bool>(&self, mut totals: Totals, at: usize) -> Totals {
        let register = at / PIECE_BYTES;
        let mask = if WHOLE { u64::MAX } else { u64::MAX >> (self.text.bytes.wrapping_neg() % PIECE_BYTES) };
        let is_cut = |index| !WHOLE && index == N - 1;
        let mut input = [self.pass.first_round; N];
        let mut state = input;
        for index in 0..N {
            let from = self.text.from.wrapping_add(at + index * PIECE_BYTES);
            // SAFETY: the caller's promise; the mask lets through what there is.
            unsafe {
                input[index] = if is_cut(index) {
                    _mm512_maskz_loadu_epi8(mask, from.cast())
                } else {
                    _mm512_loadu_si512(from.cast())
                };
                state[index] = self.pass.start(register + index);
            }
        }
        encrypt_rounds!(self.pass, state, index => {
            if index < N {
                // SAFETY: the caller's promise.
                unsafe { self.pass.hash(&mut totals.products, register + index, input[index]) };
            }
        });
        let last = self.pass.key_of_round(ROUNDS);
        for index in 0..N {
            // The last round adds its key and the text at once.
            let plaintext = _mm512_aesenclast_epi128(state[index], _mm512_xor_si512(last, input[index]));
            let to = self.text.to.wrapping_add(at + index * PIECE_BYTES);
            // SAFETY: the caller's promise; the mask lets through what there is.
            unsafe {
                if is_cut(index) {
                    _mm512_mask_storeu_epi8(to.cast(), mask, plaintext);
                    totals.sum.add(_mm512_maskz_mov_epi8(mask, plaintext));
                } else {
                    _mm512_storeu_si512(to.cast(), plaintext);
                    totals.sum.add(plaintext);
                }
            }
        }
        totals
    }
}
