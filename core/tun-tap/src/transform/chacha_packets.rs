//! Our own ChaCha20-Poly1305 beside AWS-LC's, and its Poly1305 beside one by hand.

use std::arch::x86_64::*;

use super::aead::{Aead, Direct};
use super::aws_lc::Kind;
use super::chacha_poly::boxed_chacha;
use super::cpu::has_chacha_lanes;
use super::engine_trials::{agree, lengths, random, refuses_changed_bits, stays_inside};
use super::poly1305::{OneTimeKey, TAG_BYTES, tag};
use super::poly1305_lanes::{Lanes, Last, STEP_BYTES};
use crate::checksum;

/// Our own engine and AWS-LC's, with one key.
fn both() -> Option<[Box<dyn Aead>; 2]> {
    let (key, salt) = (random::<32>(), random::<4>());
    Some([boxed_chacha(&key, &salt)?, Direct::boxed(Kind::ChaCha20Poly1305, &key, &salt, 16)?])
}

#[test]
fn every_length_gives_what_aws_lc_gives_and_opens_in_place() {
    let text = random::<20_000>();
    let Some(engines) = both() else { return };
    for length in lengths() {
        agree(&engines, &random::<16>()[..[8, 12, 5, 16][length % 4]], &text[..length], 16);
    }
}

#[test]
fn the_example_of_rfc_8439_comes_out() {
    // §2.8.2: the nonce is salt and IV of RFC 7634 §2.
    let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
    let (key, iv): ([u8; 32], [u8; 8]) =
        (std::array::from_fn(|at| 0x80 + at as u8), std::array::from_fn(|at| 0x40 + at as u8));
    let Some(own) = boxed_chacha(&key, &[7, 0, 0, 0]) else { return };
    let mut out = [0; 114 + 16];
    assert!(own.seal(&aad, iv, text, &mut out));
    assert_eq!(out[..8], [0xd3, 0x1a, 0x8d, 0x34, 0x64, 0x8e, 0x60, 0xdb]);
    assert_eq!(u128::from_be_bytes(*out.last_chunk().unwrap()), 0x1ae1_0b59_4f09_e26a_7e90_2ecb_d060_0691);
}

#[test]
fn a_changed_bit_anywhere_does_not_open() {
    let Some([own, _]) = both() else { return };
    for length in [54, 250, 600] {
        refuses_changed_bits(&*own, length, 16);
    }
}

#[test]
fn nothing_is_written_outside_of_what_is_asked_for() {
    let Some([own, _]) = both() else { return };
    for length in [0, 1, 63, 64, 65, 191, 192, 193, 447, 448, 449, 511, 512, 513, 1404, 1472, 1473, 3000] {
        stays_inside(&*own, length);
    }
}

#[test]
fn a_plaintext_that_moves_covers_its_own_length_alone() {
    let Some([own, _]) = both() else { return };
    let text = random::<3000>();
    for length in [0, 1, 64, 130, 192, 200, 1404, 1472, 1500, 3000] {
        for distance in [0, 1, 16, 37, 63, 64, 100, 128, 200, 2000] {
            let (to, start) = (40, 40 + distance);
            let mut arena = vec![0xa5; start + length + 16 + 64];
            let body = start..start + length + 16;
            assert!(own.seal(&[3; 12], [1; 8], &text[..length], &mut arena[body.clone()]));
            let before = arena.clone();
            let sum = own.open_moved(&[3; 12], [1; 8], &mut arena, body, to).expect("it opens");
            assert_eq!(arena[to..to + length], text[..length], "{length} bytes by {distance}");
            assert_eq!(checksum::fold(sum), checksum::fold(checksum::add(0, &text[..length])));
            assert_eq!(arena[..to], before[..to], "{length} bytes by {distance}");
            assert_eq!(arena[to + length..], before[to + length..], "{length} bytes by {distance}");
        }
    }
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let Some([own, _]) = both() else { return };
    assert!(!own.seal(&[0; 8], [1; 8], &[0; 20], &mut [0; 35]));
    assert!(!own.seal(&[0; 17], [1; 8], &[0; 20], &mut [0; 36]));
    assert!(!own.open(&[0; 8], [1; 8], &mut [0; 15]));
    assert!(own.open_moved(&[0; 8], [1; 8], &mut [0; 60], 20..61, 0).is_none());
    assert!(own.open_moved(&[0; 8], [1; 8], &mut [0; 60], 20..60, 21).is_none());
    assert!([31, 33, 0].iter().all(|bytes| boxed_chacha(&vec![0; *bytes], &[0; 4]).is_none()));
    assert!(boxed_chacha(&[0; 32], &[0; 5]).is_none());
}
/// A number modulo 2^130 - 5, slowly: bits from 128 on, and those below.
type Number = (u64, u128);

