//! AES-GCM for ESP (RFC 4106, NIST SP 800-38D) with AES and carry-less multiplication on AVX-512 registers, four blocks
//! in each (VAES, VPCLMULQDQ).
//!
//! What is gained over AWS-LC, whose kernel uses the same instructions, is what it spends around it on each packet of
//! 1400 bytes: docs/decisions/0006-own-aes-gcm.md has the figures. Sixteen blocks are encrypted side by side; the CPU
//! itself overlaps their hashing with the encryption of the next sixteen, on which it does not depend.

use std::arch::x86_64::*;
use std::ops::Range;

use zeroize::Zeroizing;

use super::aead::{Aead, IV_BYTES, Salt};
use super::aes_lanes::{ROUND_KEYS_MAX, RoundKeys, expand, load_keys};
use super::aws_lc::NONCE_BYTES;
use super::cpu;
use super::gcm_pass::{self, PacketKey, PaddedData};
use super::ghash_lanes::{BLOCK_BYTES, CHUNK_BLOCKS, Powers, Products};
use super::pieces::Pieces;
use super::text::Text;
use super::{gcm_open, gcm_seal};
use crate::checksum::WordSum;

/// Blocks of one register, and their bytes.
const FOUR: usize = 4;
const FOUR_BYTES: usize = FOUR * BLOCK_BYTES;
/// Registers that are encrypted side by side.
const SIDE_BY_SIDE: usize = 4;
const GROUP_BYTES: usize = SIDE_BY_SIDE * FOUR_BYTES;
/// The lowest word of each block.
const LOWEST_WORDS: u16 = 0x1111;

/// A block of the cipher.
pub type Block = [u8; BLOCK_BYTES];
type Group = [__m512i; SIDE_BY_SIDE];

/// AES-GCM with a key of `ROUNDS` rounds: 10, 12 or 14 (FIPS 197 §5).
struct GcmLanes<const ROUNDS: usize> {
    key: PacketKey,
    salt: Salt,
    icv_bytes: usize,
}

/// An engine; None where the CPU can not run it, and for a key or salt of the wrong length.
pub fn boxed_gcm(key: &[u8], salt: &[u8], icv_bytes: usize) -> Option<Box<dyn Aead>> {
    if !cpu::has_gcm_lanes() {
        return None;
    }
    let salt = Salt::new(salt)?;
    Some(match key.len() {
        16 => Box::new(GcmLanes::<10>::new(key, salt, icv_bytes)),
        24 => Box::new(GcmLanes::<12>::new(key, salt, icv_bytes)),
        32 => Box::new(GcmLanes::<14>::new(key, salt, icv_bytes)),
        _ => return None,
    })
}

impl<const ROUNDS: usize> GcmLanes<ROUNDS> {
    /// `cpu::has_gcm_lanes` must be true, and the key of the right length.
    fn new(key: &[u8], salt: Salt, icv_bytes: usize) -> Self {
        assert!(cpu::has_gcm_lanes() && icv_bytes <= BLOCK_BYTES, "the CPU lacks VAES, or the ICV is too long");
        // SAFETY: the CPU has the instructions, asked in the line above.
        unsafe {
            let keys = expand(key, ROUNDS);
            let powers = Powers::new(&hash_key(&keys, ROUNDS));
            GcmLanes { key: PacketKey::new(keys, powers), salt, icv_bytes }
        }
    }
}

impl<const ROUNDS: usize> GcmLanes<ROUNDS> {
    /// Decrypt a text; gives its sum if `icv` is the one that it must have.
    ///
    /// # Safety
    /// The text is readable and writable for its bytes, and what is written to not behind what is read. Additional data are a
    /// block at most.
    unsafe fn open_text(&self, aad: &[u8], iv: [u8; IV_BYTES], text: Text, icv: &[u8]) -> Option<u64> {
        // SAFETY: `new` has asked the CPU; the caller's promise.
        unsafe {
            let (tag, sum) = if text.bytes <= gcm_pass::BYTES_MAX {
                let nonce = gcm_pass::nonce_block(self.salt.bytes(), iv);
                gcm_open::open::<ROUNDS>(&self.key, padded(aad), nonce, text)
            } else {
                crypt::<ROUNDS, false>(self, aad, &self.salt.nonce(iv), text)
            };
            is_tag(tag, icv).then_some(sum)
        }
    }
}

