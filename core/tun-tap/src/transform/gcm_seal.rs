//! Sealing of packets by AES-GCM on AVX-512 registers (gcm_lanes.rs) with all that a packet's own length allows: it is
//! hashed in one go, its registers are taken in any order, and its TCP or UDP checksum is added up while the payload is in
//! registers. The header's register is the last one, when the checksum is known.
//!
//! The counter of a packet moves the last byte of its block only, and that moves one column of the cipher's state behind
//! the first round, in the same way for each nonce. These columns are computed once for a key: a round and what makes the
//! counters are saved (docs/decisions/0006-own-aes-gcm.md has the figures).

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use super::aes_lanes::RoundKeys;
use super::gcm_lanes::{Block, turn_round};
use super::ghash_lanes::{BLOCK_BYTES, CHUNK_BLOCKS, Powers, Products};
use super::pieces::{GROUP_PIECES, Group, PIECE_BYTES, Pieces, Unsummed};
use crate::checksum::WordSum;

/// The longest text.
pub const BYTES_MAX: usize = CHUNK_BLOCKS * BLOCK_BYTES;

/// Blocks of one register.
const FOUR: usize = 4;
/// Registers that are encrypted side by side: enough that the cipher's latency does not count.
const WIDE: usize = GROUP_PIECES;
/// The counter of the first block of text; 1 is the tag's (NIST SP 800-38D §7.1).
const FIRST_COUNTER: usize = 2;
const COUNTERS: usize = (FIRST_COUNTER + CHUNK_BLOCKS).next_multiple_of(FOUR) + FOUR;

/// What each counter adds to the first column behind the first round.
pub struct FirstRounds(Zeroizing<[u32; COUNTERS]>);

impl FirstRounds {
    /// Of a key.
    #[target_feature(enable = "aes")]
    pub fn new(keys: &RoundKeys) -> FirstRounds {
        let round = |counter: u32| {
            // Without a nonce: what it changes, it changes for each counter alike.
            let block = _mm_xor_si128(key_block(keys, 0), counter_block(counter));
            _mm_cvtsi128_si32(_mm_aesenc_si128(block, key_block(keys, 1))) as u32
        };
        let mut columns = Zeroizing::new([0; COUNTERS]);
        for (counter, column) in (0..).zip(columns.iter_mut()) {
            *column = round(counter) ^ round(0);
        }
        FirstRounds(columns)
    }

    /// The columns of four blocks, the first of them that of `counter`.
    ///
    /// # Safety
    /// There are four.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn four(&self, counter: usize) -> __m512i {
        const NONE: i32 = -1;
        let spread = _mm512_set_epi32(
            NONE,
            NONE,
            NONE,
            0x0f0e_0d0c,
            NONE,
            NONE,
            NONE,
            0x0b0a_0908,
            NONE,
            NONE,
            NONE,
            0x0706_0504,
            NONE,
            NONE,
            NONE,
            0x0302_0100,
        );
        debug_assert!(counter + FOUR <= COUNTERS);
        // SAFETY: the caller's promise; four columns are 16 bytes.
        let columns = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(self.0.as_ptr().add(counter).cast()) });
        _mm512_shuffle_epi8(columns, spread)
    }
}

/// What a key has for sealing.
pub struct SealKey<'a> {
    pub keys: &'a RoundKeys,
    pub powers: &'a Powers,
    pub first_rounds: &'a FirstRounds,
}

/// Encrypt `pieces` to `to`; gives the tag. `nonce` is the block with the counter 0.
///
/// # Safety
/// `to` is writable for all bytes of the pieces, of which there are at most `BYTES_MAX`.
#[target_feature(enable = "avx512f,avx512bw,vaes,aes,vpclmulqdq,pclmulqdq")]
pub unsafe fn seal<const ROUNDS: usize>(
    key: &SealKey,
    (aad, aad_bytes): (__m128i, usize),
    nonce: __m128i,
    pieces: &Pieces,
    to: *mut u8,
) -> Block {
    let bytes = pieces.bytes;
    let exponent = bytes.div_ceil(BLOCK_BYTES) + 1;
    let first_round = _mm_aesenc_si128(_mm_xor_si128(nonce, key_block(key.keys, 0)), key_block(key.keys, 1));
    let first_round = _mm512_broadcast_i32x4(first_round);
    let pass = Pass::<ROUNDS> { key, first_round, powers: key.powers.from(exponent), to };
    let mut products = Products::new();
    products.add(_mm512_zextsi128_si512(aad), key.powers.four(exponent + 1));
    let lengths = _mm_set_epi64x(aad_bytes as i64 * 8, bytes as i64 * 8);
    products.add(_mm512_zextsi128_si512(lengths), key.powers.four(1));
    let mask = pass.tag_mask();
    let mut left = Left::new(pieces);
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(unsummed) = &pieces.unsummed {
            let mut sum = WordSum::new();
            products = pass.take_groups::<true>(products, &mut sum, pieces);
            add_left(&mut sum, pieces, unsummed);
            left.set_field(unsummed, sum.total());
        } else {
            products = pass.take_groups::<false>(products, &mut WordSum::new(), pieces);
        }
        let mut from = 0;
        if !pieces.groups.is_empty() {
            from = left.count.min(WIDE);
            products = pass.take_left::<true>(products, &left, 0, from);
        }
        while from < left.count {
            let count = (left.count - from).min(WIDE);
            products = pass.take_left::<false>(products, &left, from, count);
            from += count;
        }
    }
    let hash = turn_round(_mm512_zextsi128_si512(products.reduce()));
    let mut tag = [0; BLOCK_BYTES];
    // SAFETY: a block is 16 bytes.
    unsafe { _mm_storeu_si128(tag.as_mut_ptr().cast(), _mm_xor_si128(_mm512_castsi512_si128(hash), mask)) };
    tag
}

