//! HMAC (RFC 2104) with SHA-1 (RFC 2404) or SHA-256 (RFC 4868), from two states that are kept for a key.
//!
//! A message is a row of runs of whole blocks: the packet's own, its end with the hash's padding, and the outer hash.
//! One message takes its runs one after the other here; `hmac_lanes.rs` takes sixteen messages through theirs together.

use std::marker::PhantomData;

use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroize;

use super::cipher::Span;
use super::integrity::{Integrity, MAC_BYTES_MAX, Mac};

/// Bytes of a block of either hash.
pub const BLOCK_BYTES: usize = 64;
/// Words of a state; SHA-1 uses the first five.
pub type State = [u32; 8];

type Block = [u8; BLOCK_BYTES];

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;
/// Behind a message: a one bit, and the length in 64 bits (FIPS 180-4 §5.1.1).
const PADDING_BYTES_MIN: usize = 9;

/// A hash of 32-bit words and blocks of 64 bytes.
pub trait Hash: Send + Sync + 'static {
    /// The state before the first block.
    const INITIAL: State;
    /// Words of the result.
    const WORDS: usize;
    /// Fewest messages that sixteen lanes are faster for than one message after the other: what a step of
    /// all lanes takes, by what a block alone takes.
    #[cfg(target_arch = "x86_64")]
    const LANES_MIN: usize;

    /// The hash of a key that is longer than a block.
    fn shorten(key: &[u8], block: &mut Block);
    /// Take blocks into a state.
    fn compress(state: &mut State, blocks: &[Block]);
    /// Take `blocks` blocks of each input into its lane's state.
    #[cfg(target_arch = "x86_64")]
    fn compress_lanes(states: &mut super::sha_lanes::States, inputs: &[&[u8]; super::sha_lanes::LANES], blocks: usize);
}

/// SHA-1.
pub struct Sha1Hash;

impl Hash for Sha1Hash {
    const INITIAL: State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0, 0, 0, 0];
    const WORDS: usize = 5;
    #[cfg(target_arch = "x86_64")]
    const LANES_MIN: usize = 5;

    fn shorten(key: &[u8], block: &mut Block) {
        block[..20].copy_from_slice(&Sha1::digest(key));
    }

    fn compress(state: &mut State, blocks: &[Block]) {
        let [a, b, c, d, e, ..] = *state;
        let mut words = [a, b, c, d, e];
        sha1::block_api::compress(&mut words, blocks);
        state[..5].copy_from_slice(&words);
    }

    #[cfg(target_arch = "x86_64")]
    fn compress_lanes(states: &mut super::sha_lanes::States, inputs: &[&[u8]; super::sha_lanes::LANES], blocks: usize) {
        super::sha_lanes::sha1(states, inputs, blocks);
    }
}

/// SHA-256.
pub struct Sha256Hash;

impl Hash for Sha256Hash {
    const INITIAL: State =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    const WORDS: usize = 8;
    #[cfg(target_arch = "x86_64")]
    const LANES_MIN: usize = 7;

    fn shorten(key: &[u8], block: &mut Block) {
        block[..32].copy_from_slice(&Sha256::digest(key));
    }

    fn compress(state: &mut State, blocks: &[Block]) {
        sha2::block_api::compress256(state, blocks);
    }

    #[cfg(target_arch = "x86_64")]
    fn compress_lanes(states: &mut super::sha_lanes::States, inputs: &[&[u8]; super::sha_lanes::LANES], blocks: usize) {
        super::sha_lanes::sha256(states, inputs, blocks);
    }
}

/// A key: the states after the block that it is padded to, of the inner and the outer hash.
pub struct Hmac<H> {
    pub(super) inner: State,
    outer: State,
    #[cfg(target_arch = "x86_64")]
    has_lanes: bool,
    hash: PhantomData<H>,
}