impl<const ROUNDS: usize> Aead for GcmLanes<ROUNDS> {
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool {
        if plaintext.len() <= gcm_pass::BYTES_MAX {
            return self.seal_pieces(aad, iv, &Pieces::of(plaintext), out);
        }
        if aad.len() > BLOCK_BYTES || out.len() != plaintext.len() + self.icv_bytes {
            return false;
        }
        let (ciphertext, icv) = out.split_at_mut(plaintext.len());
        let text = Text { from: plaintext.as_ptr(), to: ciphertext.as_mut_ptr(), bytes: plaintext.len() };
        // SAFETY: `new` has asked the CPU; both slices have that many bytes.
        let (tag, _) = unsafe { crypt::<ROUNDS, true>(self, aad, &self.salt.nonce(iv), text) };
        icv.copy_from_slice(&block_of(tag)[..self.icv_bytes]);
        true
    }

    fn takes_pieces(&self, bytes: usize) -> bool {
        bytes <= gcm_pass::BYTES_MAX
    }

    fn seal_pieces(&self, aad: &[u8], iv: [u8; IV_BYTES], pieces: &Pieces, out: &mut [u8]) -> bool {
        let bytes = pieces.bytes;
        if aad.len() > BLOCK_BYTES || bytes > gcm_pass::BYTES_MAX || out.len() != bytes + self.icv_bytes {
            return false;
        }
        let nonce = gcm_pass::nonce_block(self.salt.bytes(), iv);
        let (ciphertext, icv) = out.split_at_mut(bytes);
        // SAFETY: `new` has asked the CPU; the slice has that many bytes.
        let tag = unsafe { gcm_seal::seal::<ROUNDS>(&self.key, padded(aad), nonce, pieces, ciphertext.as_mut_ptr()) };
        match icv.first_chunk_mut() {
            // A copy of known length is one instruction.
            Some(icv) => *icv = tag,
            None => icv.copy_from_slice(&tag[..self.icv_bytes]),
        }
        true
    }

    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool {
        self.open_summed(aad, iv, body).is_some()
    }

    fn open_summed(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> Option<Option<u64>> {
        let (text, icv) = Text::of_body(body, self.icv_bytes).filter(|_| aad.len() <= BLOCK_BYTES)?;
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
        let (text, icv) = Text::moved(arena, body, to, self.icv_bytes).filter(|_| aad.len() <= BLOCK_BYTES)?;
        // SAFETY: both places lie in the arena, before the ICV.
        unsafe { self.open_text(aad, iv, text, icv) }
    }
}

/// What the blocks of one packet go through.
struct Pass<'a, const ROUNDS: usize, const SEALS: bool> {
    keys: [__m512i; ROUND_KEYS_MAX],
    powers: &'a Powers,
    /// The next four counter blocks, bytes turned round: the counter proper is the lowest word of each.
    counters: __m512i,
    products: Products,
    /// Power that belongs to the next block that is hashed.
    exponent: usize,
    /// Of what was decrypted: each device that merges packets wants it, and here the bytes are in registers.
    sum: WordSum,
}