fn plus(left: Number, right: Number) -> Number {
    let (low, carry) = left.1.overflowing_add(right.1);
    let high = left.0 + right.0 + u64::from(carry);
    let (low, carry) = low.overflowing_add(u128::from(high >> 2) * 5);
    ((high & 3) + u64::from(carry), low)
}

fn times(left: Number, factor: u128) -> Number {
    (0..128).rev().fold((0, 0), |sum, bit| {
        let twice = plus(sum, sum);
        if factor >> bit & 1 == 1 { plus(twice, left) } else { twice }
    })
}

fn slow_tag(r: u128, s: u128, blocks: &[u128]) -> u128 {
    let (high, low) = blocks.iter().fold((0, 0), |hash, block| times(plus(hash, (1, *block)), r));
    let (less, carry) = low.overflowing_add(5);
    let low = if high + u64::from(carry) > 3 { less } else { low };
    low.wrapping_add(s)
}

const CLAMP: u128 = 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff;

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,avx512vbmi2")]
fn tags(r: u128, s: u128, blocks: &[u128]) -> [u128; 2] {
    let block = |value: u128| _mm_set_epi64x((value >> 64) as i64, value as i64);
    let key = OneTimeKey { r: block(r), s: block(s) };
    let scalar = tag(key, blocks.iter().map(|value| [*value as u64, (value >> 64) as u64]));
    let [front, text @ .., lengths] = blocks else { panic!("fewer than two blocks") };
    let bytes: Vec<u8> = text.iter().flat_map(|block| block.to_le_bytes()).collect();
    let load = |bytes: &[u8]| {
        let mut step = [0u8; STEP_BYTES];
        step[..bytes.len()].copy_from_slice(bytes);
        // SAFETY: a step is two registers.
        unsafe { [_mm512_loadu_si512(step.as_ptr().cast()), _mm512_loadu_si512(step[64..].as_ptr().cast())] }
    };
    let (steps, rest) = bytes.as_chunks::<STEP_BYTES>();
    let lanes = steps.iter().fold(Lanes::begin(key, block(*front)), |lanes, step| lanes.step(load(step)));
    let last = Last { registers: load(rest), bytes: rest.len() };
    [scalar, lanes.tag(key, last, block(*lengths))].map(u128::from_le_bytes)
}

#[test]
fn the_published_edges_of_poly1305_come_out() {
    // RFC 8439 §2.5.2, whose last block is short, is run as part of whole packets; these are appendix A.3, 7 to 11.
    let ones = u128::MAX;
    let cases: [(u128, u128, &[u128], u128); 5] = [
        (2, 0, &[ones], 3),
        (2, ones, &[2], 3),
        (1, 0, &[ones, ones - 0xf, 0x11], 5),
        (
            1,
            0,
            &[
                ones,
                ones - u128::from_le_bytes([4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
                u128::from_le_bytes([1; 16]),
            ],
            0,
        ),
        (2, 0, &[ones - 2], ones - 5),
    ];
    for (r, s, blocks, wanted) in cases {
        let words = blocks.iter().map(|value| [*value as u64, (value >> 64) as u64]);
        // SAFETY: every x86-64 CPU has SSE2.
        let [r_register, s_register] =
            [r, s].map(|value| unsafe { _mm_set_epi64x((value >> 64) as i64, value as i64) });
        let got = tag(OneTimeKey { r: r_register, s: s_register }, words);
        assert_eq!(u128::from_le_bytes(got), wanted, "{r} and {blocks:x?}");
        assert_eq!(slow_tag(r, s, blocks), wanted, "slowly, {r} and {blocks:x?}");
    }
}

#[test]
fn extreme_keys_and_blocks_are_hashed_as_by_hand() {
    if !has_chacha_lanes() {
        return;
    }
    let ones = u128::MAX;
    let random = || u128::from_le_bytes(random::<{ TAG_BYTES }>());
    for r in [0, 1, 2, 4, CLAMP, CLAMP & !0xffff_ffff, CLAMP & 0xffff_ffff, random() & CLAMP] {
        for s in [0, 1, ones, random()] {
            for block in [0, 1, ones, ones - 1, ones - 4, ones - 5, ones << 64, ones >> 64, random()] {
                for count in [2, 3, 6, 9, 10, 11, 17, 18, 33, 40] {
                    let blocks = vec![block; count];
                    let wanted = slow_tag(r, s, &blocks);
                    // SAFETY: asked above.
                    assert_eq!(unsafe { tags(r, s, &blocks) }, [wanted; 2], "{count} of {block:x} by {r:x} and {s:x}");
                }
            }
        }
    }
}
