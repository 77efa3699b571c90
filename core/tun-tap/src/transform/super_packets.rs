//! Super-packets and partial checksums of every shape: what an engine seals on the way of its own, with the checksum added up
//! while it encrypts, is byte by byte what all engines seal.

use super::cpu::switch::on_every_path;
use super::vectors::{Job, open_one, suite};
use super::{handle, seal};
use crate::fuzz::{Xorshift, fuzz};
use crate::inner::tests::{Shape, build, build_super};
use crate::inner::{TCP, UDP};
use crate::offload::{GSO_NONE, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4};
use crate::rows::seal as seal_row;

/// Of each shape and path.
const ROUNDS: usize = 60;

fn shapes() -> Vec<Shape> {
    let plain = |version| Shape { options: Vec::new(), ..Shape::tcp(version) };
    let long = |version| Shape { options: vec![1; 40], ..Shape::tcp(version) };
    [4, 6]
        .into_iter()
        .flat_map(|version| [Shape::tcp(version), plain(version), long(version), Shape::udp(version)])
        .collect()
}

/// A seal job for a packet of `shape` that is cut into segments of `gso_size`, or only completed for 0.
fn row_of(shape: &Shape, handle: i32, length: usize, payload: usize, gso_size: usize) -> Vec<i32> {
    let mut row = Job { handle, offset: 0, length, flags: 1, sequence: 9, iv: 1 << 40, next_header: 4 }.row();
    row[seal_row::GSO_TYPE] = i32::from(match (gso_size, shape.protocol, shape.version) {
        (0, ..) => GSO_NONE,
        (_, UDP, _) => GSO_UDP_L4,
        (_, _, 4) => GSO_TCPV4,
        _ => GSO_TCPV6,
    });
    row[seal_row::GSO_SIZE] = gso_size as i32;
    row[seal_row::CSUM_START] = if shape.version == 4 { 20 } else { 40 };
    row[seal_row::CSUM_OFFSET] = if shape.protocol == TCP { 16 } else { 6 };
    row[seal_row::SEGMENT_COUNT] = if gso_size == 0 { 1 } else { payload.div_ceil(gso_size).max(1) as i32 };
    row
}

/// The packets as they are built one by one.
fn wanted(shape: &Shape, payload: &[u8], gso_size: usize) -> Vec<Vec<u8>> {
    let size = if gso_size == 0 { payload.len().max(1) } else { gso_size };
    let segments: Vec<&[u8]> = if payload.is_empty() { vec![&[]] } else { payload.chunks(size).collect() };
    let each = |(index, part): (usize, &&[u8])| {
        let sequence = shape.sequence.wrapping_add((index * size) as u32);
        build(&Shape { sequence, id: shape.id + index as u16, ..shape.clone() }, part)
    };
    segments.iter().enumerate().map(each).collect()
}

fn check(shape: &Shape, handle: i32, payload: &[u8], gso_size: usize) {
    let packet = build_super(shape, payload);
    let mut row = row_of(shape, handle, packet.len(), payload.len(), gso_size);
    let (mut source, mut destination) = (packet.clone(), vec![0xa5; 3 * packet.len() + 40_000]);
    let what = format!("IPv{} protocol {}, {} bytes by {gso_size}", shape.version, shape.protocol, payload.len());
    seal::seal_batch(&mut row, 1, &mut source, &mut destination).unwrap();
    assert_eq!(source, packet, "{what}: the source is as before");
    let (each, all) = (row[seal_row::OUT_SEGMENT_BYTES] as usize, row[seal_row::OUT_LENGTH]);
    let (sealed, untouched) = destination.split_at(usize::try_from(all).expect(&what));
    assert!(untouched.iter().all(|byte| *byte == 0xa5), "{what}: nothing behind");
    let packets = wanted(shape, payload, gso_size);
    assert_eq!(sealed.chunks(each).len(), packets.len(), "{what}");
    for (esp, wanted) in sealed.chunks(each).zip(&packets) {
        let opened = open_one(handle, esp, None).expect(&what);
        assert_eq!(opened[..wanted.len()], *wanted, "{what}");
        let padding = opened.len() - wanted.len() - 2;
        let trailer: Vec<u8> = (1..=padding as u8).chain([padding as u8, 4]).collect();
        assert_eq!(opened[wanted.len()..], trailer, "{what}");
    }
}

fn bytes(random: &mut Xorshift, length: usize) -> Vec<u8> {
    (0..length).map(|_| random.next() as u8).collect()
}

#[test]
fn segments_of_any_size_are_the_packets_that_are_built_one_by_one() {
    on_every_path(|| {
        fuzz(|random| {
            for (encryption, key_bytes) in [(20, 16), (20, 24), (20, 32), (18, 32), (28, 32)] {
                let handle = handle::create(suite(encryption, 0, key_bytes, 0)).unwrap();
                for shape in shapes() {
                    for _ in 0..ROUNDS {
                        let gso_size = 1 + random.below(1500);
                        let length = random.below(gso_size * 4);
                        let payload = bytes(random, length);
                        check(&shape, handle, &payload, gso_size);
                    }
                }
                handle::free(handle);
            }
        });
    });
}

#[test]
fn every_length_with_a_partial_checksum_is_completed() {
    on_every_path(|| {
        let handle = handle::create(suite(20, 0, 32, 0)).unwrap();
        let payload: Vec<u8> = (0..1600u32).map(|value| ((value * 31) >> 2) as u8).collect();
        for shape in shapes() {
            (0..1600).for_each(|length| check(&shape, handle, &payload[..length], 0));
        }
        handle::free(handle);
    });
}

#[test]
fn a_sum_of_zero_is_sent_as_all_ones_by_udp_and_as_zero_by_tcp() {
    on_every_path(|| {
        let handle = handle::create(suite(20, 0, 32, 0)).unwrap();
        for (shape, header, field, value) in [(Shape::udp(4), 28, 26, 0xffff), (Shape::tcp(4), 52, 36, 0)] {
            let mut payload = vec![0; 1000];
            // The checksum itself, as a word of what it covers, takes the sum to all ones.
            let plain = build(&shape, &payload);
            payload[500..502].copy_from_slice(&plain[field..field + 2]);
            let whole = build(&shape, &payload);
            assert_eq!(crate::inner::word(&whole, field), value);
            assert_eq!(whole.len(), header + 1000);
            check(&shape, handle, &payload, 0);
            check(&shape, handle, &payload, 1000);
        }
        handle::free(handle);
    });
}
