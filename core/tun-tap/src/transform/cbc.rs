//! CBC over any block cipher (RFC 3602 for AES, RFC 4312 for Camellia, RFC 2451 for 3DES).
//!
//! Encryption is a chain inside a packet, so packets of a batch are encrypted side by side: the cipher then has
//! independent blocks to work on. That is five times faster for AES than one packet after the other, and twelve times
//! with the kernel of `aes_lanes.rs`, where the CPU has what it needs.

use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, InnerIvInit, KeyInit};
use aes::{Aes128, Aes192, Aes256};

use super::cipher::{Cipher, Span};

/// Packets that are encrypted side by side (measured: 8 and 16 are equal, more is slower).
const LANES: usize = 16;

/// A block cipher in CBC mode.
pub struct Cbc<C>(pub C);

/// An AES-CBC engine for the key length; None for a key of the wrong length.
pub fn boxed_aes(key: &[u8]) -> Option<Box<dyn Cipher>> {
    #[cfg(target_arch = "x86_64")]
    if let Some(lanes) = super::aes_lanes::boxed_cbc(key) {
        return Some(lanes);
    }
    Some(match key.len() {
        16 => Box::new(Cbc(Aes128::new_from_slice(key).ok()?)),
        24 => Box::new(Cbc(Aes192::new_from_slice(key).ok()?)),
        32 => Box::new(Cbc(Aes256::new_from_slice(key).ok()?)),
        _ => return None,
    })
}

impl<C> Cbc<C>
where
    C: BlockCipherEncrypt + BlockCipherDecrypt,
{
    /// Encrypt up to `LANES` packets; longest first, so that the lanes still running are always the front ones.
    fn encrypt_lanes(&self, arena: &mut [u8], spans: &[Span]) {
        let block_bytes = C::block_size();
        let mut order: [Option<Span>; LANES] = [None; LANES];
        order.iter_mut().zip(spans).for_each(|(slot, span)| *slot = Some(*span));
        order.sort_unstable_by_key(|slot| slot.map_or(0, |span| usize::MAX - (span.end - span.start)));
        let lanes = &mut order[LANES - spans.len()..];
        let mut chain: [Block<C>; LANES] = std::array::from_fn(|_| Block::<C>::default());
        for (block, span) in chain.iter_mut().zip(lanes.iter().flatten()) {
            block.copy_from_slice(&arena[span.iv(block_bytes)]);
        }
        let mut running = spans.len();
        let mut at = 0;
        loop {
            let is_running = |slot: &Option<Span>| slot.is_some_and(|span| span.body(block_bytes).len() > at);
            while running > 0 && !is_running(&lanes[running - 1]) {
                running -= 1;
            }
            if running == 0 {
                return;
            }
            let starts = lanes.iter().flatten().map(|span| span.body(block_bytes).start + at);
            for (block, start) in chain[..running].iter_mut().zip(starts.clone()) {
                let plaintext = &arena[start..start + block_bytes];
                block.iter_mut().zip(plaintext).for_each(|(octet, plain)| *octet ^= plain);
            }
            self.0.encrypt_blocks(&mut chain[..running]);
            for (block, start) in chain[..running].iter().zip(starts) {
                arena[start..start + block_bytes].copy_from_slice(block);
            }
            at += block_bytes;
        }
    }
}

impl<C> Cipher for Cbc<C>
where
    C: BlockCipherEncrypt + BlockCipherDecrypt + Send + Sync,
{
    fn encrypt(&self, arena: &mut [u8], spans: &[Span]) {
        spans.chunks(LANES).for_each(|lanes| self.encrypt_lanes(arena, lanes));
    }

    fn decrypt(&self, iv: &[u8], body: &mut [u8]) {
        let mut start = Block::<C>::default();
        start.copy_from_slice(iv);
        let (blocks, _rest) = Block::<C>::slice_as_chunks_mut(body);
        cbc::Decryptor::inner_iv_init(&self.0, &start).decrypt_blocks(blocks);
    }
}

#[cfg(test)]
mod tests {
    use aes::cipher::{BlockModeEncrypt, KeyIvInit};

    use super::super::ESP_HEADER_BYTES;
    use super::super::aws_lc::fill_random;
    use super::super::cpu::switch::on_every_path;
    use super::*;

    /// The library's ciphertext of one body.
    fn expected(key: &[u8], iv: &[u8], body: &mut [u8]) {
        fn run<C: BlockCipherEncrypt + KeyInit>(key: &[u8], iv: &[u8], body: &mut [u8]) {
            let (blocks, _) = Block::<C>::slice_as_chunks_mut(body);
            cbc::Encryptor::<C>::new_from_slices(key, iv).unwrap().encrypt_blocks(blocks);
        }
        match key.len() {
            16 => run::<Aes128>(key, iv, body),
            24 => run::<Aes192>(key, iv, body),
            _ => run::<Aes256>(key, iv, body),
        }
    }

    /// Packets of these many blocks in an arena with room between them; also what encryption must make of it.
    fn packets(key: &[u8], blocks: &[usize]) -> (Vec<u8>, Vec<u8>, Vec<Span>) {
        let (mut spans, mut end) = (Vec::new(), 0);
        for (index, blocks) in blocks.iter().enumerate() {
            let start = end + index % 5;
            end = start + ESP_HEADER_BYTES + 16 + blocks * 16;
            spans.push(Span { start, end, sequence_high: None });
        }
        let mut arena = vec![0; end + 40];
        fill_random(&mut arena);
        let mut wanted = arena.clone();
        for span in &spans {
            expected(key, &arena[span.iv(16)], &mut wanted[span.body(16)]);
        }
        (arena, wanted, spans)
    }

    fn compare(blocks: &[usize]) {
        for key_bytes in [16, 24, 32] {
            let mut key = vec![0; key_bytes];
            fill_random(&mut key);
            let (arena, wanted, spans) = packets(&key, blocks);
            on_every_path(|| {
                let cipher = boxed_aes(&key).unwrap();
                let mut got = arena.clone();
                cipher.encrypt(&mut got, &spans);
                assert_eq!(got, wanted, "{blocks:?} blocks, key of {key_bytes}");
                for span in &spans {
                    let iv = got[span.iv(16)].to_vec();
                    cipher.decrypt(&iv, &mut got[span.body(16)]);
                }
                assert_eq!(got, arena, "{blocks:?} blocks, key of {key_bytes}");
            });
        }
    }

    #[test]
    fn batches_of_any_size_equal_the_library() {
        for count in 0..50 {
            compare(&vec![5; count]);
        }
    }

    #[test]
    fn every_number_of_blocks_equals_the_library() {
        for blocks in 0..70 {
            compare(&[blocks]);
            compare(&[blocks; 17]);
        }
    }

    #[test]
    fn mixed_lengths_equal_the_library() {
        let mut random = [0; 100];
        for round in 0..40 {
            fill_random(&mut random[..]);
            let lengths = random[..round * 2].iter().map(|value| if value % 3 == 0 { 0 } else { usize::from(*value) });
            compare(&lengths.collect::<Vec<_>>());
        }
        compare(&[1, 1, 1, 4000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4000, 2]);
    }

    #[test]
    fn a_key_of_the_wrong_length_gives_no_engine() {
        on_every_path(|| assert!([0, 15, 17, 31, 33].iter().all(|bytes| boxed_aes(&vec![0; *bytes]).is_none())));
    }
}
