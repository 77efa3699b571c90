//! SHA-256 and SHA-1 of sixteen messages side by side (FIPS 180-4 §6.2.2, §6.1.2): one message in each 32-bit lane of
//! AVX-512 registers. One message alone is a chain of dependent instructions; sixteen keep both vector ports busy.

use std::arch::x86_64::*;

use super::cpu;
use super::hmac::{BLOCK_BYTES, State};

/// Messages side by side.
pub const LANES: usize = 16;

/// The states of all lanes, word by word.
#[repr(C, align(64))]
pub struct States([[u32; LANES]; 8]);

impl States {
    /// All lanes zero.
    pub fn new() -> States {
        States([[0; LANES]; 8])
    }

    /// The state of a lane.
    pub fn get(&self, lane: usize) -> State {
        self.0.map(|word| word[lane])
    }

    /// Put a state into a lane.
    pub fn set(&mut self, lane: usize, state: &State) {
        self.0.iter_mut().zip(state).for_each(|(word, value)| word[lane] = *value);
    }
}

/// Take `blocks` blocks of each input into SHA-256 states. The CPU must have `cpu::has_hash_lanes`.
pub fn sha256(states: &mut States, inputs: &[&[u8]; LANES], blocks: usize) {
    check(inputs, blocks);
    // SAFETY: `check` has asked the CPU, and the inputs have that many blocks.
    unsafe { sha256_avx512(states, &inputs.map(<[u8]>::as_ptr), blocks) }
}

/// Take `blocks` blocks of each input into SHA-1 states. The CPU must have `cpu::has_hash_lanes`.
pub fn sha1(states: &mut States, inputs: &[&[u8]; LANES], blocks: usize) {
    check(inputs, blocks);
    // SAFETY: `check` has asked the CPU, and the inputs have that many blocks.
    unsafe { sha1_avx512(states, &inputs.map(<[u8]>::as_ptr), blocks) }
}

fn check(inputs: &[&[u8]; LANES], blocks: usize) {
    assert!(cpu::has_hash_lanes(), "the CPU lacks AVX-512");
    assert!(inputs.iter().all(|input| input.len() / BLOCK_BYTES >= blocks), "an input is too short");
}

/// Write `body` once for each value of `$index`. The compiler leaves a loop this long a loop, and then words and state
/// lie in memory instead of registers (measured: SHA-1 1.3 times slower, SHA-256 a few per cent).
macro_rules! unrolled {
    ($index:ident in [$($value:literal)+] $body:block) => { $({ const $index: usize = $value; $body })+ };
}

/// # Safety
/// Each input is readable for `blocks` blocks.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn sha256_avx512(states: &mut States, inputs: &[*const u8; LANES], blocks: usize) {
    let mut state = load_states(states);
    for block in 0..blocks {
        // SAFETY: this block is within each input.
        let mut words = unsafe { load_words(inputs, block) };
        let before = state;
        unrolled!(ROUND in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
            sha256_round(&mut state, words[ROUND], SHA256_K[ROUND]);
        });
        for start in [16, 32, 48] {
            unrolled!(INDEX in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
                let word = sha256_schedule::<INDEX>(&mut words);
                sha256_round(&mut state, word, SHA256_K[start + INDEX]);
            });
        }
        add_states(&mut state, &before);
    }
    store_states(states, &state);
}

#[inline]
#[target_feature(enable = "avx512f")]
fn sha256_schedule<const INDEX: usize>(words: &mut [__m512i; 16]) -> __m512i {
    let (early, late) = (words[(INDEX + 1) % 16], words[(INDEX + 14) % 16]);
    let sigma0 = xor3(_mm512_ror_epi32::<7>(early), _mm512_ror_epi32::<18>(early), _mm512_srli_epi32::<3>(early));
    let sigma1 = xor3(_mm512_ror_epi32::<17>(late), _mm512_ror_epi32::<19>(late), _mm512_srli_epi32::<10>(late));
    let sum = _mm512_add_epi32(words[INDEX], words[(INDEX + 9) % 16]);
    words[INDEX] = _mm512_add_epi32(sum, _mm512_add_epi32(sigma0, sigma1));
    words[INDEX]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn sha256_round(state: &mut [__m512i; 8], word: __m512i, constant: u32) {
    let [a, b, c, d, e, f, g, h] = *state;
    let sum1 = xor3(_mm512_ror_epi32::<6>(e), _mm512_ror_epi32::<11>(e), _mm512_ror_epi32::<25>(e));
    let sum0 = xor3(_mm512_ror_epi32::<2>(a), _mm512_ror_epi32::<13>(a), _mm512_ror_epi32::<22>(a));
    let input = _mm512_add_epi32(h, _mm512_add_epi32(word, _mm512_set1_epi32(constant as i32)));
    let first = _mm512_add_epi32(input, _mm512_add_epi32(sum1, choose(e, f, g)));
    let second = _mm512_add_epi32(sum0, majority(a, b, c));
    *state = [_mm512_add_epi32(first, second), a, b, c, _mm512_add_epi32(d, first), e, f, g];
}

/// # Safety
/// Each input is readable for `blocks` blocks.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn sha1_avx512(states: &mut States, inputs: &[*const u8; LANES], blocks: usize) {
    let mut state = load_states(states);
    for block in 0..blocks {
        // SAFETY: this block is within each input.
        let mut words = unsafe { load_words(inputs, block) };
        let before = state;
        sha1_quarter::<0>(&mut state, &mut words);
        sha1_quarter::<1>(&mut state, &mut words);
        sha1_quarter::<2>(&mut state, &mut words);
        sha1_quarter::<3>(&mut state, &mut words);
        add_states(&mut state, &before);
    }
    store_states(states, &state);
}

