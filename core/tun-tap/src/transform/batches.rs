//! Batches in which associations, lengths and failures are mixed: every packet comes out as if it were alone.

use super::aws_lc::fill_random;
use super::cpu::switch::on_every_path;
use super::vectors::{Job, open_one, suite};
use super::{handle, open, seal};
use crate::rows::{open as open_row, seal as seal_row};

/// Encryption, integrity and key bytes of the associations of a batch.
const SUITES: &[(i32, i32, usize)] = &[
    (12, 12, 32),
    (20, 0, 32),
    (12, 2, 16),
    (12, 12, 32),
    (13, 12, 24),
    (11, 2, 0),
    (12, 0, 24),
    (12, 14, 32),
    (12, 5, 16),
    (3, 2, 24),
    (23, 12, 16),
    (28, 0, 32),
];
/// More than twice what is put aside at a time.
const PACKETS: usize = 300;
const STEP: usize = 1500;

struct Sealed {
    handles: Vec<i32>,
    rows: Vec<i32>,
    source: Vec<u8>,
    packets: Vec<u8>,
}

/// The association of packet `index`: runs of one, and one after the other.
fn suite_of(index: usize) -> usize {
    if (index / 60).is_multiple_of(2) { index / 20 % SUITES.len() } else { index % SUITES.len() }
}

fn length_of(index: usize) -> usize {
    [1400, 40, 1399, 20, 1400, 577][index * 7 / 3 % 6]
}

fn sequence_of(index: usize) -> u64 {
    0x1_ffff_ff00 + index as u64
}

/// Seal packets of all associations in one batch; `spoil` may change a row before.
fn seal_all(spoil: impl Fn(usize, &mut [i32])) -> Sealed {
    let create = |(encryption, integrity, key_bytes): &(i32, i32, usize)| {
        handle::create(suite(*encryption, *integrity, *key_bytes, 0)).unwrap()
    };
    let handles: Vec<i32> = SUITES.iter().map(create).collect();
    let mut source = vec![0; PACKETS * STEP];
    fill_random(&mut source);
    let mut rows = Vec::new();
    for index in 0..PACKETS {
        let job = Job {
            handle: handles[suite_of(index)],
            offset: index * STEP,
            length: length_of(index),
            flags: seal_row::FLAG_ESN,
            sequence: sequence_of(index),
            iv: 5 + index as u64,
            next_header: 4,
        };
        let mut row = job.row();
        spoil(index, &mut row);
        rows.extend(row);
    }
    let mut packets = vec![0; PACKETS * STEP];
    seal::seal_batch(&mut rows, PACKETS, &mut source, &mut packets).unwrap();
    Sealed { handles, rows, source, packets }
}

impl Sealed {
    fn column(&self, index: usize, column: usize) -> i32 {
        self.rows[index * seal_row::STRIDE + column]
    }

    fn range(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.column(index, seal_row::OUT_OFFSET) as usize;
        start..start + self.column(index, seal_row::OUT_LENGTH) as usize
    }

    fn plaintext(&self, index: usize) -> &[u8] {
        &self.source[index * STEP..index * STEP + length_of(index)]
    }

    fn open_rows(&self) -> Vec<i32> {
        let row = |index: usize| {
            let range = self.range(index);
            let high = (sequence_of(index) >> 32) as i32;
            let handle = self.handles[suite_of(index)];
            [range.start as i32, range.len() as i32, handle, high, open_row::FLAG_ESN, 1, -9, -9, -9, -9, -9]
        };
        (0..PACKETS).flat_map(row).collect()
    }

    fn free(self) {
        self.handles.into_iter().for_each(handle::free);
    }
}

#[test]
fn every_packet_of_a_mixed_batch_opens_alone_to_what_was_sealed() {
    on_every_path(|| {
        let sealed = seal_all(|_, _| {});
        for index in 0..PACKETS {
            let high = Some((sequence_of(index) >> 32) as u32);
            let opened = open_one(sealed.handles[suite_of(index)], &sealed.packets[sealed.range(index)], high);
            assert_eq!(opened.unwrap()[..length_of(index)], *sealed.plaintext(index), "packet {index}");
        }
        sealed.free();
    });
}

