//! What sealing and opening of packets by AES-GCM on AVX-512 registers have in common (gcm_seal.rs, gcm_open.rs): a packet is
//! short enough to be hashed in one go, and its counters move the last byte of their block only.
//!
//! That byte moves one column of the cipher's state behind the first round, in the same way for each nonce. These columns
//! are computed once for a key: a round and what makes the counters are saved (docs/decisions/0006-own-aes-gcm.md has the
//! figures).

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use super::aes_lanes::RoundKeys;
use super::gcm_lanes::turn_round;
use super::ghash_lanes::{BLOCK_BYTES, CHUNK_BLOCKS, Powers, Products};
use super::pieces::GROUP_PIECES;

/// The longest text.
pub const BYTES_MAX: usize = CHUNK_BLOCKS * BLOCK_BYTES;
/// Registers that are encrypted side by side: enough that the cipher's latency does not count.
pub const WIDE: usize = GROUP_PIECES;

/// Blocks of one register.
const FOUR: usize = 4;
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

/// What a key has for packets.
pub struct PacketKey {
    pub keys: RoundKeys,
    pub powers: Powers,
    first_rounds: FirstRounds,
}

impl PacketKey {
    /// Of round keys, and the powers of their hash key.
    #[target_feature(enable = "aes")]
    pub fn new(keys: RoundKeys, powers: Powers) -> PacketKey {
        let first_rounds = FirstRounds::new(&keys);
        PacketKey { keys, powers, first_rounds }
    }
}

/// Additional data as a block, bytes turned round, and their length.
pub type PaddedData = (__m128i, usize);

/// What the registers of one packet go through. Products are handed from step to step rather than kept in here: so they
/// stay in registers.
pub struct Pass<'a, const ROUNDS: usize> {
    key: &'a PacketKey,
    /// The block with the counter 0 behind the first round, four times.
    pub first_round: __m512i,
    /// From the power of the first block down.
    powers: &'a [u128],
    tag_mask: __m128i,
}

impl<'a, const ROUNDS: usize> Pass<'a, ROUNDS> {
    /// Of a packet of `bytes`, and the products of what is hashed beside its text. `nonce` is the block with the counter 0.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,vaes,aes,vpclmulqdq")]
    pub fn begin(
        key: &'a PacketKey,
        (aad, aad_bytes): PaddedData,
        nonce: __m128i,
        bytes: usize,
    ) -> (Pass<'a, ROUNDS>, Products) {
        let exponent = bytes.div_ceil(BLOCK_BYTES) + 1;
        let first_round = _mm_aesenc_si128(_mm_xor_si128(nonce, key_block(&key.keys, 0)), key_block(&key.keys, 1));
        let first_round = _mm512_broadcast_i32x4(first_round);
        let mut products = Products::new();
        products.add(_mm512_zextsi128_si512(aad), key.powers.four(exponent + 1));
        let lengths = _mm_set_epi64x(aad_bytes as i64 * 8, bytes as i64 * 8);
        products.add(_mm512_zextsi128_si512(lengths), key.powers.four(1));
        let tag_mask = tag_mask::<ROUNDS>(key, first_round);
        (Pass { key, first_round, powers: key.powers.from(exponent), tag_mask }, products)
    }

    /// The tag of a packet that went through.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,pclmulqdq")]
    pub fn tag(&self, products: Products) -> __m128i {
        let hash = turn_round(_mm512_zextsi128_si512(products.reduce()));
        _mm_xor_si128(_mm512_castsi512_si128(hash), self.tag_mask)
    }

    /// Counters of a register behind the first round.
    ///
    /// # Safety
    /// It is one of the packet's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub unsafe fn start(&self, register: usize) -> __m512i {
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
    pub unsafe fn hash(&self, products: &mut Products, register: usize, ciphertext: __m512i) {
        debug_assert!(register * FOUR + FOUR <= self.powers.len());
        // SAFETY: the caller's promise; four powers are 64 bytes.
        let powers = unsafe { _mm512_loadu_si512(self.powers.as_ptr().add(register * FOUR).cast()) };
        products.add(turn_round(ciphertext), powers);
    }

    /// A round key, four times. Loading it for each eight registers is cheaper than keeping fifteen of them in registers.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn key_of_round(&self, round: usize) -> __m512i {
        _mm512_broadcast_i32x4(key_block(&self.key.keys, round))
    }
}

/// The cipher on the block with the counter 1.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,aes")]
fn tag_mask<const ROUNDS: usize>(key: &PacketKey, first_round: __m512i) -> __m128i {
    // SAFETY: counters begin with 0.
    let start = _mm512_xor_si512(first_round, unsafe { key.first_rounds.four(1) });
    let mut state = _mm512_castsi512_si128(start);
    for round in 2..ROUNDS {
        state = _mm_aesenc_si128(state, key_block(&key.keys, round));
    }
    _mm_aesenclast_si128(state, key_block(&key.keys, ROUNDS))
}

/// The rounds of `state` between the first and the last, and behind each of the first eight `$between`, in which `$index`
/// counts them. As a function it is not inlined, and its arguments go through memory.
macro_rules! encrypt_rounds {
    ($pass:expr, $state:ident, $index:ident => $between:expr) => {
        for $index in 0..WIDE {
            encrypt_round(&mut $state, $pass.key_of_round(2 + $index));
            $between
        }
        for round in 2 + WIDE..ROUNDS {
            encrypt_round(&mut $state, $pass.key_of_round(round));
        }
    };
}
pub(super) use encrypt_rounds;

/// One round of registers side by side.
#[inline]
#[target_feature(enable = "avx512f,vaes")]
pub fn encrypt_round<const N: usize>(state: &mut [__m512i; N], key: __m512i) {
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
