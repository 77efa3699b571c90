//! Sealing batches: segment, ESP header, IV, padding, trailer, encryption, ICV (RFC 4303 §3.3.2).
//!
//! An AEAD reads the source and writes the destination in one pass. For that the headers of each segment, and its
//! trailer, are put into the source around the payload for the time of the call; the bytes that were there come back
//! afterwards. Other ciphers work in the destination, on all packets of an association side by side (`staged.rs`).

use std::cell::RefCell;
use std::ops::Range;

use super::aead::{Aead, IV_BYTES};
use super::cipher::Span;
use super::pieces::Ends;
use super::staged::Staged;
use super::{AdditionalData, ESP_HEADER_BYTES, Engine, IvSource, Transform, handle};
use crate::failure::Outcome;
use crate::offload::Offload;
use crate::rows::{self, seal};
use crate::segment::{HEADER_MAX, Plan};

/// The longest packet that an IP header can name.
const PACKET_BYTES_MAX: usize = 65535;
/// Longest padding and trailer: a block of 16 bytes and what is left of the one before.
const TRAILER_BYTES_MAX: usize = 32;

/// One row, read once.
struct Job {
    handle: i32,
    source: Range<usize>,
    spi: u32,
    /// 64 bits with ESN, else the low 32.
    sequence: u64,
    iv: u64,
    next_header: u8,
    offload: Offload,
    has_esn: bool,
    segment_count: usize,
    tfc: TfcPadding,
}

/// Padding for traffic flow confidentiality (RFC 4303 §2.7): to a multiple, but not beyond a limit; 0 for none.
struct TfcPadding {
    multiple: usize,
    limit: usize,
}

impl TfcPadding {
    /// Bytes of an inner packet with its padding.
    fn payload_bytes(&self, inner_bytes: usize) -> usize {
        match self.multiple {
            0 => inner_bytes,
            multiple => inner_bytes.next_multiple_of(multiple).min(self.limit).max(inner_bytes),
        }
    }
}

/// What stays of one batch to the next: memory.
struct Scratch {
    staged: Staged,
    plaintext: Vec<u8>,
    /// Headers of the segment at hand, and what was in their place.
    header: [u8; HEADER_MAX],
    header_kept: [u8; HEADER_MAX],
    trailer_kept: [u8; TRAILER_BYTES_MAX],
    ends: Ends,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = const {
        RefCell::new(Scratch {
            staged: Staged::new(),
            plaintext: Vec::new(),
            header: [0; HEADER_MAX],
            header_kept: [0; HEADER_MAX],
            trailer_kept: [0; TRAILER_BYTES_MAX],
            ends: Ends::new(),
        })
    };
}

/// Run `count` seal jobs from `source` to `destination`, packed back to back from its start. `source` is as before
/// when this returns.
pub fn seal_batch(rows: &mut [i32], count: usize, source: &mut [u8], destination: &mut [u8]) -> Outcome<()> {
    rows::check_count(rows, count, seal::STRIDE, "sealing")?;
    let table = handle::read();
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.staged.clear();
        let mut at = 0;
        for row in rows.chunks_exact_mut(seal::STRIDE).take(count) {
            let transform = table.get(row[seal::TRANSFORM]);
            let result = transform.ok_or(seal::ERROR_NO_TRANSFORM).and_then(|transform| {
                let job = parse(row, source.len()).ok_or(seal::ERROR_SEGMENTATION)?;
                Sealer { transform, job: &job, scratch, source, destination }.run(at)
            });
            let (length, segment_bytes) = result.unwrap_or_else(|error| (error, 0));
            row[seal::OUT_OFFSET] = at as i32;
            row[seal::OUT_LENGTH] = length;
            row[seal::OUT_SEGMENT_BYTES] = segment_bytes;
            at += usize::try_from(length).unwrap_or(0);
            if scratch.staged.has_enough() {
                scratch.staged.seal(&table, destination);
            }
        }
        scratch.staged.seal(&table, destination);
    });
    Ok(())
}