impl<H> Drop for Hmac<H> {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl<H: Hash> Hmac<H> {
    /// Take in a key of any length.
    pub fn new(key: &[u8]) -> Hmac<H> {
        let mut block = [0; BLOCK_BYTES];
        if key.len() > BLOCK_BYTES {
            H::shorten(key, &mut block);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let mut hmac = Hmac {
            inner: H::INITIAL,
            outer: H::INITIAL,
            #[cfg(target_arch = "x86_64")]
            has_lanes: super::cpu::has_hash_lanes(),
            hash: PhantomData,
        };
        block.iter_mut().for_each(|octet| *octet ^= INNER_PAD);
        H::compress(&mut hmac.inner, &[block]);
        block.iter_mut().for_each(|octet| *octet ^= INNER_PAD ^ OUTER_PAD);
        H::compress(&mut hmac.outer, &[block]);
        block.zeroize();
        hmac
    }

    /// Take a message that is in `state` to its end; gives the MAC.
    pub(super) fn finish(&self, arena: &[u8], mut message: Message, mut state: State) -> Mac {
        while message.stage != Stage::Done {
            let (blocks, _) = message.input(arena).as_chunks();
            H::compress(&mut state, blocks);
            self.next_run(&mut message, &mut state);
        }
        mac::<H>(&state)
    }

    /// Go to the next run of a message whose run is at its end; `state` is that of the outer hash when it begins.
    pub(super) fn next_run(&self, message: &mut Message, state: &mut State) {
        match message.stage {
            Stage::Packet => message.begin_tail(),
            Stage::Tail => {
                message.begin_outer::<H>(state);
                *state = self.outer;
            }
            Stage::Outer | Stage::Done => message.stage = Stage::Done,
        }
    }
}

impl<H: Hash> Integrity for Hmac<H> {
    fn authenticate(&self, arena: &[u8], spans: &[Span], macs: &mut [Mac]) {
        #[cfg(target_arch = "x86_64")]
        if self.has_lanes && spans.len() >= H::LANES_MIN {
            return self.authenticate_lanes(arena, spans, macs);
        }
        for (span, mac) in spans.iter().zip(macs) {
            *mac = self.finish(arena, Message::new(arena, span), self.inner);
        }
    }
}

/// The result of the outer hash.
pub(super) fn mac<H: Hash>(state: &State) -> Mac {
    let mut mac = [0; MAC_BYTES_MAX];
    put_words(&mut mac, &state[..H::WORDS]);
    mac
}

fn put_words(bytes: &mut [u8], words: &[u32]) {
    bytes.chunks_exact_mut(4).zip(words).for_each(|(bytes, word)| bytes.copy_from_slice(&word.to_be_bytes()));
}

/// Which run of blocks a message is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Whole blocks of the packet.
    Packet,
    /// What is left of it, the high word of an extended sequence number (RFC 4303 §2.2.1), and padding.
    Tail,
    /// The inner result, and padding.
    Outer,
    Done,
}

/// A message on its way.
pub struct Message {
    pub(super) stage: Stage,
    /// Blocks that are left of the run.
    pub(super) blocks: usize,
    /// Where they begin: in the arena, or in `buffer`.
    at: usize,
    buffer: [u8; 2 * BLOCK_BYTES],
    tail_blocks: usize,
}

impl Message {
    /// A message before its first block.
    pub(super) fn new(arena: &[u8], span: &Span) -> Message {
        let bytes = span.end - span.start;
        let rest = bytes % BLOCK_BYTES;
        let mut buffer = [0; 2 * BLOCK_BYTES];
        buffer[..rest].copy_from_slice(&arena[span.end - rest..span.end]);
        let mut end = rest;
        if let Some(high) = span.sequence_high {
            buffer[rest..rest + 4].copy_from_slice(&high.to_be_bytes());
            end += 4;
        }
        buffer[end] = 0x80;
        let tail_blocks = (end + PADDING_BYTES_MIN).div_ceil(BLOCK_BYTES);
        // The key's block is part of what is hashed.
        let hashed_bytes = BLOCK_BYTES + bytes - rest + end;
        put_bits(&mut buffer[..tail_blocks * BLOCK_BYTES], hashed_bytes);
        let mut message =
            Message { stage: Stage::Packet, blocks: bytes / BLOCK_BYTES, at: span.start, buffer, tail_blocks };
        if message.blocks == 0 {
            message.begin_tail();
        }
        message
    }

    /// The blocks that are left of the run.
    pub(super) fn input<'a>(&'a self, arena: &'a [u8]) -> &'a [u8] {
        let from = if self.stage == Stage::Packet { arena } else { &self.buffer[..] };
        &from[self.at..self.at + self.blocks * BLOCK_BYTES]
    }

    /// `blocks` blocks of the run have been taken in.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn advance(&mut self, blocks: usize) {
        self.at += blocks * BLOCK_BYTES;
        self.blocks -= blocks;
    }

