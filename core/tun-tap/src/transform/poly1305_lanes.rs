//! Poly1305 (RFC 8439 §2.5) on AVX-512 registers: eight blocks side by side, numbers in limbs of 44, 44 and 42 bits, which the
//! multiplication of 52 bits (IFMA) takes.
//!
//! Blocks k, k + 8, k + 16 and so on are summed up in lane k, by Horner's rule with the eighth power of r. In the end each lane is
//! multiplied by the power that it lacks. All powers come from r by four multiplications: a packet has an r of its own.

use std::arch::x86_64::*;

use super::poly1305::{OneTimeKey, TAG_BYTES, finish};

/// Bytes of a register, and of the blocks of one step.
const REGISTER_BYTES: usize = 64;
pub const STEP_BYTES: usize = 2 * REGISTER_BYTES;
const STEP_BLOCKS: usize = STEP_BYTES / 16;

const LOW_44: i64 = (1 << 44) - 1;
const LOW_42: i64 = (1 << 42) - 1;
/// What stands behind a block of 16 bytes, in the third limb.
const BLOCK_END: i64 = 1 << (128 - 88);

/// Block of a step that is in each lane, as two registers interleave.
const LANE_BLOCKS: [u8; STEP_BLOCKS] = [0, 4, 1, 5, 2, 6, 3, 7];
/// The other way round: lane of each block.
const BLOCK_LANES: [u8; STEP_BLOCKS] = [0, 2, 4, 6, 1, 3, 5, 7];

/// Eight numbers modulo 2^130 - 5.
type Limbs = [__m512i; 3];

/// Eight numbers to multiply by.
#[derive(Clone, Copy)]
struct Factor {
    limbs: Limbs,
    /// 20 times the second and the third limb: what goes beyond 2^132 comes back four times five times.
    wrapped: [__m512i; 2],
}

/// Products that are not carried yet: low 52 bits and those above.
#[derive(Clone, Copy)]
struct Products {
    low: Limbs,
    high: Limbs,
}

/// The blocks of a text behind those that are whole steps, in a step of their own, with the lengths behind them.
#[derive(Clone, Copy)]
pub struct Last {
    pub registers: [__m512i; 2],
    pub bytes: usize,
}

/// The hash of a packet so far.
#[derive(Clone, Copy)]
pub struct Lanes {
    sum: Limbs,
    eighth: Factor,
    powers: Limbs,
}

impl Lanes {
    /// Nothing, where nothing is hashed.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn none() -> Lanes {
        let none = [_mm512_setzero_si512(); 3];
        Lanes { sum: none, eighth: Factor { limbs: none, wrapped: [none[0]; 2] }, powers: none }
    }

    /// Begin with a block: additional data that are padded.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub fn begin(key: OneTimeKey, front: __m128i) -> Lanes {
        let first = limbs(broadcast_low(key.r), broadcast_high(key.r), 0);
        let factor = Factor::new(first);
        let second = factor.multiply(first);
        // Exponents in turn: 2 2 1 1 2 2 1 1; 4 4 3 3 2 2 1 1; 8 4 7 3 6 2 5 1.
        let to_two = blend(0b0011_0011, first, second);
        let fourth_and_third = Factor::new(second).multiply(to_two);
        let to_four = blend(0b0000_1111, to_two, fourth_and_third);
        let above_four = Factor::new(first_lane(fourth_and_third)).multiply(to_four);
        let powers = blend(0b0101_0101, to_four, above_four);
        // The last block of the step before the first one.
        let front =
            _mm512_maskz_shuffle_i64x2::<0>(0b1100_0000, _mm512_zextsi128_si512(front), _mm512_zextsi128_si512(front));
        let mut sum = split(_mm512_setzero_si512(), front, 0);
        sum[2] = _mm512_or_si512(sum[2], _mm512_maskz_set1_epi64(0b1000_0000, BLOCK_END));
        Lanes { sum, eighth: Factor::new(first_lane(above_four)), powers }
    }

    /// Take over the sum of another with the same key.
    #[inline]
    pub fn go_on(&mut self, other: &Lanes) {
        self.sum = other.sum;
    }

    /// Hash a step.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub fn step(mut self, [low, high]: [__m512i; 2]) -> Lanes {
        let text = split(low, high, BLOCK_END);
        let sum = self.eighth.multiply(self.sum);
        for index in 0..3 {
            self.sum[index] = _mm512_add_epi64(sum[index], text[index]);
        }
        self
    }

    /// The tag, when the last blocks and the block of lengths have been hashed.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
    pub fn tag(&self, key: OneTimeKey, last: Last, lengths: __m128i) -> [u8; TAG_BYTES] {
        let blocks = last.bytes.div_ceil(16);
        debug_assert!(blocks < STEP_BLOCKS);
        let at = 0b11u16 << (2 * blocks);
        let lengths = _mm512_broadcast_i64x2(lengths);
        let [low, high] = last.registers;
        let low = _mm512_mask_mov_epi64(low, at as u8, lengths);
        let high = _mm512_mask_mov_epi64(high, (at >> 8) as u8, lengths);
        // What was summed up before lies so many blocks further in front.
        let shift = _mm512_set1_epi64(i64::from(BLOCK_LANES[STEP_BLOCKS - 1 - blocks]));
        let shift = self.powers.map(|limb| _mm512_permutexvar_epi64(shift, limb));
        let before = Factor::new(Factor::new(shift).multiply(self.powers));
        let (lanes, mask) = LAST_LANES[blocks];
        let lanes = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128(i64::from_le_bytes(lanes)));
        let behind = Factor::new(self.powers.map(|limb| _mm512_maskz_permutexvar_epi64(mask, lanes, limb)));
        let products = behind.add_to(before.add_to(Products::none(), self.sum), split(low, high, BLOCK_END));
        finish(carried(products).map(|limb| _mm512_reduce_add_epi64(limb) as u64), key.s)
    }
}