#[test]
fn seal_jobs_that_fail_leave_the_others_of_the_batch_alone() {
    let is_spoilt = |index: usize| index % 5 == 2 || (100..120).contains(&index);
    on_every_path(|| {
        let stale = handle::create(suite(12, 12, 32, 0)).unwrap();
        handle::free(stale);
        let sealed = seal_all(|index, row| {
            if is_spoilt(index) {
                match index % 3 {
                    0 => row[seal_row::TRANSFORM] = stale,
                    1 => row[seal_row::SEGMENT_COUNT] = 2,
                    _ => (row[seal_row::SOURCE_OFFSET], row[seal_row::SOURCE_LENGTH]) = (0, 70_000),
                }
            }
        });
        let mut end = 0;
        for index in 0..PACKETS {
            assert_eq!(sealed.column(index, seal_row::OUT_OFFSET), end, "packet {index}");
            if is_spoilt(index) {
                let errors = [seal_row::ERROR_NO_TRANSFORM, seal_row::ERROR_SEGMENTATION, seal_row::ERROR_TOO_LONG];
                assert_eq!(sealed.column(index, seal_row::OUT_LENGTH), errors[index % 3], "packet {index}");
                continue;
            }
            end += sealed.column(index, seal_row::OUT_LENGTH);
            let high = Some((sequence_of(index) >> 32) as u32);
            let opened = open_one(sealed.handles[suite_of(index)], &sealed.packets[sealed.range(index)], high);
            assert_eq!(opened.unwrap()[..length_of(index)], *sealed.plaintext(index), "packet {index}");
        }
        sealed.free();
    });
}

#[test]
fn packets_that_do_not_open_leave_the_others_of_the_batch_alone() {
    on_every_path(|| {
        let sealed = seal_all(|_, _| {});
        let (mut arena, mut rows) = (sealed.packets.clone(), sealed.open_rows());
        let stale = sealed.handles[3];
        handle::free(stale);
        let mut wanted = Vec::new();
        for (index, row) in rows.chunks_exact_mut(open_row::STRIDE).enumerate() {
            let has_icv = suite_of(index) != 6;
            wanted.push(match index % 11 {
                _ if row[open_row::TRANSFORM] == stale => Some(open_row::ERROR_NO_TRANSFORM),
                3 if has_icv => {
                    arena[sealed.range(index).end - 1 - index % 8] ^= 1;
                    Some(open_row::ERROR_AUTHENTICATION)
                }
                5 if has_icv => {
                    row[open_row::SEQUENCE_HIGH] ^= 1;
                    Some(open_row::ERROR_AUTHENTICATION)
                }
                7 => {
                    row[open_row::LENGTH] = 9;
                    Some(open_row::ERROR_TOO_SHORT)
                }
                8 => {
                    row[open_row::OFFSET] = i32::MAX - 100;
                    Some(open_row::ERROR_TOO_SHORT)
                }
                _ => None,
            });
        }
        open::open_batch(&mut rows, PACKETS, &mut arena).unwrap();
        for (index, row) in rows.chunks_exact(open_row::STRIDE).enumerate() {
            let (offset, length) = (row[open_row::OUT_OFFSET], row[open_row::OUT_LENGTH]);
            if let Some(error) = wanted[index] {
                assert_eq!(length, error, "packet {index}");
                continue;
            }
            assert!(length >= length_of(index) as i32 + 2, "packet {index}: {length}");
            let plaintext = &arena[offset as usize..][..length_of(index)];
            assert_eq!(plaintext, sealed.plaintext(index), "packet {index}");
        }
        sealed.free();
    });
}

#[test]
fn a_packet_that_is_in_the_batch_twice_opens_once() {
    on_every_path(|| {
        for (encryption, integrity, key_bytes) in [(12, 12, 32), (12, 2, 16), (13, 2, 16)] {
            let handle = handle::create(suite(encryption, integrity, key_bytes, 0)).unwrap();
            let job = Job { handle, offset: 0, length: 500, flags: 0, sequence: 1, iv: 1, next_header: 4 };
            let (mut row, mut packet) = (job.row(), vec![0; 600]);
            seal::seal_batch(&mut row, 1, &mut [7; 500], &mut packet).unwrap();
            let open = [0, row[seal_row::OUT_LENGTH], handle, 0, 0, 1, -9, -9, -9, -9, -9];
            let mut rows = [open, open].concat();
            open::open_batch(&mut rows, 2, &mut packet).unwrap();
            assert!(rows[open_row::OUT_LENGTH] >= 502);
            assert_eq!(rows[open_row::STRIDE + open_row::OUT_LENGTH], open_row::ERROR_AUTHENTICATION);
            assert_eq!(packet[rows[open_row::OUT_OFFSET] as usize..][..500], [7; 500]);
            handle::free(handle);
        }
    });
}