fn parse(row: &[i32], source_bytes: usize) -> Option<Job> {
    let flags = row[seal::FLAGS];
    let has_esn = flags & seal::FLAG_ESN != 0;
    let long = |high: usize, low: usize| u64::from(row[high] as u32) << 32 | u64::from(row[low] as u32);
    let sequence = long(seal::SEQUENCE_HIGH, seal::SEQUENCE_LOW);
    Some(Job {
        handle: row[seal::TRANSFORM],
        source: rows::range(row[seal::SOURCE_OFFSET], row[seal::SOURCE_LENGTH], source_bytes)?,
        spi: row[seal::SPI] as u32,
        sequence: if has_esn { sequence } else { sequence & 0xffff_ffff },
        iv: long(seal::IV_HIGH, seal::IV_LOW),
        next_header: row[seal::NEXT_HEADER] as u8,
        offload: Offload {
            gso_type: u8::try_from(row[seal::GSO_TYPE]).ok()?,
            gso_size: u16::try_from(row[seal::GSO_SIZE]).ok()?,
            needs_checksum: flags & seal::FLAG_NEEDS_CHECKSUM != 0,
            header_bytes: 0,
            csum_start: u16::try_from(row[seal::CSUM_START]).ok()?,
            csum_offset: u16::try_from(row[seal::CSUM_OFFSET]).ok()?,
        },
        has_esn,
        segment_count: usize::try_from(row[seal::SEGMENT_COUNT]).ok()?,
        tfc: TfcPadding {
            multiple: usize::try_from(row[seal::TFC_MULTIPLE]).ok()?,
            limit: usize::try_from(row[seal::TFC_LIMIT]).ok()?,
        },
    })
}

/// A segment of a super-packet, as an AEAD is given it.
struct Segment<'a> {
    plan: &'a Plan,
    index: usize,
    /// Where its ciphertext begins in the destination.
    at: usize,
    aad: AdditionalData,
    iv: [u8; IV_BYTES],
}

struct Sealer<'a> {
    transform: &'a Transform,
    job: &'a Job,
    scratch: &'a mut Scratch,
    source: &'a mut [u8],
    destination: &'a mut [u8],
}

