//! ChaCha20 (RFC 8439 §2.3) on AVX-512 registers. A register is one row of the state of four blocks, so that a group of four
//! blocks is four registers, and as many groups as a text needs go side by side.

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use super::aead::IV_BYTES;
use super::poly1305_steps::Steps;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Blocks of a group.
pub const FOUR: usize = 4;

/// Rounds on columns, and on diagonals.
pub const ROUND_PAIRS: usize = 10;
/// The first row of the state, the same in every block.
pub const CONSTANTS: [i32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Keystream: blocks of groups.
pub type Groups<const N: usize> = [[__m512i; FOUR]; N];

/// A key, as the two rows that it fills.
pub struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl Key {
    /// None for a key of the wrong length.
    pub fn new(key: &[u8]) -> Option<Key> {
        Some(Key(Zeroizing::new(key.try_into().ok()?)))
    }

    fn row(&self, index: usize) -> __m128i {
        // SAFETY: a half of the key is 16 bytes; every x86-64 CPU has SSE2.
        unsafe { _mm_loadu_si128(self.0.as_chunks::<16>().0[index].as_ptr().cast()) }
    }

    /// Its words.
    #[inline]
    pub fn words(&self) -> [u32; KEY_BYTES / 4] {
        let words = self.0.as_chunks::<4>().0;
        std::array::from_fn(|index| u32::from_le_bytes(words[index]))
    }

    /// The keystream of `N` groups, whose last rows are given.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub fn keystream<const N: usize>(&self, last_rows: [__m512i; N]) -> Groups<N> {
        // SAFETY: nothing is hashed.
        unsafe { self.run::<N, false>(last_rows, &mut Steps::none()) }
    }

    /// The same. Meanwhile steps are hashed.
    ///
    /// # Safety
    /// As that of `Steps::take`.
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub unsafe fn keystream_hashing<const N: usize>(&self, last_rows: [__m512i; N], steps: &mut Steps) -> Groups<N> {
        // SAFETY: the caller's promise.
        unsafe { self.run::<N, true>(last_rows, steps) }
    }

    /// # Safety
    /// As that of `Steps::take`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    unsafe fn run<const N: usize, const HASHES: bool>(&self, last_rows: [__m512i; N], steps: &mut Steps) -> Groups<N> {
        let mut hashing = *steps;
        let first = _mm512_set4_epi32(CONSTANTS[3], CONSTANTS[2], CONSTANTS[1], CONSTANTS[0]);
        let (second, third) = (_mm512_broadcast_i32x4(self.row(0)), _mm512_broadcast_i32x4(self.row(1)));
        let mut state = State { a: [first; N], b: [second; N], c: [third; N], d: last_rows };
        for _ in 0..ROUND_PAIRS {
            state.round();
            state = state.turned::<0x93, 0x4e, 0x39>();
            state.round();
            state = state.turned::<0x39, 0x4e, 0x93>();
            if HASHES {
                // SAFETY: the caller's promise.
                hashing = unsafe { hashing.take() };
            }
        }
        if HASHES {
            steps.go_on(&hashing);
        }
        let mut groups = [[first; FOUR]; N];
        for (index, group) in groups.iter_mut().enumerate() {
            *group = transposed([
                _mm512_add_epi32(state.a[index], first),
                _mm512_add_epi32(state.b[index], second),
                _mm512_add_epi32(state.c[index], third),
                _mm512_add_epi32(state.d[index], last_rows[index]),
            ]);
        }
        groups
    }
}

/// The last row of blocks with counter 0: salt and IV (RFC 7634 §2).
pub fn nonce_row(salt: [u8; 4], iv: [u8; IV_BYTES]) -> __m128i {
    // From numbers: gcm_pass.rs says why.
    let salt = u64::from(u32::from_le_bytes(salt)) << 32;
    // SAFETY: every x86-64 CPU has SSE2.
    unsafe { _mm_set_epi64x(i64::from_le_bytes(iv), salt as i64) }
}

/// Last rows of a group, with the counters of its blocks.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn counted(nonce: __m128i, counters: [u32; FOUR]) -> __m512i {
    let [first, second, third, fourth] = counters.map(u32::cast_signed);
    let counters = _mm512_set_epi32(0, 0, 0, fourth, 0, 0, 0, third, 0, 0, 0, second, 0, 0, 0, first);
    _mm512_or_si512(_mm512_broadcast_i32x4(nonce), counters)
}

/// Rows of groups side by side.
struct State<const N: usize> {
    a: [__m512i; N],
    b: [__m512i; N],
    c: [__m512i; N],
    d: [__m512i; N],
}

impl<const N: usize> State<N> {
    /// A quarter round on each column (RFC 8439 §2.1).
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn round(&mut self) {
        mix::<N, 16>(&mut self.a, &self.b, &mut self.d);
        mix::<N, 12>(&mut self.c, &self.d, &mut self.b);
        mix::<N, 8>(&mut self.a, &self.b, &mut self.d);
        mix::<N, 7>(&mut self.c, &self.d, &mut self.b);
    }

    /// Diagonals to columns, or back. The second row stays: it is the one that the round ends with.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn turned<const A: i32, const D: i32, const C: i32>(mut self) -> Self {
        for index in 0..N {
            self.a[index] = _mm512_shuffle_epi32::<A>(self.a[index]);
            self.d[index] = _mm512_shuffle_epi32::<D>(self.d[index]);
            self.c[index] = _mm512_shuffle_epi32::<C>(self.c[index]);
        }
        self
    }
}

/// Add a row to another, which is added to a third, which is rotated.
#[inline]
#[target_feature(enable = "avx512f")]
fn mix<const N: usize, const BITS: i32>(sum: &mut [__m512i; N], addend: &[__m512i; N], mixed: &mut [__m512i; N]) {
    for index in 0..N {
        sum[index] = _mm512_add_epi32(sum[index], addend[index]);
    }
    for index in 0..N {
        mixed[index] = _mm512_rol_epi32::<BITS>(_mm512_xor_si512(mixed[index], sum[index]));
    }
}

/// Rows of four blocks to blocks.
#[inline]
#[target_feature(enable = "avx512f")]
fn transposed([a, b, c, d]: [__m512i; FOUR]) -> [__m512i; FOUR] {
    let low = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0x44>(c, d));
    let high = (_mm512_shuffle_i32x4::<0xee>(a, b), _mm512_shuffle_i32x4::<0xee>(c, d));
    [
        _mm512_shuffle_i32x4::<0x88>(low.0, low.1),
        _mm512_shuffle_i32x4::<0xdd>(low.0, low.1),
        _mm512_shuffle_i32x4::<0x88>(high.0, high.1),
        _mm512_shuffle_i32x4::<0xdd>(high.0, high.1),
    ]
}