impl<const ROUNDS: usize, const SEALS: bool> Pass<'_, ROUNDS, SEALS> {
    /// The next four counter blocks, with the first round key.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn next_state(&mut self) -> __m512i {
        let state = _mm512_xor_si512(turn_round(self.counters), self.keys[0]);
        self.counters = _mm512_add_epi32(self.counters, _mm512_maskz_set1_epi32(LOWEST_WORDS, FOUR as i32));
        state
    }

    /// Hash up to four blocks of ciphertext.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vpclmulqdq")]
    fn hash(&mut self, ciphertext: __m512i) {
        self.products.add(turn_round(ciphertext), self.powers.four(self.exponent));
        self.exponent = self.exponent.saturating_sub(FOUR);
    }

    /// Encrypt or decrypt sixteen blocks; between the rounds hash those that are decrypted, or, where `HASHES`, those that
    /// were encrypted `before`. Gives what was encrypted.
    ///
    /// # Safety
    /// `text` is readable and writable at `at` for `GROUP_BYTES`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_group<const HASHES: bool>(&mut self, text: Text, at: usize, before: Group) -> Group {
        let mut input = before;
        let mut state = before;
        for index in 0..SIDE_BY_SIDE {
            // SAFETY: the caller's promise.
            input[index] = unsafe { _mm512_loadu_si512(text.from.add(at + index * FOUR_BYTES).cast()) };
            state[index] = self.next_state();
        }
        let hashed = if SEALS { before } else { input };
        for (index, ciphertext) in hashed.into_iter().enumerate() {
            self.encrypt_rounds(&mut state, 1 + 2 * index, 3 + 2 * index);
            if HASHES {
                self.hash(ciphertext);
            }
        }
        self.encrypt_rounds(&mut state, 1 + 2 * SIDE_BY_SIDE, ROUNDS);
        for index in 0..SIDE_BY_SIDE {
            // The last round adds its key and the text at once.
            let last = _mm512_xor_si512(self.keys[ROUNDS], input[index]);
            state[index] = _mm512_aesenclast_epi128(state[index], last);
            // SAFETY: the caller's promise.
            unsafe { _mm512_storeu_si512(text.to.add(at + index * FOUR_BYTES).cast(), state[index]) };
            if !SEALS {
                self.sum.add(state[index]);
            }
        }
        state
    }

    /// The rounds of the cipher from one up to another.
    #[inline]
    #[target_feature(enable = "avx512f,vaes")]
    fn encrypt_rounds(&self, state: &mut Group, from: usize, to: usize) {
        for key in &self.keys[from..to] {
            for register in &mut *state {
                *register = _mm512_aesenc_epi128(*register, *key);
            }
        }
    }

    /// Encrypt or decrypt up to four blocks, and hash them.
    ///
    /// # Safety
    /// `text` is readable and writable at `at` for what `mask` lets through.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_four(&mut self, text: Text, at: usize, mask: u64) {
        let mut state = self.next_state();
        for key in &self.keys[1..ROUNDS] {
            state = _mm512_aesenc_epi128(state, *key);
        }
        // SAFETY: the caller's promise.
        let input = unsafe { _mm512_maskz_loadu_epi8(mask, text.from.add(at).cast()) };
        let output = _mm512_aesenclast_epi128(state, _mm512_xor_si512(self.keys[ROUNDS], input));
        // SAFETY: the caller's promise.
        unsafe { _mm512_mask_storeu_epi8(text.to.add(at).cast(), mask, output) };
        let output = _mm512_maskz_mov_epi8(mask, output);
        if !SEALS {
            self.sum.add(output);
        }
        self.hash(if SEALS { output } else { input });
    }

    /// At most `CHUNK_BLOCKS` blocks.
    ///
    /// # Safety
    /// `text` is readable and writable from `at` to `end`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_chunk(&mut self, text: Text, mut at: usize, end: usize) {
        if at + GROUP_BYTES <= end {
            // SAFETY: the caller's promise; the condition.
            let mut before = unsafe {
                let none = [_mm512_setzero_si512(); SIDE_BY_SIDE];
                if SEALS { self.take_group::<false>(text, at, none) } else { self.take_group::<true>(text, at, none) }
            };
            at += GROUP_BYTES;
            while at + GROUP_BYTES <= end {
                // SAFETY: the caller's promise; the loop's condition.
                before = unsafe { self.take_group::<true>(text, at, before) };
                at += GROUP_BYTES;
            }
            if SEALS {
                for ciphertext in before {
                    self.hash(ciphertext);
                }
            }
        }
        while at < end {
            let mask = u64::MAX >> (FOUR_BYTES - (end - at).min(FOUR_BYTES));
            // SAFETY: the mask lets through what there is up to `end`.
            unsafe { self.take_four(text, at, mask) };
            at += FOUR_BYTES;
        }
    }
}

