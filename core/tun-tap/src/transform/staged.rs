//! Packets of ciphers with separate integrity, put aside until there are enough of them to be worked on side by side.

use super::cipher::Span;
use super::handle::Table;
use super::integrity::{MAC_BYTES_MAX, Mac};
use super::{Engine, IvSource, Transform, aws_lc};

/// Packets at which a batch works on what it has put aside: enough to fill sixteen lanes many times, and few enough to
/// stay in the second-level cache.
const ENOUGH: usize = 128;

/// A packet, its transform and the row that it came from.
#[derive(Clone, Copy)]
struct Packet {
    handle: i32,
    row: usize,
    span: Span,
}

/// Packets that are put aside, and memory that stays from batch to batch.
pub struct Staged {
    packets: Vec<Packet>,
    spans: Vec<Span>,
    macs: Vec<Mac>,
    random: Vec<u8>,
}

impl Staged {
    /// Nothing.
    pub const fn new() -> Staged {
        Staged { packets: Vec::new(), spans: Vec::new(), macs: Vec::new(), random: Vec::new() }
    }

    /// Put a packet aside. `row` is given back by `open`.
    pub fn push(&mut self, handle: i32, row: usize, span: Span) {
        self.packets.push(Packet { handle, row, span });
    }

    /// Whether it is time to `seal` or `open`.
    pub fn has_enough(&self) -> bool {
        self.packets.len() >= ENOUGH
    }

    /// Forget packets that an earlier batch left, which a panic ended.
    pub fn clear(&mut self) {
        self.packets.clear();
    }

    /// Encrypt and authenticate all packets in `arena` (first one, then the other: RFC 4303 §3.3.2.1).
    pub fn seal(&mut self, table: &Table, arena: &mut [u8]) {
        self.for_each_transform(table, |staged, transform, _| {
            let Engine::Cipher(cipher, integrity) = &transform.engine else { return };
            if transform.iv_source == IvSource::Random {
                staged.fill_ivs(transform.iv_bytes, arena);
            }
            cipher.encrypt(arena, &staged.spans);
            if let Some(integrity) = integrity {
                integrity.authenticate(arena, &staged.spans, &mut staged.macs);
                for (span, mac) in staged.spans.iter().zip(&staged.macs) {
                    let icv = &mut arena[span.end..span.end + transform.icv_bytes];
                    icv.copy_from_slice(&mac[..transform.icv_bytes]);
                }
            }
        });
    }

    /// Verify all packets in `arena` and decrypt, in place, those that are good; `report` gets the row of each of these,
    /// and its bytes of plaintext.
    pub fn open(&mut self, table: &Table, arena: &mut [u8], mut report: impl FnMut(usize, usize)) {
        self.for_each_transform(table, |staged, transform, packets| {
            let Engine::Cipher(cipher, integrity) = &transform.engine else { return };
            if let Some(integrity) = integrity {
                integrity.authenticate(arena, &staged.spans, &mut staged.macs);
            }
            for ((span, mac), packet) in staged.spans.iter().zip(&staged.macs).zip(packets) {
                let icv = &arena[span.end..span.end + transform.icv_bytes];
                if integrity.is_some() && !aws_lc::equal(&mac[..transform.icv_bytes], icv) {
                    continue;
                }
                let body = span.body(transform.iv_bytes);
                let (front, rest) = arena.split_at_mut(body.start);
                cipher.decrypt(&front[span.iv(transform.iv_bytes)], &mut rest[..body.len()]);
                report(packet.row, body.len());
            }
        });
    }

    /// Run `work` for each transform with its packets, in `spans` and `packets`, and with as many `macs`. Nothing is put
    /// aside afterwards.
    fn for_each_transform(&mut self, table: &Table, mut work: impl FnMut(&mut Staged, &Transform, &[Packet])) {
        let mut packets = std::mem::take(&mut self.packets);
        // Stable, and quick where packets are in order already.
        packets.sort_by_key(|packet| packet.handle);
        for group in packets.chunk_by(|left, right| left.handle == right.handle) {
            let Some(transform) = table.get(group[0].handle) else { continue };
            self.spans.clear();
            self.spans.extend(group.iter().map(|packet| packet.span));
            self.macs.resize(group.len(), [0; MAC_BYTES_MAX]);
            work(self, transform, group);
        }
        packets.clear();
        self.packets = packets;
    }

    /// Unpredictable IVs for all spans.
    fn fill_ivs(&mut self, iv_bytes: usize, arena: &mut [u8]) {
        self.random.resize(self.spans.len() * iv_bytes, 0);
        aws_lc::fill_random(&mut self.random);
        for (span, iv) in self.spans.iter().zip(self.random.chunks_exact(iv_bytes)) {
            arena[span.iv(iv_bytes)].copy_from_slice(iv);
        }
    }
}
