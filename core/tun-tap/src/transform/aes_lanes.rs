//! AES-CBC (RFC 3602) with the AES instructions on AVX-512 registers, four blocks in each (VAES).
//!
//! Encryption takes one block each of sixteen packets at a time; a lane whose packet is at its end takes the next one.
//! Decryption takes sixteen blocks of one packet at a time.

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use super::cipher::{Cipher, Span};
use super::cpu;

/// Packets that are encrypted side by side.
const LANES: usize = 16;
const BLOCK_BYTES: usize = 16;
/// Most blocks of a lane that are encrypted in one go.
const STEPS_MAX: usize = 128;
/// 128-bit round keys of AES-256, the first among them.
pub const ROUND_KEYS_MAX: usize = 15;

type Block = [u8; BLOCK_BYTES];

/// What a key expands to.
pub type RoundKeys = Zeroizing<[Block; ROUND_KEYS_MAX]>;

/// AES-CBC with a key of `ROUNDS` rounds: 10, 12 or 14 (FIPS 197 §5).
struct CbcLanes<const ROUNDS: usize> {
    encryption: RoundKeys,
    decryption: RoundKeys,
}

/// An engine; None where the CPU can not run it, and for a key of the wrong length.
pub fn boxed_cbc(key: &[u8]) -> Option<Box<dyn Cipher>> {
    if !cpu::has_cipher_lanes() {
        return None;
    }
    Some(match key.len() {
        16 => Box::new(CbcLanes::<10>::new(key)),
        24 => Box::new(CbcLanes::<12>::new(key)),
        32 => Box::new(CbcLanes::<14>::new(key)),
        _ => return None,
    })
}

/// A packet in a lane: what is left of its body.
#[derive(Clone, Copy, Default)]
struct Lane {
    at: usize,
    blocks: usize,
}

impl<const ROUNDS: usize> CbcLanes<ROUNDS> {
    /// `cpu::has_cipher_lanes` must be true, and the key of the right length.
    fn new(key: &[u8]) -> Self {
        assert!(cpu::has_cipher_lanes(), "the CPU lacks VAES");
        // SAFETY: the CPU has the instructions, asked in the line above.
        let encryption = unsafe { expand(key, ROUNDS) };
        // SAFETY: as above.
        let decryption = unsafe { invert(&encryption, ROUNDS) };
        CbcLanes { encryption, decryption }
    }

    /// Encrypt `steps` blocks of each lane that has a packet; the others work on `idle`.
    fn encrypt_steps(
        &self,
        arena: &mut [u8],
        lanes: &[Lane; LANES],
        idle: &mut [Block; STEPS_MAX],
        chain: &mut [Block; LANES],
        steps: usize,
    ) {
        assert!(steps <= STEPS_MAX);
        let mut pointers = [idle.as_mut_ptr().cast(); LANES];
        let base = arena.as_mut_ptr();
        for (lane, pointer) in lanes.iter().zip(&mut pointers).filter(|(lane, _)| lane.blocks > 0) {
            assert!(lane.at + steps * BLOCK_BYTES <= arena.len());
            *pointer = base.wrapping_add(lane.at);
        }
        // SAFETY: `new` has asked the CPU. Each pointer is good for `steps` blocks, of the arena or of `idle`, asserted
        // above.
        unsafe { encrypt_cbc::<ROUNDS>(&self.encryption, &pointers, chain, steps) }
    }
}

impl<const ROUNDS: usize> Cipher for CbcLanes<ROUNDS> {
    fn encrypt(&self, arena: &mut [u8], spans: &[Span]) {
        let mut lanes = [Lane::default(); LANES];
        let mut chain = [[0; BLOCK_BYTES]; LANES];
        let mut idle = [[0; BLOCK_BYTES]; STEPS_MAX];
        let mut waiting = spans.iter().filter(|span| span.body(BLOCK_BYTES).len() >= BLOCK_BYTES);
        loop {
            for (lane, chain) in lanes.iter_mut().zip(&mut chain).filter(|(lane, _)| lane.blocks == 0) {
                let Some(span) = waiting.next() else { break };
                let body = span.body(BLOCK_BYTES);
                *lane = Lane { at: body.start, blocks: body.len() / BLOCK_BYTES };
                chain.copy_from_slice(&arena[span.iv(BLOCK_BYTES)]);
            }
            let running = lanes.iter().filter(|lane| lane.blocks > 0);
            let Some(steps) = running.map(|lane| lane.blocks).min() else { return };
            let steps = steps.min(STEPS_MAX);
            self.encrypt_steps(arena, &lanes, &mut idle, &mut chain, steps);
            for lane in lanes.iter_mut().filter(|lane| lane.blocks > 0) {
                *lane = Lane { at: lane.at + steps * BLOCK_BYTES, blocks: lane.blocks - steps };
            }
        }
    }

