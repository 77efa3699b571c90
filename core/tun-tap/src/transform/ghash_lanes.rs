//! GHASH (NIST SP 800-38D §6.4) with carry-less multiplication on AVX-512 registers, four blocks in each.
//!
//! Works in POLYVAL's field (RFC 8452 appendix A), where bits need no reflection: a block is turned round byte by byte,
//! the key is multiplied by x once. Products are added up unreduced, each block times its own power of the key, so that
//! a packet of up to `CHUNK_BLOCKS` is reduced only once.

use std::arch::x86_64::*;

use zeroize::Zeroizing;

/// Bytes of a block.
pub const BLOCK_BYTES: usize = 16;
/// Blocks whose products are added up before they are reduced: a packet of 1500 bytes in one go.
pub const CHUNK_BLOCKS: usize = 96;
/// The highest power in use: additional data stands before the first block, the lengths behind the last.
const POWERS: usize = CHUNK_BLOCKS + 2;
/// x^127 + x^126 + x^121 + 1, which with x^128 is the field's polynomial.
const POLYNOMIAL: u128 = 0xc2 << 120 | 1;

/// Powers of a key, the highest first; behind them zeros, for lanes without a block.
pub struct Powers(Zeroizing<[u128; POWERS + 4]>);

impl Powers {
    /// Powers of the hash key H, which is the encrypted zero block.
    #[target_feature(enable = "avx512f,vpclmulqdq,pclmulqdq")]
    pub fn new(hash_key: &[u8; BLOCK_BYTES]) -> Powers {
        let key = Zeroizing::new(double(u128::from_be_bytes(*hash_key)));
        let mut powers = Powers(Zeroizing::new([0; POWERS + 4]));
        powers.0[POWERS - 1] = *key;
        for index in (0..POWERS - 1).rev() {
            let mut products = Products::new();
            products.add(from_u128(powers.0[index + 1]), from_u128(*key));
            powers.0[index] = to_u128(products.reduce());
        }
        powers
    }

    /// Four powers, from `exponent` down.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn four(&self, exponent: usize) -> __m512i {
        let four: &[u128] = &self.0[POWERS - exponent..][..4];
        // SAFETY: four blocks are 64 bytes.
        unsafe { _mm512_loadu_si512(four.as_ptr().cast()) }
    }

    /// The powers from `exponent` down, three zeros at least behind them.
    pub fn from(&self, exponent: usize) -> &[u128] {
        &self.0[POWERS - exponent..]
    }
}

/// Multiply by x. In constant time.
fn double(element: u128) -> u128 {
    (element << 1) ^ (POLYNOMIAL & 0u128.wrapping_sub(element >> 127))
}

#[target_feature(enable = "avx512f")]
fn from_u128(value: u128) -> __m512i {
    // SAFETY: a u128 is 16 bytes.
    _mm512_zextsi128_si512(unsafe { _mm_loadu_si128((&raw const value).cast()) })
}

#[target_feature(enable = "avx512f")]
fn to_u128(value: __m128i) -> u128 {
    let mut bytes = 0u128;
    // SAFETY: a u128 is 16 bytes.
    unsafe { _mm_storeu_si128((&raw mut bytes).cast(), value) };
    bytes
}

/// Sums of products, four at a time: low and high halves, and what stands across both.
#[derive(Clone, Copy)]
pub struct Products {
    low: __m512i,
    middle: __m512i,
    high: __m512i,
}

impl Products {
    /// Nothing yet.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn new() -> Products {
        let zero = _mm512_setzero_si512();
        Products { low: zero, middle: zero, high: zero }
    }

    /// Add the products of four blocks, bytes turned round, and their powers.
    #[inline]
    #[target_feature(enable = "avx512f,vpclmulqdq")]
    pub fn add(&mut self, blocks: __m512i, powers: __m512i) {
        const XOR_OF_THREE: i32 = 0x96;
        let across = _mm512_clmulepi64_epi128::<0x01>(blocks, powers);
        self.low = _mm512_xor_si512(self.low, _mm512_clmulepi64_epi128::<0x00>(blocks, powers));
        self.high = _mm512_xor_si512(self.high, _mm512_clmulepi64_epi128::<0x11>(blocks, powers));
        self.middle = _mm512_ternarylogic_epi64::<XOR_OF_THREE>(
            self.middle,
            across,
            _mm512_clmulepi64_epi128::<0x10>(blocks, powers),
        );
    }

    /// The sum of all products, in the field: Montgomery's reduction, by 64 bits at a time.
    #[inline]
    #[target_feature(enable = "avx512f,pclmulqdq")]
    pub fn reduce(self) -> __m128i {
        let polynomial = _mm_set_epi64x(0, (POLYNOMIAL >> 64) as i64);
        let middle = fold(self.middle);
        let mut low = _mm_xor_si128(fold(self.low), _mm_slli_si128::<8>(middle));
        let high = _mm_xor_si128(fold(self.high), _mm_srli_si128::<8>(middle));
        for _ in 0..2 {
            let product = _mm_clmulepi64_si128::<0x00>(low, polynomial);
            low = _mm_xor_si128(_mm_shuffle_epi32::<0x4e>(low), product);
        }
        _mm_xor_si128(low, high)
    }
}

/// The sum of four blocks.
#[inline]
#[target_feature(enable = "avx512f")]
fn fold(four: __m512i) -> __m128i {
    let two = _mm256_xor_si256(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64::<1>(four));
    _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256::<1>(two))
}
