//! Sealing of packets by AES-GCM on AVX-512 registers with all that a packet's own length allows (gcm_pass.rs): its registers
//! are taken in any order, and its TCP or UDP checksum is added up while the payload is in registers. The header's register
//! is the last one, when the checksum is known.

use std::arch::x86_64::*;

use super::gcm_lanes::Block;
use super::gcm_pass::{PacketKey, PaddedData, Pass, WIDE, encrypt_round, encrypt_rounds};
use super::ghash_lanes::{BLOCK_BYTES, Products};
use super::pieces::{GROUP_PIECES, Group, PIECE_BYTES, Pieces, Unsummed, low_bits};
use crate::checksum::WordSum;

/// Encrypt `pieces` to `to`; gives the tag. `nonce` is the block with the counter 0.
///
/// # Safety
/// `to` is writable for all bytes of the pieces, of which there are at most `BYTES_MAX`.
#[target_feature(enable = "avx512f,avx512bw,vaes,aes,vpclmulqdq,pclmulqdq")]
pub unsafe fn seal<const ROUNDS: usize>(
    key: &PacketKey,
    aad: PaddedData,
    nonce: __m128i,
    pieces: &Pieces,
    to: *mut u8,
) -> Block {
    let (pass, mut products) = Pass::<ROUNDS>::begin(key, aad, nonce, pieces.bytes);
    let sealing = Sealing { pass, to };
    let mut left = Left::new(pieces);
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(unsummed) = &pieces.unsummed {
            let mut sum = WordSum::new();
            products = sealing.take_groups::<true>(products, &mut sum, pieces);
            add_left(&mut sum, pieces, unsummed);
            left.set_field(unsummed, sum.total());
        } else {
            products = sealing.take_groups::<false>(products, &mut WordSum::new(), pieces);
        }
        let mut from = 0;
        if !pieces.groups.is_empty() {
            from = left.count.min(WIDE);
            products = sealing.take_left::<true>(products, &left, 0, from);
        }
        while from < left.count {
            let count = (left.count - from).min(WIDE);
            products = sealing.take_left::<false>(products, &left, from, count);
            from += count;
        }
    }
    let mut tag = [0; BLOCK_BYTES];
    // SAFETY: a block is 16 bytes.
    unsafe { _mm_storeu_si128(tag.as_mut_ptr().cast(), sealing.pass.tag(products)) };
    tag
}

/// A packet that is sealed.
struct Sealing<'a, const ROUNDS: usize> {
    pass: Pass<'a, ROUNDS>,
    to: *mut u8,
}

impl<const ROUNDS: usize> Sealing<'_, ROUNDS> {
    /// The groups: all are encrypted, and all but the last are hashed.
    ///
    /// # Safety
    /// `to` is writable for them, and they are of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_groups<const SUMS: bool>(
        &self,
        mut products: Products,
        sum: &mut WordSum,
        pieces: &Pieces,
    ) -> Products {
        let Some((first, others)) = pieces.groups.split_first() else { return products };
        let mut register = pieces.front;
        // SAFETY: the caller's promise.
        unsafe {
            products = self.take_group::<SUMS, false>(products, sum, first, register);
            for group in others {
                register += WIDE;
                products = self.take_group::<SUMS, true>(products, sum, group, register);
            }
        }
        products
    }

    /// Encrypt eight registers of `group`, and meanwhile hash the eight before them, where `HASHES`.
    ///
    /// # Safety
    /// `to` is writable for them, and they are of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_group<const SUMS: bool, const HASHES: bool>(
        &self,
        mut products: Products,
        sum: &mut WordSum,
        group: &Group,
        register: usize,
    ) -> Products {
        let mut state = [self.pass.first_round; WIDE];
        for (index, state) in state.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            *state = unsafe { self.pass.start(register + index) };
        }
        encrypt_rounds!(self.pass, state, index => {
            if HASHES {
                // SAFETY: the caller's promise; the group before was written.
                unsafe { self.hash_written(&mut products, register - WIDE + index) };
            }
        });
        let last = self.pass.key_of_round(ROUNDS);
        for (index, text) in group.as_chunks::<PIECE_BYTES>().0.iter().enumerate() {
            // SAFETY: a piece is 64 bytes, and `to` is writable by the caller's promise.
            unsafe {
                let text = _mm512_loadu_si512(text.as_ptr().cast());
                if SUMS {
                    sum.add(text);
                }
                // The last round adds its key and the text at once.
                let ciphertext = _mm512_aesenclast_epi128(state[index], _mm512_xor_si512(last, text));
                _mm512_storeu_si512(self.place(register + index).cast(), ciphertext);
            }
        }
        products
    }

    /// Encrypt and hash `count` of the registers that are left, eight at most, and hash the last group, where `HASHES`.
    ///
    /// # Safety
    /// `to` is writable for them, and they are of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_left<const HASHES: bool>(
        &self,
        products: Products,
        left: &Left,
        from: usize,
        count: usize,
    ) -> Products {
        // SAFETY: the caller's promise.
        unsafe {
            match count {
                0 => self.take_some::<0, HASHES>(products, left, from),
                1 => self.take_some::<1, HASHES>(products, left, from),
                2 => self.take_some::<2, HASHES>(products, left, from),
                3 => self.take_some::<3, HASHES>(products, left, from),
                4 => self.take_some::<4, HASHES>(products, left, from),
                5 => self.take_some::<5, HASHES>(products, left, from),
                6 => self.take_some::<6, HASHES>(products, left, from),
                7 => self.take_some::<7, HASHES>(products, left, from),
                _ => self.take_some::<WIDE, HASHES>(products, left, from),
            }
        }
    }

    /// # Safety
    /// As that of `take_left`; there are `N` behind `from`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
    unsafe fn take_some<const N: usize, const HASHES: bool>(
        &self,
        mut products: Products,
        left: &Left,
        from: usize,
    ) -> Products {
        let mut state = [self.pass.first_round; N];
        for (index, state) in state.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            *state = unsafe { self.pass.start(left.register_of(from + index)) };
        }
        encrypt_rounds!(self.pass, state, index => {
            if HASHES {
                // SAFETY: the caller's promise; the last group was written.
                unsafe { self.hash_written(&mut products, left.register - WIDE + index) };
            }
        });
        let last = self.pass.key_of_round(ROUNDS);
        for (index, state) in state.into_iter().enumerate() {
            let (register, mask) = (left.register_of(from + index), left.mask_of(from + index));
            let place = left.place.wrapping_add((from + index) * PIECE_BYTES);
            // SAFETY: the caller's promise.
            unsafe {
                let mut text = _mm512_maskz_loadu_epi8(mask, place.cast());
                if index == N - 1 {
                    let field_mask = if from + N == left.count { left.field_mask } else { 0 };
                    text = _mm512_mask_set1_epi16(text, field_mask, left.field);
                }
                let ciphertext = _mm512_aesenclast_epi128(state, _mm512_xor_si512(last, text));
                _mm512_mask_storeu_epi8(self.place(register).cast(), mask, ciphertext);
                self.pass.hash(&mut products, register, _mm512_maskz_mov_epi8(mask, ciphertext));
            }
        }
        products
    }

    /// Hash the ciphertext of a register.
    ///
    /// # Safety
    /// It was written, and is one of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vpclmulqdq")]
    unsafe fn hash_written(&self, products: &mut Products, register: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.pass.hash(products, register, _mm512_loadu_si512(self.place(register).cast())) };
    }

    fn place(&self, register: usize) -> *mut u8 {
        self.to.wrapping_add(register * PIECE_BYTES)
    }
}