impl Sealer<'_> {
    /// Seal all segments from `at` on. Gives the bytes of all packets, and of each but the last.
    fn run(mut self, at: usize) -> Result<(i32, i32), i32> {
        let packet = &self.source[self.job.source.clone()];
        let plan = Plan::new(packet, &self.job.offload).ok_or(seal::ERROR_SEGMENTATION)?;
        if plan.count != self.job.segment_count {
            return Err(seal::ERROR_SEGMENTATION);
        }
        let packet_bytes = |index| self.transform.packet_bytes(self.job.tfc.payload_bytes(plan.segment_bytes(index)));
        let each = packet_bytes(0);
        let total = each * (plan.count - 1) + packet_bytes(plan.count - 1);
        if each > PACKET_BYTES_MAX || at + total > self.destination.len() {
            return Err(seal::ERROR_TOO_LONG);
        }
        for index in 0..plan.count {
            self.seal_segment(&plan, index, at + index * each)?;
        }
        Ok((total as i32, each as i32))
    }

    fn seal_segment(&mut self, plan: &Plan, index: usize, at: usize) -> Result<(), i32> {
        let iv_at = at + ESP_HEADER_BYTES;
        let sequence = self.job.sequence.wrapping_add(index as u64);
        let sequence_high = self.job.has_esn.then_some((sequence >> 32) as u32);
        let iv = self.job.iv.wrapping_add(index as u64).to_be_bytes();
        // In one, because it is read in one for the additional data.
        let header = u64::from(self.job.spi) << 32 | sequence & 0xffff_ffff;
        self.destination[at..iv_at].copy_from_slice(&header.to_be_bytes());
        if self.transform.iv_source == IvSource::Counter {
            self.destination[iv_at..iv_at + 8].copy_from_slice(&iv);
        }
        match &self.transform.engine {
            Engine::Aead(aead) => {
                let aad = AdditionalData::new(&self.destination[at..iv_at], sequence_high);
                let segment = Segment { plan, index, at: iv_at + self.transform.iv_bytes, aad, iv };
                if self.seal_aead(aead.as_ref(), &segment) { Ok(()) } else { Err(seal::ERROR_ENGINE) }
            }
            Engine::Cipher(..) => {
                let end = self.stage(plan, index, iv_at + self.transform.iv_bytes);
                self.scratch.staged.push(self.job.handle, 0, Span { start: at, end, sequence_high });
                Ok(())
            }
        }
    }

    /// Seal straight from the source, in pieces where the engine takes them.
    fn seal_aead(&mut self, aead: &dyn Aead, segment: &Segment) -> bool {
        let &Segment { plan, index, at, ref aad, iv } = segment;
        let inner_bytes = plan.segment_bytes(index);
        let body_bytes = self.transform.body_bytes(inner_bytes);
        if self.job.tfc.payload_bytes(inner_bytes) == inner_bytes && aead.takes_pieces(body_bytes) {
            let packet = &self.source[self.job.source.clone()];
            let pieces = self.scratch.ends.gather(
                plan.header_bytes,
                &packet[plan.payload(index)],
                body_bytes - inner_bytes,
                |header| plan.begin_header(packet, index, header),
                |trailer| self.transform.fill_trailer(trailer, self.job.next_header),
            );
            if let Some(pieces) = pieces {
                let out = &mut self.destination[at..at + body_bytes + self.transform.icv_bytes];
                return aead.seal_pieces(aad.as_bytes(), iv, &pieces, out);
            }
        }
        self.seal_in_one(aead, segment)
    }

    /// Seal from the source, into which headers and trailer are put for the time of the call.
    fn seal_in_one(&mut self, aead: &dyn Aead, segment: &Segment) -> bool {
        let &Segment { plan, index, at, ref aad, iv } = segment;
        let base = self.job.source.start;
        let inner_bytes = plan.segment_bytes(index);
        let payload_bytes = self.job.tfc.payload_bytes(inner_bytes);
        let body_bytes = self.transform.body_bytes(payload_bytes);
        let out_range = at..at + body_bytes + self.transform.icv_bytes;
        let payload = plan.payload(index);
        let start = base + payload.start - plan.header_bytes;
        let trailer_at = base + payload.end;
        let end = start + body_bytes;
        let Scratch { header, header_kept, trailer_kept, plaintext, .. } = &mut *self.scratch;
        let header = &mut header[..plan.header_bytes];
        plan.write_header(&self.source[self.job.source.clone()], index, header);
        if end > self.source.len() || payload_bytes > inner_bytes {
            // No room for the trailer behind the last packet of the arena, or padding that would cover other packets.
            plaintext.clear();
            plaintext.extend_from_slice(header);
            plaintext.extend_from_slice(&self.source[base + payload.start..trailer_at]);
            plaintext.resize(body_bytes, 0);
            self.transform.fill_trailer(&mut plaintext[payload_bytes..], self.job.next_header);
            return aead.seal(aad.as_bytes(), iv, plaintext, &mut self.destination[out_range]);
        }
        let header_kept = &mut header_kept[..header.len()];
        let trailer_kept = &mut trailer_kept[..end - trailer_at];
        header_kept.copy_from_slice(&self.source[start..start + header.len()]);
        trailer_kept.copy_from_slice(&self.source[trailer_at..end]);
        self.source[start..start + header.len()].copy_from_slice(header);
        self.transform.fill_trailer(&mut self.source[trailer_at..end], self.job.next_header);
        let done = aead.seal(aad.as_bytes(), iv, &self.source[start..end], &mut self.destination[out_range]);
        self.source[start..start + header.len()].copy_from_slice(header_kept);
        self.source[trailer_at..end].copy_from_slice(trailer_kept);
        done
    }

    /// Put the plaintext of a segment into the destination; gives where it ends.
    fn stage(&mut self, plan: &Plan, index: usize, at: usize) -> usize {
        let packet = &self.source[self.job.source.clone()];
        let payload = &packet[plan.payload(index)];
        let inner_bytes = plan.segment_bytes(index);
        let payload_bytes = self.job.tfc.payload_bytes(inner_bytes);
        let body = &mut self.destination[at..at + self.transform.body_bytes(payload_bytes)];
        let (header, rest) = body.split_at_mut(plan.header_bytes);
        plan.write_header(packet, index, header);
        rest[..payload.len()].copy_from_slice(payload);
        body[inner_bytes..payload_bytes].fill(0);
        self.transform.fill_trailer(&mut body[payload_bytes..], self.job.next_header);
        at + body.len()
    }
}