/// Twenty rounds, which have one function and one constant.
#[inline]
#[target_feature(enable = "avx512f")]
fn sha1_quarter<const QUARTER: usize>(state: &mut [__m512i; 8], words: &mut [__m512i; 16]) {
    let constant = _mm512_set1_epi32(SHA1_K[QUARTER] as i32);
    unrolled!(ROUND in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19] {
        let index = (QUARTER * 20 + ROUND) % 16;
        if QUARTER * 20 + ROUND >= 16 {
            let mixed = xor3(words[(index + 13) % 16], words[(index + 8) % 16], words[(index + 2) % 16]);
            words[index] = _mm512_rol_epi32::<1>(_mm512_xor_si512(mixed, words[index]));
        }
        let [a, b, c, d, e, ..] = *state;
        let function = match QUARTER {
            0 => choose(b, c, d),
            2 => majority(b, c, d),
            _ => xor3(b, c, d),
        };
        let input = _mm512_add_epi32(_mm512_add_epi32(e, constant), words[index]);
        let next = _mm512_add_epi32(_mm512_add_epi32(input, function), _mm512_rol_epi32::<5>(a));
        state[..5].copy_from_slice(&[next, a, _mm512_rol_epi32::<30>(b), c, d]);
    });
}

/// Word `n` of block `block` of all inputs, for all `n`: a big-endian load and a transposition of 16 by 16 words.
///
/// # Safety
/// Each input is readable for `block + 1` blocks.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn load_words(inputs: &[*const u8; LANES], block: usize) -> [__m512i; 16] {
    let swap = _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
    let mut rows = [_mm512_setzero_si512(); 16];
    for (row, input) in rows.iter_mut().zip(inputs) {
        // SAFETY: the caller's promise.
        let loaded = unsafe { _mm512_loadu_si512(input.add(block * BLOCK_BYTES).cast()) };
        *row = _mm512_shuffle_epi8(loaded, swap);
    }
    // Within 128 bits: then register 4g+k has, in its quarter j, word 4j+k of rows 4g to 4g+3.
    let mut mixed = [_mm512_setzero_si512(); 16];
    for group in [0, 4, 8, 12] {
        let low = _mm512_unpacklo_epi32(rows[group], rows[group + 1]);
        let high = _mm512_unpackhi_epi32(rows[group], rows[group + 1]);
        let next_low = _mm512_unpacklo_epi32(rows[group + 2], rows[group + 3]);
        let next_high = _mm512_unpackhi_epi32(rows[group + 2], rows[group + 3]);
        mixed[group] = _mm512_unpacklo_epi64(low, next_low);
        mixed[group + 1] = _mm512_unpackhi_epi64(low, next_low);
        mixed[group + 2] = _mm512_unpacklo_epi64(high, next_high);
        mixed[group + 3] = _mm512_unpackhi_epi64(high, next_high);
    }
    // Then the quarters of four registers.
    let mut words = [_mm512_setzero_si512(); 16];
    for index in 0..4 {
        let front = _mm512_shuffle_i32x4::<0x44>(mixed[index], mixed[index + 4]);
        let back = _mm512_shuffle_i32x4::<0xee>(mixed[index], mixed[index + 4]);
        let next_front = _mm512_shuffle_i32x4::<0x44>(mixed[index + 8], mixed[index + 12]);
        let next_back = _mm512_shuffle_i32x4::<0xee>(mixed[index + 8], mixed[index + 12]);
        words[index] = _mm512_shuffle_i32x4::<0x88>(front, next_front);
        words[index + 4] = _mm512_shuffle_i32x4::<0xdd>(front, next_front);
        words[index + 8] = _mm512_shuffle_i32x4::<0x88>(back, next_back);
        words[index + 12] = _mm512_shuffle_i32x4::<0xdd>(back, next_back);
    }
    words
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_states(states: &States) -> [__m512i; 8] {
    let mut loaded = [_mm512_setzero_si512(); 8];
    for (register, word) in loaded.iter_mut().zip(&states.0) {
        // SAFETY: a word of all lanes is 64 bytes.
        *register = unsafe { _mm512_loadu_si512(word.as_ptr().cast()) };
    }
    loaded
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_states(states: &mut States, state: &[__m512i; 8]) {
    for (register, word) in state.iter().zip(&mut states.0) {
        // SAFETY: a word of all lanes is 64 bytes.
        unsafe { _mm512_storeu_si512(word.as_mut_ptr().cast(), *register) };
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_states(state: &mut [__m512i; 8], before: &[__m512i; 8]) {
    for (word, before) in state.iter_mut().zip(before) {
        *word = _mm512_add_epi32(*word, *before);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

/// Bits of `yes` where `bit` is set, else of `no`.
#[inline]
#[target_feature(enable = "avx512f")]
fn choose(bit: __m512i, yes: __m512i, no: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xca>(bit, yes, no)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn majority(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

/// FIPS 180-4 §4.2.1.
const SHA1_K: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];

/// FIPS 180-4 §4.2.2.
#[rustfmt::skip]
const SHA256_K: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