    fn decrypt(&self, iv: &[u8], body: &mut [u8]) {
        let mut start = [0; BLOCK_BYTES];
        start.copy_from_slice(iv);
        let blocks = body.len() / BLOCK_BYTES;
        // SAFETY: `new` has asked the CPU; `body` has that many blocks.
        unsafe { decrypt_cbc::<ROUNDS>(&self.decryption, &start, body.as_mut_ptr(), blocks) }
    }
}

/// The key expansion of FIPS 197 §5.2. `aeskeygenassist` is the S-box without a table, whose use would tell the key.
#[target_feature(enable = "aes")]
pub fn expand(key: &[u8], rounds: usize) -> RoundKeys {
    let key_words = key.len() / 4;
    let mut words = Zeroizing::new([0u32; 4 * ROUND_KEYS_MAX]);
    for (word, bytes) in words.iter_mut().zip(key.chunks_exact(4)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    let mut constant = 1u32;
    for index in key_words..4 * (rounds + 1) {
        let mut word = words[index - 1];
        if index % key_words == 0 {
            word = substitute(word).rotate_right(8) ^ constant;
            constant = constant << 1 ^ if constant & 0x80 != 0 { 0x11b } else { 0 };
        } else if key_words > 6 && index % key_words == 4 {
            word = substitute(word);
        }
        words[index] = words[index - key_words] ^ word;
    }
    let mut keys = Zeroizing::new([[0; BLOCK_BYTES]; ROUND_KEYS_MAX]);
    for (bytes, word) in keys.as_flattened_mut().chunks_exact_mut(4).zip(words.iter()) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    keys
}

/// The S-box on each byte of a word.
#[target_feature(enable = "aes")]
fn substitute(word: u32) -> u32 {
    _mm_cvtsi128_si32(_mm_aeskeygenassist_si128::<0>(_mm_set1_epi32(word as i32))) as u32
}

/// The keys of the equivalent inverse cipher (FIPS 197 §5.3.5), in the order of use.
#[target_feature(enable = "aes")]
fn invert(encryption: &RoundKeys, rounds: usize) -> RoundKeys {
    let mut keys = Zeroizing::new([[0; BLOCK_BYTES]; ROUND_KEYS_MAX]);
    for (index, key) in keys[..=rounds].iter_mut().enumerate() {
        let from = &encryption[rounds - index];
        *key = *from;
        if index > 0 && index < rounds {
            // SAFETY: a round key is 16 bytes.
            unsafe {
                _mm_storeu_si128(key.as_mut_ptr().cast(), _mm_aesimc_si128(_mm_loadu_si128(from.as_ptr().cast())))
            };
        }
    }
    keys
}

/// Each round key four times.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn load_keys(keys: &RoundKeys) -> [__m512i; ROUND_KEYS_MAX] {
    let mut loaded = [_mm512_setzero_si512(); ROUND_KEYS_MAX];
    for (register, key) in loaded.iter_mut().zip(keys.iter()) {
        // SAFETY: a round key is 16 bytes.
        *register = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(key.as_ptr().cast()) });
    }
    loaded
}