    fn begin_tail(&mut self) {
        (self.stage, self.at, self.blocks) = (Stage::Tail, 0, self.tail_blocks);
    }

    fn begin_outer<H: Hash>(&mut self, inner_result: &State) {
        let end = H::WORDS * 4;
        let block = &mut self.buffer[..BLOCK_BYTES];
        block.fill(0);
        put_words(block, &inner_result[..H::WORDS]);
        block[end] = 0x80;
        put_bits(block, BLOCK_BYTES + end);
        (self.stage, self.at, self.blocks) = (Stage::Outer, 0, 1);
    }
}

/// The length of what is hashed, in bits, at the end of the last block.
fn put_bits(blocks: &mut [u8], hashed_bytes: usize) {
    let end = blocks.len();
    blocks[end - 8..].copy_from_slice(&(hashed_bytes as u64 * 8).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use cmac::{KeyInit, Mac as KeyedHash};

    use super::super::aws_lc::fill_random;
    use super::super::cpu::switch::on_every_path;
    use super::*;

    fn random_word() -> usize {
        let mut bytes = [0; 4];
        fill_random(&mut bytes);
        u32::from_ne_bytes(bytes) as usize
    }

    /// The library's results, one after the other.
    fn expected<M: KeyedHash + KeyInit>(key: &[u8], arena: &[u8], spans: &[Span]) -> Vec<Vec<u8>> {
        let one = |span: &Span| {
            let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
            mac.update(&arena[span.start..span.end]);
            span.sequence_high.iter().for_each(|high| mac.update(&high.to_be_bytes()));
            mac.finalize().into_bytes().to_vec()
        };
        spans.iter().map(one).collect()
    }

    fn compare<H: Hash, M: KeyedHash + KeyInit>(key: &[u8], arena: &[u8], spans: &[Span]) {
        on_every_path(|| {
            let mut macs = vec![[0xa5; MAC_BYTES_MAX]; spans.len()];
            Hmac::<H>::new(key).authenticate(arena, spans, &mut macs);
            for (index, wanted) in expected::<M>(key, arena, spans).iter().enumerate() {
                assert_eq!(macs[index][..wanted.len()], *wanted, "message {index} of {spans:?}");
                assert!(macs[index][wanted.len()..].iter().all(|octet| *octet == 0));
            }
        });
    }

    fn compare_both(key_bytes: usize, arena: &[u8], spans: &[Span]) {
        let mut key = vec![0; key_bytes];
        fill_random(&mut key);
        compare::<Sha1Hash, hmac::Hmac<Sha1>>(&key, arena, spans);
        compare::<Sha256Hash, hmac::Hmac<Sha256>>(&key, arena, spans);
    }

    fn arena(bytes: usize) -> Vec<u8> {
        let mut arena = vec![0; bytes];
        fill_random(&mut arena);
        arena
    }

    #[test]
    fn every_length_of_a_batch_equals_the_library() {
        let arena = arena(400);
        for length in 0..300 {
            for sequence_high in [None, Some(0x8000_0001)] {
                let spans: Vec<Span> =
                    (0..17).map(|start| Span { start, end: start + length, sequence_high }).collect();
                compare_both(32, &arena, &spans);
            }
        }
    }

    #[test]
    fn batches_of_any_size_and_mixed_lengths_equal_the_library() {
        let arena = arena(20_000);
        for count in (0..50).chain([64, 100, 128]) {
            let span = |_| {
                let start = random_word() % 8000;
                let length = random_word() % [1, 70, 1500, 9000][random_word() % 4];
                let sequence_high = random_word().is_multiple_of(2).then(|| random_word() as u32);
                Span { start, end: start + length, sequence_high }
            };
            compare_both(20, &arena, &(0..count).map(span).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_long_packet_among_short_ones_equals_the_library() {
        let arena = arena(70_000);
        for at in [0, 7, 15, 16, 39] {
            let mut spans = vec![Span { start: 3, end: 43, sequence_high: None }; 40];
            spans[at].end = 65_538;
            compare_both(32, &arena, &spans);
        }
    }

    #[test]
    fn keys_of_every_length_equal_the_library() {
        let spans = [Span { start: 0, end: 100, sequence_high: None }; 20];
        for key_bytes in [0, 1, 20, 32, 63, 64, 65, 131] {
            compare_both(key_bytes, &arena(100), &spans);
        }
    }
}