/// The registers that groups leave.
struct Left {
    place: *const u8,
    /// How many there are, and how many of them before the front.
    count: usize,
    front_at: usize,
    /// The packet's number of the first of them.
    register: usize,
    /// Bytes of the last one before the front.
    last_mask: u64,
    /// A word that is put into the very last, and where.
    field: i16,
    field_mask: u32,
}

impl Left {
    #[inline]
    fn new(pieces: &Pieces) -> Left {
        let count = pieces.left.len().div_ceil(PIECE_BYTES);
        Left {
            place: pieces.left.as_ptr(),
            count,
            front_at: count - pieces.front,
            register: pieces.front + pieces.groups.len() * WIDE,
            last_mask: u64::MAX >> (pieces.bytes.wrapping_neg() % PIECE_BYTES),
            field: 0,
            field_mask: 0,
        }
    }

    #[inline]
    fn set_field(&mut self, unsummed: &Unsummed, payload_sum: u64) {
        self.field = unsummed.checksum.value(payload_sum).to_be() as i16;
        self.field_mask = 1 << (unsummed.checksum.at / 2);
    }

    /// The packet's number.
    #[inline]
    fn register_of(&self, index: usize) -> usize {
        if index < self.front_at { self.register + index } else { self.count - 1 - index }
    }

    /// Bytes that are text.
    #[inline]
    fn mask_of(&self, index: usize) -> u64 {
        if index + 1 == self.front_at { self.last_mask } else { u64::MAX }
    }
}

/// The sum of the payload, for an engine that does not add it up on its way.
#[target_feature(enable = "avx512f,avx512bw")]
pub fn payload_sum(pieces: &Pieces, unsummed: &Unsummed) -> u64 {
    let mut sum = WordSum::new();
    for piece in pieces.groups.as_flattened().as_chunks::<PIECE_BYTES>().0 {
        // SAFETY: a piece is 64 bytes.
        sum.add(unsafe { _mm512_loadu_si512(piece.as_ptr().cast()) });
    }
    add_left(&mut sum, pieces, unsummed);
    sum.total()
}

/// Add up what groups leave of the payload.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add_left(sum: &mut WordSum, pieces: &Pieces, unsummed: &Unsummed) {
    let (front, rest) = (pieces.front * PIECE_BYTES, pieces.groups.len() * GROUP_PIECES * PIECE_BYTES);
    let rest_bytes = unsummed.end - front - rest;
    let (rest, front) = pieces.left.split_at(pieces.left.len() - front);
    for (index, piece) in rest.as_chunks::<PIECE_BYTES>().0.iter().enumerate() {
        let mask = low_bits(rest_bytes.saturating_sub(index * PIECE_BYTES));
        // SAFETY: a piece is 64 bytes.
        sum.add(unsafe { _mm512_maskz_loadu_epi8(mask, piece.as_ptr().cast()) });
    }
    for (index, piece) in front.as_chunks::<PIECE_BYTES>().0.iter().rev().enumerate() {
        let mask = !low_bits(unsummed.header_bytes.saturating_sub(index * PIECE_BYTES));
        // SAFETY: as above.
        sum.add(unsafe { _mm512_maskz_loadu_epi8(mask, piece.as_ptr().cast()) });
    }
}
