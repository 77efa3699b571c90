//! ChaCha20 (RFC 8439 §2.3) on AVX-512 registers, sixteen blocks side by side: a register is one word of the state of all. Nothing
//! has to be turned between the rounds, which chacha_rows.rs must do; but there are always sixteen.

use std::arch::x86_64::*;

use super::chacha_rows::{CONSTANTS, Key, ROUND_PAIRS};
use super::poly1305_steps::Steps;

/// Blocks.
pub const SIXTEEN: usize = 16;

/// A register for each word of the state, or for each block.
pub type State = [__m512i; SIXTEEN];

/// The keystream of sixteen blocks, from a counter on.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub fn keystream(key: &Key, nonce: [u32; 3], counter: u32) -> State {
    // SAFETY: nothing is hashed.
    unsafe { run::<false>(key, nonce, counter, &mut Steps::none()) }
}

/// The same. Meanwhile steps are hashed.
///
/// # Safety
/// As that of `Steps::take`.
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
pub unsafe fn keystream_hashing(key: &Key, nonce: [u32; 3], counter: u32, steps: &mut Steps) -> State {
    // SAFETY: the caller's promise.
    unsafe { run::<true>(key, nonce, counter, steps) }
}

/// # Safety
/// As that of `Steps::take`.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
unsafe fn run<const HASHES: bool>(key: &Key, nonce: [u32; 3], counter: u32, steps: &mut Steps) -> State {
    let mut hashing = *steps;
    let words = key.words();
    let from_zero = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    let all = |word: u32| _mm512_set1_epi32(word.cast_signed());
    let start = |index: usize| match index {
        0..4 => _mm512_set1_epi32(CONSTANTS[index]),
        4..12 => all(words[index - 4]),
        12 => _mm512_add_epi32(from_zero, all(counter)),
        _ => all(nonce[index - 13]),
    };
    let mut state = [from_zero; SIXTEEN];
    for (index, word) in state.iter_mut().enumerate() {
        *word = start(index);
    }
    for _ in 0..ROUND_PAIRS {
        mix_all(&mut state, 0);
        mix_all(&mut state, 1);
        if HASHES {
            // SAFETY: the caller's promise.
            hashing = unsafe { hashing.take() };
        }
    }
    for (index, word) in state.iter_mut().enumerate() {
        *word = _mm512_add_epi32(*word, start(index));
    }
    if HASHES {
        steps.go_on(&hashing);
    }
    transposed(state)
}

/// Four quarter rounds (RFC 8439 §2.1): on columns, or with each row `turn` further, on diagonals.
#[inline]
#[target_feature(enable = "avx512f")]
fn mix_all(state: &mut State, turn: usize) {
    mix::<16>(state, turn, [0, 4, 12]);
    mix::<12>(state, turn, [8, 12, 4]);
    mix::<8>(state, turn, [0, 4, 12]);
    mix::<7>(state, turn, [8, 12, 4]);
}

/// Add a row to another, which is added to a third, which is rotated.
#[inline]
#[target_feature(enable = "avx512f")]
fn mix<const BITS: i32>(state: &mut State, turn: usize, rows: [usize; 3]) {
    for column in 0..4 {
        let [sum, addend, mixed] = rows.map(|row| row + (column + row / 4 * turn) % 4);
        state[sum] = _mm512_add_epi32(state[sum], state[addend]);
        state[mixed] = _mm512_rol_epi32::<BITS>(_mm512_xor_si512(state[mixed], state[sum]));
    }
}

/// Words of sixteen blocks to blocks.
#[inline]
#[target_feature(enable = "avx512f")]
fn transposed(words: State) -> State {
    let (mut pairs, mut fours, mut eights, mut blocks) = (words, words, words, words);
    for index in (0..SIXTEEN).step_by(2) {
        pairs[index] = _mm512_unpacklo_epi32(words[index], words[index + 1]);
        pairs[index + 1] = _mm512_unpackhi_epi32(words[index], words[index + 1]);
    }
    // Words 4k to 4k + 3 of the blocks j, 4 + j, 8 + j and 12 + j, for each j.
    for k in (0..SIXTEEN).step_by(4) {
        fours[k] = _mm512_unpacklo_epi64(pairs[k], pairs[k + 2]);
        fours[k + 1] = _mm512_unpackhi_epi64(pairs[k], pairs[k + 2]);
        fours[k + 2] = _mm512_unpacklo_epi64(pairs[k + 1], pairs[k + 3]);
        fours[k + 3] = _mm512_unpackhi_epi64(pairs[k + 1], pairs[k + 3]);
    }
    for j in 0..4 {
        eights[j] = _mm512_shuffle_i32x4::<0x88>(fours[j], fours[4 + j]);
        eights[4 + j] = _mm512_shuffle_i32x4::<0xdd>(fours[j], fours[4 + j]);
        eights[8 + j] = _mm512_shuffle_i32x4::<0x88>(fours[8 + j], fours[12 + j]);
        eights[12 + j] = _mm512_shuffle_i32x4::<0xdd>(fours[8 + j], fours[12 + j]);
        blocks[j] = _mm512_shuffle_i32x4::<0x88>(eights[j], eights[8 + j]);
        blocks[4 + j] = _mm512_shuffle_i32x4::<0x88>(eights[4 + j], eights[12 + j]);
        blocks[8 + j] = _mm512_shuffle_i32x4::<0xdd>(eights[j], eights[8 + j]);
        blocks[12 + j] = _mm512_shuffle_i32x4::<0xdd>(eights[4 + j], eights[12 + j]);
    }
    blocks
}