/// What the registers of one packet go through. Products are handed from step to step rather than kept in here: so they
/// stay in registers.
struct Pass<'a, const ROUNDS: usize> {
    key: &'a SealKey<'a>,
    /// The block with the counter 0 behind the first round, four times.
    first_round: __m512i,
    /// From the power of the first block down.
    powers: &'a [u128],
    to: *mut u8,
}

/// The rounds between the first and the last of `state`; meanwhile, where `HASHES`, the eight registers that were encrypted
/// before are hashed. As a function it is not inlined, and its arguments go through memory.
macro_rules! encrypt_rounds {
    ($pass:ident, $products:ident, $state:ident, $hashed:expr) => {
        for round in 2..2 + WIDE {
            encrypt_round(&mut $state, $pass.key_of_round(round));
            if HASHES {
                let register = $hashed + round - 2;
                // SAFETY: it was written there, and is one of the packet's.
                unsafe { $pass.hash(&mut $products, register, _mm512_loadu_si512($pass.place(register).cast())) };
            }
        }
        for round in 2 + WIDE..ROUNDS {
            encrypt_round(&mut $state, $pass.key_of_round(round));
        }
    };
}

impl<const ROUNDS: usize> Pass<'_, ROUNDS> {
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
        let mut state = [self.first_round; WIDE];
        for (index, state) in state.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            *state = unsafe { self.start(register + index) };
        }
        encrypt_rounds!(self, products, state, register - WIDE);
        let last = self.key_of_round(ROUNDS);
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
        let mut state = [self.first_round; N];
        for (index, state) in state.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            *state = unsafe { self.start(left.register_of(from + index)) };
        }
        encrypt_rounds!(self, products, state, left.register - WIDE);
        let last = self.key_of_round(ROUNDS);
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
                self.hash(&mut products, register, _mm512_maskz_mov_epi8(mask, ciphertext));
            }
        }
        products
    }

    /// Counters of a register behind the first round.
    ///
    /// # Safety
    /// It is one of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn start(&self, register: usize) -> __m512i {
        // SAFETY: the caller's promise: a packet has at most `CHUNK_BLOCKS`.
        _mm512_xor_si512(self.first_round, unsafe { self.key.first_rounds.four(FIRST_COUNTER + register * FOUR) })
    }

    /// Hash the ciphertext of a register. Its powers are not looked for in a slice: with branches among the
    /// rounds, and products in memory, a packet took 20 ns more.
    ///
    /// # Safety
    /// It is one of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vpclmulqdq")]
    unsafe fn hash(&self, products: &mut Products, register: usize, ciphertext: __m512i) {
        debug_assert!(register * FOUR + FOUR <= self.powers.len());
        // SAFETY: the caller's promise; four powers are 64 bytes.
        let powers = unsafe { _mm512_loadu_si512(self.powers.as_ptr().add(register * FOUR).cast()) };
        products.add(turn_round(ciphertext), powers);
    }

    fn place(&self, register: usize) -> *mut u8 {
        self.to.wrapping_add(register * PIECE_BYTES)
    }

    /// A round key, four times. Loading it for each eight registers is cheaper than keeping fifteen of them in registers.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn key_of_round(&self, round: usize) -> __m512i {
        _mm512_broadcast_i32x4(key_block(self.key.keys, round))
    }

    /// The cipher on the block with the counter 1.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,aes")]
    fn tag_mask(&self) -> __m128i {
        // SAFETY: counters begin with 0.
        let mut state =
            _mm512_castsi512_si128(_mm512_xor_si512(self.first_round, unsafe { self.key.first_rounds.four(1) }));
        for round in 2..ROUNDS {
            state = _mm_aesenc_si128(state, key_block(self.key.keys, round));
        }
        _mm_aesenclast_si128(state, key_block(self.key.keys, ROUNDS))
    }
}

#[inline]
#[target_feature(enable = "avx512f,vaes")]
fn encrypt_round<const N: usize>(state: &mut [__m512i; N], key: __m512i) {
    for register in state {
        *register = in_turn(_mm512_aesenc_epi128(*register, key));
    }
}

/// Nothing, but in the order of the source. Left alone, the compiler puts the rounds of one register after those of another, which
/// is more than the CPU sorts out (4 ns a packet).
#[inline]
#[target_feature(enable = "avx512f")]
fn in_turn(mut register: __m512i) -> __m512i {
    // SAFETY: there is no instruction.
    unsafe { std::arch::asm!("/* {0} */", inout(zmm_reg) register, options(nomem, nostack, preserves_flags)) };
    register
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

/// As many bits, 64 at most.
#[inline]
fn low_bits(count: usize) -> u64 {
    if count >= PIECE_BYTES { u64::MAX } else { (1 << count) - 1 }
}

/// A nonce of salt and IV (RFC 4106 §4) with the counter 0, as a block. From numbers: a block that is put together in memory
/// can only be read once what was written before it has left the store buffer, which waits for the packet before.
pub fn nonce_block(salt: [u8; 4], iv: [u8; 8]) -> __m128i {
    let (salt, iv) = (u32::from_le_bytes(salt), u64::from_le_bytes(iv));
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { _mm_set_epi64x((iv >> 32) as i64, (iv << 32 | u64::from(salt)) as i64) }
}

fn key_block(keys: &RoundKeys, round: usize) -> __m128i {
    // SAFETY: a round key is 16 bytes; every x86-64 CPU has SSE2.
    unsafe { _mm_loadu_si128(keys[round].as_ptr().cast()) }
}

fn counter_block(counter: u32) -> __m128i {
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { _mm_set_epi32(counter.to_be() as i32, 0, 0, 0) }
}