/// Encrypt `steps` blocks at each pointer; `chain` has the last ciphertext.
///
/// # Safety
/// Each pointer is readable and writable for `steps` blocks.
#[target_feature(enable = "avx512f,vaes,aes")]
unsafe fn encrypt_cbc<const ROUNDS: usize>(
    keys: &RoundKeys,
    pointers: &[*mut u8; LANES],
    chain: &mut [Block; LANES],
    steps: usize,
) {
    let keys = load_keys(keys);
    let mut state = [_mm512_setzero_si512(); LANES / 4];
    for (register, blocks) in state.iter_mut().zip(chain.as_chunks::<4>().0) {
        // SAFETY: four blocks are 64 bytes.
        *register = unsafe { _mm512_loadu_si512(blocks.as_ptr().cast()) };
    }
    for at in (0..steps).map(|step| step * BLOCK_BYTES) {
        for (register, four) in state.iter_mut().zip(pointers.as_chunks::<4>().0) {
            // SAFETY: the caller's promise.
            let plaintext = unsafe { load_four(four, at) };
            *register = _mm512_xor_si512(_mm512_xor_si512(*register, plaintext), keys[0]);
        }
        for key in &keys[1..ROUNDS] {
            for register in &mut state {
                *register = _mm512_aesenc_epi128(*register, *key);
            }
        }
        for (register, four) in state.iter_mut().zip(pointers.as_chunks::<4>().0) {
            *register = _mm512_aesenclast_epi128(*register, keys[ROUNDS]);
            // SAFETY: the caller's promise.
            unsafe { store_four(four, at, *register) };
        }
    }
    for (register, blocks) in state.iter().zip(chain.as_chunks_mut::<4>().0) {
        // SAFETY: four blocks are 64 bytes.
        unsafe { _mm512_storeu_si512(blocks.as_mut_ptr().cast(), *register) };
    }
}

/// # Safety
/// Each pointer is readable for a block from `at` on.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load_four(pointers: &[*mut u8; 4], at: usize) -> __m512i {
    // SAFETY: the caller's promise.
    let [a, b, c, d] = pointers.map(|pointer| unsafe { _mm_loadu_si128(pointer.add(at).cast()) });
    let two = _mm512_inserti32x4::<1>(_mm512_castsi128_si512(a), b);
    _mm512_inserti32x4::<3>(_mm512_inserti32x4::<2>(two, c), d)
}

/// # Safety
/// Each pointer is writable for a block from `at` on.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn store_four(pointers: &[*mut u8; 4], at: usize, blocks: __m512i) {
    // SAFETY: the caller's promise.
    unsafe {
        _mm_storeu_si128(pointers[0].add(at).cast(), _mm512_castsi512_si128(blocks));
        _mm_storeu_si128(pointers[1].add(at).cast(), _mm512_extracti32x4_epi32::<1>(blocks));
        _mm_storeu_si128(pointers[2].add(at).cast(), _mm512_extracti32x4_epi32::<2>(blocks));
        _mm_storeu_si128(pointers[3].add(at).cast(), _mm512_extracti32x4_epi32::<3>(blocks));
    }
}

/// Decrypt `blocks` blocks in place, sixteen at a time.
///
/// # Safety
/// `body` is readable and writable for `blocks` blocks.
#[target_feature(enable = "avx512f,vaes,aes")]
unsafe fn decrypt_cbc<const ROUNDS: usize>(keys: &RoundKeys, iv: &Block, body: *mut u8, blocks: usize) {
    let keys = load_keys(keys);
    // SAFETY: an IV is 16 bytes.
    let mut before = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(iv.as_ptr().cast()) });
    for first in (0..blocks).step_by(16) {
        let mut ciphertext = [_mm512_setzero_si512(); 4];
        let mut state = [_mm512_setzero_si512(); 4];
        let at = |register: usize| body.wrapping_add((first + register * 4) * BLOCK_BYTES);
        // The quadwords of register `n` that belong to the body.
        let mask = |register: usize| match (blocks - first).saturating_sub(register * 4) {
            left @ 0..4 => (1u8 << (left * 2)) - 1,
            _ => 0xff,
        };
        for register in 0..4 {
            // SAFETY: only quadwords of the body are touched.
            ciphertext[register] = unsafe { _mm512_maskz_loadu_epi64(mask(register), at(register).cast()) };
            state[register] = _mm512_xor_si512(ciphertext[register], keys[0]);
        }
        for key in &keys[1..ROUNDS] {
            for register in &mut state {
                *register = _mm512_aesdec_epi128(*register, *key);
            }
        }
        for register in 0..4 {
            // The last block of what was before, then all but the last of this one.
            let chain = _mm512_alignr_epi64::<6>(ciphertext[register], before);
            before = ciphertext[register];
            let plaintext = _mm512_xor_si512(_mm512_aesdeclast_epi128(state[register], keys[ROUNDS]), chain);
            // SAFETY: only quadwords of the body are touched.
            unsafe { _mm512_mask_storeu_epi64(at(register).cast(), mask(register), plaintext) };
        }
    }
}
