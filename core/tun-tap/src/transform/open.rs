//! Opening batches in place: lengths, ICV, and only then decryption (RFC 4303 §3.4.4).

use super::{AdditionalData, ESP_HEADER_BYTES, Engine, TRAILER_BYTES, Transform, aws_lc, handle};
use crate::failure::Outcome;
use crate::rows::{self, open};

/// Run `count` open jobs in `arena`. The bytes of a failed job are undefined.
pub fn open_batch(rows: &mut [i32], count: usize, arena: &mut [u8]) -> Outcome<()> {
    rows::check_count(rows, count, open::STRIDE, "opening")?;
    let table = handle::read();
    for row in rows.chunks_exact_mut(open::STRIDE).take(count) {
        row[open::OUT_OFFSET] = row[open::OFFSET];
        row[open::OUT_LENGTH] = match table.get(row[open::TRANSFORM]) {
            None => open::ERROR_NO_TRANSFORM,
            Some(transform) => open_row(transform, row, arena),
        };
    }
    Ok(())
}

fn open_row(transform: &Transform, row: &mut [i32], arena: &mut [u8]) -> i32 {
    let Some(range) = rows::range(row[open::OFFSET], row[open::LENGTH], arena.len()) else {
        return open::ERROR_TOO_SHORT;
    };
    let body_at = ESP_HEADER_BYTES + transform.iv_bytes;
    row[open::OUT_OFFSET] = row[open::OFFSET].saturating_add(body_at as i32);
    let sequence_high = (row[open::FLAGS] & open::FLAG_ESN != 0).then_some(row[open::SEQUENCE_HIGH] as u32);
    open_packet(transform, &mut arena[range], sequence_high).map_or_else(|error| error, |length| length as i32)
}

/// Open one packet, SPI to ICV; gives the bytes of plaintext, which take the ciphertext's place.
fn open_packet(transform: &Transform, packet: &mut [u8], sequence_high: Option<u32>) -> Result<usize, i32> {
    let body_at = ESP_HEADER_BYTES + transform.iv_bytes;
    let body_bytes = packet.len().checked_sub(body_at + transform.icv_bytes);
    let body_bytes = body_bytes.filter(|bytes| *bytes >= TRAILER_BYTES).ok_or(open::ERROR_TOO_SHORT)?;
    if body_bytes % transform.block_bytes != 0 {
        return Err(open::ERROR_ALIGNMENT);
    }
    let body_end = body_at + body_bytes;
    match &transform.engine {
        Engine::Aead(aead) => {
            let (front, body) = packet.split_at_mut(body_at);
            let aad = AdditionalData::new(front, sequence_high);
            let mut iv = [0; 8];
            iv.copy_from_slice(&front[ESP_HEADER_BYTES..]);
            if !aead.open(aad.as_bytes(), iv, body) {
                return Err(open::ERROR_AUTHENTICATION);
            }
        }
        Engine::Cipher(cipher, integrity) => {
            if let Some(integrity) = integrity {
                let high = sequence_high.map(u32::to_be_bytes);
                let suffix = high.as_ref().map_or(&[][..], |bytes| &bytes[..]);
                let mac = integrity.compute(&packet[..body_end], suffix);
                if !aws_lc::equal(&mac[..transform.icv_bytes], &packet[body_end..]) {
                    return Err(open::ERROR_AUTHENTICATION);
                }
            }
            let (front, body) = packet.split_at_mut(body_at);
            cipher.decrypt(&front[ESP_HEADER_BYTES..], &mut body[..body_bytes]);
        }
    }
    Ok(body_bytes)
}