/// Encrypt, or decrypt; give the tag of additional data and ciphertext, and the sum of what was decrypted.
///
/// # Safety
/// `text` is readable and writable for its bytes.
#[target_feature(enable = "avx512f,avx512bw,vaes,aes,vpclmulqdq,pclmulqdq")]
unsafe fn crypt<const ROUNDS: usize, const SEALS: bool>(
    key: &GcmLanes<ROUNDS>,
    aad: &[u8],
    nonce: &[u8; NONCE_BYTES],
    text: Text,
) -> (__m128i, u64) {
    let first = first_counter(nonce);
    let from_one = _mm512_set_epi32(0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1);
    let mut pass = Pass::<ROUNDS, SEALS> {
        keys: load_keys(&key.key.keys),
        powers: &key.key.powers,
        counters: _mm512_add_epi32(_mm512_broadcast_i32x4(first), from_one),
        products: Products::new(),
        exponent: 0,
        sum: WordSum::new(),
    };
    let (mut start, mut hash) = (0, None);
    loop {
        let end = text.bytes.min(start + CHUNK_BLOCKS * BLOCK_BYTES);
        let is_last = end == text.bytes;
        pass.exponent = (end - start).div_ceil(BLOCK_BYTES) + usize::from(is_last);
        // The hash so far is added to the next block; additional data are a block of their own.
        let (front, exponent) = hash.map_or((padded(aad).0, pass.exponent + 1), |hash| (hash, pass.exponent));
        pass.products.add(_mm512_zextsi128_si512(front), pass.powers.four(exponent));
        // SAFETY: the caller's promise.
        unsafe { pass.take_chunk(text, start, end) };
        if is_last {
            break;
        }
        hash = Some(std::mem::replace(&mut pass.products, Products::new()).reduce());
        start = end;
    }
    let lengths = _mm_set_epi64x(aad.len() as i64 * 8, text.bytes as i64 * 8);
    pass.products.add(_mm512_zextsi128_si512(lengths), pass.powers.four(1));
    let hash = turn_round(_mm512_zextsi128_si512(pass.products.reduce()));
    let mask = encrypt_block(&pass.keys, ROUNDS, _mm512_castsi512_si128(turn_round(_mm512_zextsi128_si512(first))));
    (_mm_xor_si128(_mm512_castsi512_si128(hash), mask), pass.sum.total())
}

fn block_of(register: __m128i) -> Block {
    let mut block = [0; BLOCK_BYTES];
    // SAFETY: a block is 16 bytes; every x86-64 CPU has SSE2.
    unsafe { _mm_storeu_si128(block.as_mut_ptr().cast(), register) };
    block
}

/// Whether an ICV is the beginning of a tag, in a time that does not depend on either: all bytes are compared at once.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn is_tag(tag: __m128i, icv: &[u8]) -> bool {
    debug_assert!(icv.len() <= BLOCK_BYTES);
    let mask = (1 << icv.len()) - 1;
    // SAFETY: the mask lets through what there is.
    let icv = unsafe { _mm512_maskz_loadu_epi8(mask, icv.as_ptr().cast()) };
    _mm512_mask_cmpneq_epi8_mask(mask, _mm512_zextsi128_si512(tag), icv) == 0
}

/// The block that the tag is masked with, nonce and 1 (NIST SP 800-38D §7.1), bytes turned round.
fn first_counter(nonce: &[u8; NONCE_BYTES]) -> __m128i {
    let mut block = [0; BLOCK_BYTES];
    block[..NONCE_BYTES].copy_from_slice(nonce);
    block[BLOCK_BYTES - 1] = 1;
    turned_block(&block)
}

/// Up to a block of bytes, zeros behind, turned round, and how many they are.
fn padded(bytes: &[u8]) -> PaddedData {
    // Additional data without and with ESN, as numbers (`gcm_pass::nonce_block` says why).
    if let (Some(high), 8 | 12) = (bytes.first_chunk(), bytes.len()) {
        let low = bytes[8..].first_chunk().map_or(0, |low| u64::from(u32::from_be_bytes(*low)) << 32);
        // SAFETY: every x86-64 CPU has SSE2.
        return (unsafe { _mm_set_epi64x(u64::from_be_bytes(*high) as i64, low as i64) }, bytes.len());
    }
    let mut block = [0; BLOCK_BYTES];
    block[..bytes.len()].copy_from_slice(bytes);
    (turned_block(&block), bytes.len())
}

