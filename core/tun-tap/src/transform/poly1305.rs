//! Poly1305 (RFC 8439 §2.5) on numbers of 64 bits: for texts that are too short for eight blocks side by side
//! (poly1305_lanes.rs), and the end of each.

use std::arch::x86_64::*;

/// Bytes of a tag, and of a block.
pub const TAG_BYTES: usize = 16;

/// What of r may be set (RFC 8439 §2.5).
const CLAMP: [u64; 2] = [0x0fff_fffc_0fff_ffff, 0x0fff_fffc_0fff_fffc];

/// The key of one packet: the factor, and what is added in the end.
#[derive(Clone, Copy)]
pub struct OneTimeKey {
    pub r: __m128i,
    pub s: __m128i,
}

impl OneTimeKey {
    /// From the block of keystream with the counter 0 (RFC 8439 §2.6).
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn new(block: __m512i) -> OneTimeKey {
        let clamp = _mm_set_epi64x(CLAMP[1] as i64, CLAMP[0] as i64);
        OneTimeKey { r: _mm_and_si128(_mm512_castsi512_si128(block), clamp), s: _mm512_extracti32x4_epi32::<1>(block) }
    }
}

/// The hash of a short text so far: 130 bits and a little.
struct Hash {
    low: u64,
    high: u64,
    top: u64,
}

/// The tag of blocks.
#[inline]
pub fn tag(key: OneTimeKey, blocks: impl Iterator<Item = [u64; 2]>) -> [u8; TAG_BYTES] {
    let [r_low, r_high] = halves(key.r);
    // r is clamped: a quarter of its upper half is whole, and 2^128 is 5/4.
    let wrapped = r_high + (r_high >> 2);
    let wide = |left: u64, right: u64| u128::from(left) * u128::from(right);
    let mut hash = Hash { low: 0, high: 0, top: 0 };
    for [low, high] in blocks {
        let (low, carry) = hash.low.carrying_add(low, false);
        let (high, carry) = hash.high.carrying_add(high, carry);
        let top = hash.top + 1 + u64::from(carry);
        let first = wide(low, r_low) + wide(high, wrapped);
        let second = wide(low, r_high) + wide(high, r_low) + u128::from(top * wrapped) + (first >> 64);
        let top = top * r_low + (second >> 64) as u64;
        let (low, carry) = (first as u64).overflowing_add((top >> 2) + (top & !3));
        let (high, carry) = (second as u64).overflowing_add(u64::from(carry));
        hash = Hash { low, high, top: (top & 3) + u64::from(carry) };
    }
    sealed(u128::from(hash.high) << 64 | u128::from(hash.low), hash.top, key.s)
}

/// The tag of a hash in limbs of 44, 44 and 42 bits, which may be larger.
#[inline]
pub fn finish([first, second, third]: [u64; 3], s: __m128i) -> [u8; TAG_BYTES] {
    const LOW_44: u64 = (1 << 44) - 1;
    let second = second + (first >> 44);
    let third = third + (second >> 44);
    let first = (first & LOW_44) + (third >> 42) * 5;
    let second = (second & LOW_44) + (first >> 44);
    let third = (third & ((1 << 42) - 1)) + (second >> 44);
    let low = u128::from(first & LOW_44) | u128::from(second & LOW_44) << 44;
    let (low, carry) = low.overflowing_add(u128::from(third) << 88);
    sealed(low, (third >> 40) + u64::from(carry), s)
}

/// The tag: the hash modulo 2^130 - 5, plus s. The hash is `low` and `top` times 2^128, less than twice the modulus.
#[inline]
fn sealed(low: u128, top: u64, s: __m128i) -> [u8; TAG_BYTES] {
    let (less, carry) = low.overflowing_add(5);
    // All ones where the hash is not less than the modulus. No branch: the hash is secret.
    let beyond = 0u128.wrapping_sub(u128::from((top + u64::from(carry)) >> 2));
    let [s_low, s_high] = halves(s);
    let hash = low & !beyond | less & beyond;
    hash.wrapping_add(u128::from(s_high) << 64 | u128::from(s_low)).to_le_bytes()
}

#[inline]
fn halves(number: __m128i) -> [u64; 2] {
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { [_mm_cvtsi128_si64(number) as u64, _mm_cvtsi128_si64(_mm_unpackhi_epi64(number, number)) as u64] }
}