/// For each number of blocks before the lengths: the lane of the power that each lane needs, and which lanes have a block.
const LAST_LANES: [([u8; STEP_BLOCKS], u8); STEP_BLOCKS] = {
    let mut table = [([0; STEP_BLOCKS], 0); STEP_BLOCKS];
    let mut blocks = 0;
    while blocks < STEP_BLOCKS {
        let mut lane = 0;
        while lane < STEP_BLOCKS {
            let block = LANE_BLOCKS[lane] as usize;
            if block <= blocks {
                table[blocks].0[lane] = BLOCK_LANES[STEP_BLOCKS - 1 - blocks + block];
                table[blocks].1 |= 1 << lane;
            }
            lane += 1;
        }
        blocks += 1;
    }
    table
};

impl Factor {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(limbs: Limbs) -> Factor {
        let wrap = |limb| _mm512_slli_epi64::<2>(_mm512_add_epi64(limb, _mm512_slli_epi64::<2>(limb)));
        Factor { limbs, wrapped: [wrap(limbs[1]), wrap(limbs[2])] }
    }

    /// Add what each number is multiplied to.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add_to(&self, mut products: Products, numbers: Limbs) -> Products {
        let ([first, second, third], [wrapped_second, wrapped_third]) = (self.limbs, self.wrapped);
        let columns = [[first, second, third], [wrapped_third, first, second], [wrapped_second, wrapped_third, first]];
        for (number, column) in numbers.into_iter().zip(columns) {
            for (index, limb) in column.into_iter().enumerate() {
                products.low[index] = _mm512_madd52lo_epu64(products.low[index], number, limb);
                products.high[index] = _mm512_madd52hi_epu64(products.high[index], number, limb);
            }
        }
        products
    }

    /// Limbs up to 2^51 come to limbs below 2^45.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn multiply(&self, numbers: Limbs) -> Limbs {
        carried(self.add_to(Products::none(), numbers))
    }
}

impl Products {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn none() -> Products {
        Products { low: [_mm512_setzero_si512(); 3], high: [_mm512_setzero_si512(); 3] }
    }
}

/// Limbs again. High parts have the weight 2^52, which is 2^8 of the next limb, and 2^10 behind the third.
#[inline]
#[target_feature(enable = "avx512f")]
fn carried(Products { low, high }: Products) -> Limbs {
    let (low_44, low_42) = (_mm512_set1_epi64(LOW_44), _mm512_set1_epi64(LOW_42));
    let above = _mm512_add_epi64(_mm512_slli_epi64::<8>(high[0]), _mm512_srli_epi64::<44>(low[0]));
    let second = _mm512_add_epi64(low[1], above);
    let above = _mm512_add_epi64(_mm512_slli_epi64::<8>(high[1]), _mm512_srli_epi64::<44>(second));
    let third = _mm512_add_epi64(low[2], above);
    let above = _mm512_add_epi64(_mm512_slli_epi64::<10>(high[2]), _mm512_srli_epi64::<42>(third));
    // 2^130 is 5.
    let fives = _mm512_add_epi64(above, _mm512_slli_epi64::<2>(above));
    let first = _mm512_add_epi64(_mm512_and_si512(low[0], low_44), fives);
    let second = _mm512_add_epi64(_mm512_and_si512(second, low_44), _mm512_srli_epi64::<44>(first));
    [_mm512_and_si512(first, low_44), second, _mm512_and_si512(third, low_42)]
}

/// Limbs of eight blocks in two registers, in the order of `LANE_BLOCKS`.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn split(low: __m512i, high: __m512i, end: i64) -> Limbs {
    limbs(_mm512_unpacklo_epi64(low, high), _mm512_unpackhi_epi64(low, high), end)
}

/// Limbs of eight numbers, halves of 64 bits, with `end` in the third.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn limbs(low: __m512i, high: __m512i, end: i64) -> Limbs {
    let low_44 = _mm512_set1_epi64(LOW_44);
    [
        _mm512_and_si512(low, low_44),
        _mm512_and_si512(_mm512_shrdi_epi64::<44>(low, high), low_44),
        _mm512_or_si512(_mm512_srli_epi64::<24>(high), _mm512_set1_epi64(end)),
    ]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn blend(mask: u8, zeros: Limbs, ones: Limbs) -> Limbs {
    let blend = |index: usize| _mm512_mask_blend_epi64(mask, zeros[index], ones[index]);
    [blend(0), blend(1), blend(2)]
}

/// The number of the first lane, in all.
#[inline]
#[target_feature(enable = "avx512f")]
fn first_lane(numbers: Limbs) -> Limbs {
    numbers.map(|limb| _mm512_broadcastq_epi64(_mm512_castsi512_si128(limb)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast_low(number: __m128i) -> __m512i {
    _mm512_broadcastq_epi64(number)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast_high(number: __m128i) -> __m512i {
    _mm512_broadcastq_epi64(_mm_unpackhi_epi64(number, number))
}