fn turned_block(block: &Block) -> __m128i {
    let value = u128::from_be_bytes(*block);
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { _mm_set_epi64x((value >> 64) as i64, value as i64) }
}

/// Turn the bytes of each block round.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub fn turn_round(blocks: __m512i) -> __m512i {
    _mm512_shuffle_epi8(blocks, _mm512_set4_epi32(0x0001_0203, 0x0405_0607, 0x0809_0a0b, 0x0c0d_0e0f))
}

/// The cipher on one block.
#[inline]
#[target_feature(enable = "avx512f,aes")]
fn encrypt_block(keys: &[__m512i; ROUND_KEYS_MAX], rounds: usize, block: __m128i) -> __m128i {
    let mut state = _mm_xor_si128(block, _mm512_castsi512_si128(keys[0]));
    for key in &keys[1..rounds] {
        state = _mm_aesenc_si128(state, _mm512_castsi512_si128(*key));
    }
    _mm_aesenclast_si128(state, _mm512_castsi512_si128(keys[rounds]))
}

/// The hash key: the cipher on zeros.
#[target_feature(enable = "avx512f,aes")]
fn hash_key(keys: &RoundKeys, rounds: usize) -> Zeroizing<Block> {
    let mut key = Zeroizing::new([0; BLOCK_BYTES]);
    // SAFETY: a block is 16 bytes.
    unsafe { _mm_storeu_si128(key.as_mut_ptr().cast(), encrypt_block(&load_keys(keys), rounds, _mm_setzero_si128())) };
    key
}

#[cfg(test)]
mod tests {
    use super::super::aead::Direct;
    use super::super::aws_lc::Kind;
    use super::super::engine_trials::{agree, lengths, random, refuses_changed_bits, stays_inside};
    use super::*;

    /// Our own engine and AWS-LC's, with one key.
    fn both(key: &[u8], salt: &[u8], icv_bytes: usize) -> Option<[Box<dyn Aead>; 2]> {
        Some([boxed_gcm(key, salt, icv_bytes)?, Direct::boxed(Kind::AesGcm, key, salt, icv_bytes)?])
    }

    #[test]
    fn every_length_gives_what_aws_lc_gives_and_opens_in_place() {
        let text = random::<20_000>();
        for key_bytes in [16, 24, 32] {
            let (salt, icv_bytes) = (random::<4>(), key_bytes / 2);
            let Some(engines) = both(&random::<32>()[..key_bytes], &salt, icv_bytes) else { return };
            for length in lengths() {
                let aad = random::<12>();
                agree(&engines, &aad[..if length % 2 == 0 { 8 } else { 12 }], &text[..length], icv_bytes);
            }
        }
    }

    #[test]
    fn a_changed_bit_anywhere_does_not_open() {
        for icv_bytes in [8, 12, 16] {
            let Some([own, _]) = both(&random::<32>(), &random::<4>(), icv_bytes) else { return };
            for length in [54, 600] {
                refuses_changed_bits(&*own, length, icv_bytes);
            }
        }
    }

    #[test]
    fn nothing_is_written_outside_of_what_is_asked_for() {
        let Some([own, _]) = both(&random::<16>(), &random::<4>(), 16) else { return };
        for length in [1, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1404, 1536] {
            stays_inside(&*own, length);
        }
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        let Some([own, _]) = both(&random::<16>(), &random::<4>(), 16) else { return };
        assert!(!own.seal(&[0; 8], [1; 8], &[0; 20], &mut [0; 35]));
        assert!(!own.seal(&[0; 17], [1; 8], &[0; 20], &mut [0; 36]));
        assert!(!own.open(&[0; 8], [1; 8], &mut [0; 15]));
        assert!([15, 17, 33].iter().all(|bytes| boxed_gcm(&vec![0; *bytes], &[0; 4], 16).is_none()));
        assert!(boxed_gcm(&[0; 16], &[0; 5], 16).is_none());
    }
}
