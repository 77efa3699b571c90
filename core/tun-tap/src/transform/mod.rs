//! ESP transforms: a suite with its keys, behind a handle; batches are sealed and opened by it (RFC 4303 §3.3.2, §3.4.4).
//!
//! Numbers and key bytes come in, never an algorithm's name: `suite.rs` has a row for each number.

pub mod aead;
#[cfg(target_arch = "x86_64")]
mod aes_lanes;
mod alike;
pub mod aws_lc;
pub mod cbc;
#[cfg(target_arch = "x86_64")]
mod chacha_long;
#[cfg(target_arch = "x86_64")]
mod chacha_packet;
#[cfg(target_arch = "x86_64")]
mod chacha_poly;
#[cfg(target_arch = "x86_64")]
mod chacha_rows;
#[cfg(target_arch = "x86_64")]
mod chacha_source;
#[cfg(target_arch = "x86_64")]
mod chacha_words;
pub mod cipher;
#[cfg(any(target_arch = "x86_64", test))]
mod cpu;
#[cfg(target_arch = "x86_64")]
mod gcm_lanes;
#[cfg(target_arch = "x86_64")]
mod gcm_open;
#[cfg(target_arch = "x86_64")]
mod gcm_pass;
#[cfg(target_arch = "x86_64")]
mod gcm_seal;
#[cfg(target_arch = "x86_64")]
mod ghash_lanes;
pub mod handle;
mod hmac;
#[cfg(target_arch = "x86_64")]
mod hmac_lanes;
pub mod integrity;
mod join;
mod mold;
pub mod open;
mod pieces;
#[cfg(target_arch = "x86_64")]
mod poly1305;
#[cfg(target_arch = "x86_64")]
mod poly1305_lanes;
#[cfg(target_arch = "x86_64")]
mod poly1305_steps;
pub mod seal;
#[cfg(target_arch = "x86_64")]
mod sha_lanes;
mod staged;
pub mod suite;
#[cfg(target_arch = "x86_64")]
mod text;

#[cfg(test)]
mod batches;
#[cfg(all(target_arch = "x86_64", test))]
mod chacha_packets;
#[cfg(all(target_arch = "x86_64", test))]
mod engine_trials;
#[cfg(test)]
mod super_packets;
#[cfg(test)]
mod vectors;

use aead::Aead;
use cipher::Cipher;
use integrity::Integrity;

/// SPI and sequence number (RFC 4303 §2.1, §2.2).
pub const ESP_HEADER_BYTES: usize = 8;
/// Pad length and next header (RFC 4303 §2.5, §2.6).
pub const TRAILER_BYTES: usize = 2;

/// What the padding octets hold (RFC 4303 §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// 1, 2, 3 and so on.
    Sequential,
    Zero,
    Random,
}

/// Where the explicit IV of a packet comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IvSource {
    /// There is none.
    None,
    /// The caller's counter; it must never repeat under one key.
    Counter,
    /// Unpredictable (RFC 3602 §3).
    Random,
}

/// What encrypts.
pub enum Engine {
    /// Encrypts and authenticates in one pass.
    Aead(Box<dyn Aead>),
    /// Encrypts only; `Integrity` authenticates, if there is one.
    Cipher(Box<dyn Cipher>, Option<Box<dyn Integrity>>),
}

/// A suite with its keys. Dropping it wipes them.
pub struct Transform {
    engine: Engine,
    padding: Padding,
    iv_source: IvSource,
    iv_bytes: usize,
    icv_bytes: usize,
    /// The cipher's block; 1 where it has none.
    block_bytes: usize,
}

impl Transform {
    /// Bytes of plaintext for an inner packet: padded so that packet, padding and trailer fill whole blocks, and at
    /// least whole 32-bit words (RFC 4303 §2.4).
    fn body_bytes(&self, inner_bytes: usize) -> usize {
        // Blocks are powers of two; a division would take 10 ns of a packet.
        let mask = self.block_bytes.max(4) - 1;
        (inner_bytes + TRAILER_BYTES + mask) & !mask
    }

    /// Bytes of the ESP packet for an inner packet.
    fn packet_bytes(&self, inner_bytes: usize) -> usize {
        ESP_HEADER_BYTES + self.iv_bytes + self.body_bytes(inner_bytes) + self.icv_bytes
    }

    /// Write padding, pad length and next header into `trailer`.
    fn fill_trailer(&self, trailer: &mut [u8], next_header: u8) {
        let padding_bytes = trailer.len() - TRAILER_BYTES;
        let (padding, end) = trailer.split_at_mut(padding_bytes);
        match self.padding {
            Padding::Sequential => padding.iter_mut().zip(1..).for_each(|(octet, value)| *octet = value),
            Padding::Zero => padding.fill(0),
            Padding::Random => aws_lc::fill_random(padding),
        }
        end.copy_from_slice(&[padding_bytes as u8, next_header]);
    }
}

/// What an AEAD authenticates beside the ciphertext: SPI, with ESN the high word, low word (RFC 4106 §5).
struct AdditionalData {
    bytes: [u8; 12],
    length: usize,
}

impl AdditionalData {
    /// From an ESP header, and the high word where there are extended sequence numbers.
    fn new(header: &[u8], sequence_high: Option<u32>) -> AdditionalData {
        let mut bytes = [0; 12];
        let Some(high) = sequence_high else {
            bytes[..8].copy_from_slice(&header[..8]);
            return AdditionalData { bytes, length: 8 };
        };
        let (spi, low) = header.split_at(4);
        // The first eight in one, because they are read in one: `gcm_pass::nonce_block` says why.
        let spi = spi.try_into().map_or(0, u32::from_be_bytes);
        bytes[..8].copy_from_slice(&(u64::from(spi) << 32 | u64::from(high)).to_be_bytes());
        bytes[8..].copy_from_slice(&low[..4]);
        AdditionalData { bytes, length: 12 }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
