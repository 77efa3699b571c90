//! Published and generated vectors (test/fixtures) against every suite, and round trips of what has none.

use serde_json::Value;

use super::cipher::Span;
use super::cpu::switch::on_every_path;
use super::integrity::MAC_BYTES_MAX;
use super::suite::{Spec, build};
use super::{Engine, IvSource, Transform, handle, integrity, open, seal};
use crate::inner::tests::{Shape, build as build_packet, build_super};
use crate::rows::{open as open_row, seal as seal_row};

const PUBLISHED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../test/fixtures/esp-vectors.json"));
const GENERATED: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../test/fixtures/generated-vectors.json"));

const ALGORITHMS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../test/fixtures/algorithm-vectors.json"));

fn vectors(text: &str, level: Option<&str>) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    let all = file["vectors"].as_array().unwrap().clone();
    all.into_iter().filter(|vector| level.is_none_or(|level| vector["level"] == level)).collect()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap_or("");
    (0..text.len() / 2).map(|index| u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).unwrap()).collect()
}

fn number(value: &Value) -> u32 {
    u32::from_str_radix(value.as_str().unwrap_or("0"), 16).unwrap()
}

fn encryption_id(name: &str) -> i32 {
    match name {
        "AES-GCM-16" => 20,
        "AES-GCM-12" => 19,
        "AES-GCM-8" => 18,
        "CHACHA20-POLY1305" => 28,
        "AES-CCM-16" => 16,
        "NULL-AES-GMAC" => 21,
        "AES-CBC" => 12,
        "AES-CTR" => 13,
        "CAMELLIA-CBC" => 23,
        "3DES-CBC" => 3,
        "NULL" => 11,
        other => panic!("no id for {other}"),
    }
}

fn integrity_id(name: &str) -> i32 {
    match name {
        "NONE" => 0,
        "HMAC-SHA1-96" => 2,
        "AES-XCBC-96" => 5,
        "AES-CMAC-96" => 8,
        "HMAC-SHA2-256-128" => 12,
        "HMAC-SHA2-384-192" => 13,
        "HMAC-SHA2-512-256" => 14,
        other => panic!("no id for {other}"),
    }
}

fn transform(vector: &Value) -> Transform {
    let algorithm = &vector["algorithm"];
    let (key, salt, integrity_key) = (hex(&vector["encrKey"]), hex(&vector["salt"]), hex(&vector["integKey"]));
    let spec = Spec {
        encryption_id: encryption_id(algorithm["encr"].as_str().unwrap()),
        integrity_id: integrity_id(algorithm["integ"].as_str().unwrap_or("NONE")),
        key: &key,
        salt: &salt,
        integrity_key: &integrity_key,
        padding: 0,
    };
    build(&spec).unwrap()
}

/// A transform of any suite, with keys that differ in every byte.
pub fn suite(encryption_id: i32, integrity_id: i32, key_bytes: usize, padding: i32) -> Transform {
    let bytes = |count: usize, seed: u8| (0..count).map(|index| index as u8 ^ seed).collect::<Vec<u8>>();
    let salt_bytes = match encryption_id {
        16 => 3,
        18..=21 | 28 | 13 => 4,
        _ => 0,
    };
    let integrity_bytes = [(0, 0), (2, 20), (5, 16), (8, 16), (12, 32), (13, 48), (14, 64)];
    let integrity_bytes = integrity_bytes.iter().find(|(id, _)| *id == integrity_id).unwrap().1;
    let (key, salt, integrity_key) = (bytes(key_bytes, 0x5a), bytes(salt_bytes, 0x77), bytes(integrity_bytes, 0x33));
    build(&Spec { encryption_id, integrity_id, key: &key, salt: &salt, integrity_key: &integrity_key, padding })
        .unwrap()
}

/// Every suite that runs here, with a key length.
fn all_suites() -> Vec<(i32, i32, usize)> {
    let mut all = Vec::new();
    for id in [18, 19, 20, 21, 16] {
        all.extend([16, 24, 32].map(|key_bytes| (id, 0, key_bytes)));
    }
    all.push((28, 0, 32));
    for integrity_id in [0, 2, 5, 8, 12, 13, 14] {
        for id in [12, 23, 13] {
            all.extend([16, 24, 32].map(|key_bytes| (id, integrity_id, key_bytes)));
        }
        all.extend([(3, integrity_id, 24), (11, integrity_id, 0)]);
    }
    all
}

/// A seal job of one packet.
pub struct Job {
    pub handle: i32,
    pub offset: usize,
    pub length: usize,
    pub flags: i32,
    pub sequence: u64,
    pub iv: u64,
    pub next_header: i32,
}

impl Job {
    pub fn row(&self) -> Vec<i32> {
        let mut row = vec![0; seal_row::STRIDE];
        row[seal_row::SOURCE_OFFSET] = self.offset as i32;
        row[seal_row::SOURCE_LENGTH] = self.length as i32;
        row[seal_row::TRANSFORM] = self.handle;
        row[seal_row::SPI] = 0xdead_beef_u32 as i32;
        row[seal_row::SEQUENCE_LOW] = self.sequence as i32;
        row[seal_row::SEQUENCE_HIGH] = (self.sequence >> 32) as i32;
        row[seal_row::IV_LOW] = self.iv as i32;
        row[seal_row::IV_HIGH] = (self.iv >> 32) as i32;
        row[seal_row::NEXT_HEADER] = self.next_header;
        row[seal_row::FLAGS] = self.flags;
        row[seal_row::SEGMENT_COUNT] = 1;
        row
    }
}

/// The plaintext of a packet that is opened alone.
pub fn open_one(handle: i32, packet: &[u8], sequence_high: Option<u32>) -> Result<Vec<u8>, i32> {
    let mut arena = packet.to_vec();
    let flags = i32::from(sequence_high.is_some());
    let mut row = [0, packet.len() as i32, handle, sequence_high.unwrap_or(0) as i32, flags, 1, -9, -9, -9, -9, -9];
    open::open_batch(&mut row, 1, &mut arena).unwrap();
    let (offset, length) = (row[open_row::OUT_OFFSET] as usize, row[open_row::OUT_LENGTH]);
    if length < 0 { Err(length) } else { Ok(arena[offset..offset + length as usize].to_vec()) }
}

#[test]
fn every_published_packet_opens_and_seals_to_itself() {
    on_every_path(|| {
        let all =
            [vectors(PUBLISHED, Some("esp-packet")), vectors(GENERATED, None), vectors(ALGORITHMS, None)].concat();
        assert_eq!(all.len(), 20 + 44 + 252);
        for vector in &all {
            let (id, packet, plaintext) = (&vector["id"], hex(&vector["espPacket"]), hex(&vector["plaintext"]));
            let sequence_high = (vector["esn"] == true).then(|| number(&vector["seqHigh"]));
            let handle = handle::create(transform(vector)).unwrap();
            assert_eq!(open_one(handle, &packet, sequence_high).as_ref(), Ok(&plaintext), "{id}");
            seal_again(vector, handle, &packet, &plaintext, sequence_high);
            for at in [0, 5, packet.len() - 1] {
                let mut forged = packet.clone();
                forged[at] ^= 0x10;
                let opened = open_one(handle, &forged, sequence_high);
                let has_icv = handle::read().get(handle).unwrap().icv_bytes > 0;
                assert!(!has_icv || opened == Err(open_row::ERROR_AUTHENTICATION), "{id} byte {at}");
            }
            handle::free(handle);
            assert_eq!(open_one(handle, &packet, sequence_high), Err(open_row::ERROR_NO_TRANSFORM), "{id}");
        }
    });
}

/// The same bytes must come out: by a seal job where the IV is a counter, by the cipher where it is random.
fn seal_again(vector: &Value, handle: i32, packet: &[u8], plaintext: &[u8], sequence_high: Option<u32>) {
    let table = handle::read();
    let transform = table.get(handle).unwrap();
    let iv = hex(&vector["iv"]);
    let inner_bytes = plaintext.len() - 2 - usize::from(plaintext[plaintext.len() - 2]);
    // Some published packets have more padding than is needed.
    if transform.iv_source == IvSource::Random || transform.body_bytes(inner_bytes) != plaintext.len() {
        return encrypt_again(transform, packet, plaintext, sequence_high);
    }
    drop(table);
    let mut source = plaintext[..inner_bytes].to_vec();
    let job = Job {
        handle,
        offset: 0,
        length: inner_bytes,
        flags: if sequence_high.is_some() { seal_row::FLAG_ESN } else { 0 },
        sequence: u64::from(sequence_high.unwrap_or(0)) << 32 | u64::from(number(&vector["seqLow"])),
        iv: iv.iter().fold(0, |value, octet| value << 8 | u64::from(*octet)),
        next_header: i32::from(plaintext[plaintext.len() - 1]),
    };
    let mut row = job.row();
    row[seal_row::SPI] = number(&vector["spi"]) as i32;
    let mut destination = vec![0xa5; packet.len()];
    seal::seal_batch(&mut row, 1, &mut source, &mut destination).unwrap();
    assert_eq!(row[seal_row::OUT_LENGTH] as usize, packet.len(), "{}", vector["id"]);
    assert_eq!(destination, packet, "{}", vector["id"]);
}

fn encrypt_again(transform: &Transform, packet: &[u8], plaintext: &[u8], sequence_high: Option<u32>) {
    let Engine::Cipher(cipher, integrity) = &transform.engine else { return };
    let end = packet.len() - transform.icv_bytes;
    let mut arena = packet.to_vec();
    arena[end - plaintext.len()..end].copy_from_slice(plaintext);
    cipher.encrypt(&mut arena, &[Span { start: 0, end, sequence_high }]);
    if let Some(integrity) = integrity {
        let mut macs = [[0; MAC_BYTES_MAX]];
        integrity.authenticate(&arena, &[Span { start: 0, end, sequence_high }], &mut macs);
        arena[end..].copy_from_slice(&macs[0][..transform.icv_bytes]);
    }
    assert_eq!(arena, packet);
}

#[test]
fn every_published_cipher_vector_encrypts_to_its_ciphertext() {
    on_every_path(|| {
        for vector in vectors(PUBLISHED, Some("cipher")) {
            let mut body = hex(&vector["plaintext"]);
            let mut arena = [vec![0; 8], hex(&vector["iv"]), body.clone()].concat();
            let Engine::Cipher(cipher, _) = transform(&vector).engine else { panic!("an AEAD") };
            let span = Span { start: 0, end: arena.len(), sequence_high: None };
            cipher.encrypt(&mut arena, &[span]);
            let ciphertext = arena.split_off(arena.len() - body.len());
            assert_eq!(ciphertext, hex(&vector["ciphertext"]), "{}", vector["id"]);
            body.clone_from(&ciphertext);
            cipher.decrypt(&hex(&vector["iv"]), &mut body);
            assert_eq!(body, hex(&vector["plaintext"]), "{}", vector["id"]);
        }
    });
}

#[test]
fn camellia_and_triple_des_give_the_published_blocks() {
    let text = |text: &str| hex(&Value::from(text));
    let cases = [
        // RFC 3713 appendix A.
        (
            23,
            "0123456789abcdeffedcba9876543210",
            "0123456789abcdeffedcba9876543210",
            "67673138549669730857065648eabe43",
        ),
        (
            23,
            "0123456789abcdeffedcba98765432100011223344556677",
            "0123456789abcdeffedcba9876543210",
            "b4993401b3e996f84ee5cee7d79b09b9",
        ),
        (
            23,
            "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff",
            "0123456789abcdeffedcba9876543210",
            "9acc237dff16d76c20ef7c919e3a7509",
        ),
        // NIST SP 800-67 appendix B.1, first block.
        (3, "0123456789abcdef23456789abcdef01456789abcdef0123", "5468652071756663", "a826fd8ce53b855f"),
    ];
    for (encryption_id, key, plaintext, ciphertext) in cases {
        let key = text(key);
        let spec = Spec { encryption_id, integrity_id: 0, key: &key, salt: &[], integrity_key: &[], padding: 0 };
        let Engine::Cipher(cipher, _) = build(&spec).unwrap().engine else { panic!("an AEAD") };
        let block = text(plaintext);
        // An IV of zeros makes CBC's first block the bare cipher.
        let mut arena = [vec![0; 8 + block.len()], block.clone()].concat();
        let span = Span { start: 0, end: arena.len(), sequence_high: None };
        cipher.encrypt(&mut arena, &[span]);
        assert_eq!(arena[arena.len() - block.len()..], text(ciphertext), "{ciphertext}");
    }
}

#[test]
fn every_published_mac_comes_out() {
    on_every_path(|| {
        let mut seen = 0;
        for vector in vectors(PUBLISHED, Some("mac")).iter().chain(&vectors(PUBLISHED, Some("prf"))) {
            let algorithm = &vector["algorithm"];
            let name = algorithm["integ"].as_str().or(algorithm["prf"].as_str()).unwrap();
            let key = hex(&vector["key"]);
            let mac = match name {
                "HMAC-SHA1" => integrity::hmac_sha1(&key),
                "HMAC-SHA2-256" | "HMAC-SHA2-256-128" => integrity::hmac_sha256(&key),
                "HMAC-SHA2-384" | "HMAC-SHA2-384-192" => integrity::hmac_sha384(&key),
                "HMAC-SHA2-512" | "HMAC-SHA2-512-256" => integrity::hmac_sha512(&key),
                "AES-XCBC-96" => integrity::xcbc(&key),
                "AES-CMAC-96" => integrity::cmac(&key),
                // MD5 is refused everywhere (RFC 8221).
                "HMAC-MD5" => continue,
                other => panic!("unknown {other}"),
            };
            let data = hex(&vector["data"]);
            let wanted = hex(if vector["icv"].is_string() { &vector["icv"] } else { &vector["output"] });
            let mut spans = vec![Span { start: 0, end: data.len(), sequence_high: None }];
            // The last word may as well be the high word of a sequence number.
            if let Some((_, last)) = data.split_last_chunk() {
                spans.push(Span { end: data.len() - 4, sequence_high: Some(u32::from_be_bytes(*last)), ..spans[0] });
            }
            // A message alone, and one of many.
            for count in [1, 2, 40] {
                let spans: Vec<Span> = spans.iter().copied().cycle().take(count).collect();
                let mut macs = vec![[0; MAC_BYTES_MAX]; count];
                mac.as_ref().unwrap().authenticate(&data, &spans, &mut macs);
                for got in macs {
                    assert_eq!(got[..wanted.len()], wanted, "{}", vector["id"]);
                }
            }
            seen += 1;
        }
        assert_eq!(seen, 23 + 53 - 7);
    });
}

#[test]
fn batches_of_every_suite_open_to_what_was_sealed() {
    on_every_path(|| {
        let lengths: Vec<usize> = (20..60).chain([1400, 64, 1399, 1401, 9000]).collect();
        let total: usize = lengths.iter().sum();
        let source: Vec<u8> = (0..total as u32).map(|index| ((index * 193) >> 2) as u8).collect();
        for (encryption, integrity, key_bytes) in all_suites() {
            for padding in [0, 1, 2] {
                let name = format!("suite {encryption} {integrity} {key_bytes}");
                let handle = handle::create(suite(encryption, integrity, key_bytes, padding)).unwrap();
                let (mut rows, mut offset) = (Vec::new(), 0);
                for (index, length) in lengths.iter().enumerate() {
                    let (sequence, iv) = (0xffff_fff0 + index as u64, 0xffff_fff8 + index as u64);
                    let flags = seal_row::FLAG_ESN;
                    rows.extend(Job { handle, offset, length: *length, flags, sequence, iv, next_header: 4 }.row());
                    offset += length;
                }
                let mut destination = vec![0xa5; total * 3];
                let mut after = source.clone();
                seal::seal_batch(&mut rows, lengths.len(), &mut after, &mut destination).unwrap();
                assert_eq!(after, source, "{name}: the source is as before");
                let mut end = 0;
                for (index, row) in rows.chunks(seal_row::STRIDE).enumerate() {
                    let (at, bytes) = (row[seal_row::OUT_OFFSET] as usize, row[seal_row::OUT_LENGTH] as usize);
                    assert_eq!(at, end, "{name}: packed back to back");
                    end += bytes;
                    let sequence = 0xffff_fff0 + index as u64;
                    let packet = &destination[at..end];
                    assert_eq!(packet[4..8], (sequence as u32).to_be_bytes(), "{name}");
                    let plaintext = open_one(handle, packet, Some((sequence >> 32) as u32)).expect(&name);
                    let offset = row[seal_row::SOURCE_OFFSET] as usize;
                    assert_eq!(plaintext[..lengths[index]], source[offset..offset + lengths[index]], "{name}");
                    check_trailer(&plaintext[lengths[index]..], padding, &name);
                    let wrong = open_one(handle, packet, Some((sequence >> 32) as u32 ^ 1));
                    let has_icv = integrity != 0 || !matches!(encryption, 3 | 11 | 12 | 13 | 23);
                    assert!(!has_icv || wrong == Err(open_row::ERROR_AUTHENTICATION), "{name}: the high word counts");
                }
                handle::free(handle);
            }
        }
    });
}

fn check_trailer(trailer: &[u8], padding: i32, name: &str) {
    let padding_bytes = trailer.len() - 2;
    assert_eq!(trailer[padding_bytes..], [padding_bytes as u8, 4], "{name}");
    for (index, octet) in trailer[..padding_bytes].iter().enumerate() {
        match padding {
            0 => assert_eq!(usize::from(*octet), index + 1, "{name}"),
            1 => assert_eq!(*octet, 0, "{name}"),
            _ => {}
        }
    }
}

#[test]
fn a_super_packet_is_sealed_segment_by_segment() {
    on_every_path(|| {
        let payload: Vec<u8> = (0..30_000u32).map(|value| ((value * 7) >> 1) as u8).collect();
        let shape = Shape { sequence: 77, ..Shape::tcp(4) };
        let packet = build_super(&shape, &payload);
        for (encryption, integrity, key_bytes) in [(20, 0, 32), (28, 0, 32), (12, 12, 16), (11, 2, 0)] {
            let handle = handle::create(suite(encryption, integrity, key_bytes, 0)).unwrap();
            let job = Job { handle, offset: 0, length: packet.len(), flags: 1, sequence: 9, iv: 100, next_header: 4 };
            let mut row = job.row();
            row[seal_row::GSO_TYPE] = 1;
            row[seal_row::GSO_SIZE] = 1348;
            row[seal_row::CSUM_START] = 20;
            row[seal_row::CSUM_OFFSET] = 16;
            row[seal_row::SEGMENT_COUNT] = 23;
            let mut destination = vec![0; 40_000];
            // With and without room for the last trailer behind the packet.
            for room in [0, 64] {
                let mut source = [packet.clone(), vec![0x5a; room]].concat();
                seal::seal_batch(&mut row, 1, &mut source, &mut destination).unwrap();
                assert_eq!(source, [packet.clone(), vec![0x5a; room]].concat());
                let each = row[seal_row::OUT_SEGMENT_BYTES] as usize;
                let all = &destination[..row[seal_row::OUT_LENGTH] as usize];
                assert_eq!(all.chunks(each).len(), 23);
                for (index, esp) in all.chunks(each).enumerate() {
                    assert_eq!(esp[4..8], (9 + index as u32).to_be_bytes());
                    let part = &payload[index * 1348..(index * 1348 + 1348).min(30_000)];
                    let id = shape.id + index as u16;
                    let wanted = build_packet(&Shape { sequence: 77 + index as u32 * 1348, id, ..shape.clone() }, part);
                    assert_eq!(open_one(handle, esp, None).unwrap()[..wanted.len()], wanted, "segment {index}");
                }
            }
            row[seal_row::SEGMENT_COUNT] = 22;
            seal::seal_batch(&mut row, 1, &mut packet.clone(), &mut destination).unwrap();
            assert_eq!(row[seal_row::OUT_LENGTH], seal_row::ERROR_SEGMENTATION);
            handle::free(handle);
        }
    });
}

#[test]
fn every_segment_is_padded_alike_for_traffic_flow_confidentiality() {
    on_every_path(|| {
        let payload: Vec<u8> = (0..3000u32).map(|value| (value * 5) as u8).collect();
        let shape = Shape { sequence: 77, ..Shape::tcp(4) };
        let packet = build_super(&shape, &payload);
        for (encryption, integrity, key_bytes) in [(20, 0, 32), (16, 0, 19 - 3), (12, 12, 16), (11, 2, 0)] {
            let handle = handle::create(suite(encryption, integrity, key_bytes, 0)).unwrap();
            // Segments of 1052 bytes; a multiple that is met, one that the limit cuts, and a limit below the segments.
            for (multiple, limit, padded) in [(512, 9000, 1536), (8192, 1400, 1400), (4096, 600, 1052)] {
                let job = Job { handle, offset: 0, length: packet.len(), flags: 1, sequence: 9, iv: 5, next_header: 4 };
                let mut row = job.row();
                row[seal_row::GSO_TYPE] = 1;
                row[seal_row::GSO_SIZE] = 1000;
                row[seal_row::CSUM_START] = 20;
                row[seal_row::CSUM_OFFSET] = 16;
                row[seal_row::SEGMENT_COUNT] = 3;
                row[seal_row::TFC_MULTIPLE] = multiple;
                row[seal_row::TFC_LIMIT] = limit;
                // What lies behind the packet belongs to another one.
                let mut source = [packet.clone(), vec![0x5a; 3000]].concat();
                let mut destination = vec![0xa5; 10_000];
                seal::seal_batch(&mut row, 1, &mut source, &mut destination).unwrap();
                assert_eq!(source, [packet.clone(), vec![0x5a; 3000]].concat());
                let each = row[seal_row::OUT_SEGMENT_BYTES] as usize;
                let all = &destination[..row[seal_row::OUT_LENGTH] as usize];
                assert_eq!(all.len(), 3 * each);
                for (index, esp) in all.chunks(each).enumerate() {
                    let id = shape.id + index as u16;
                    let sequence = 77 + index as u32 * 1000;
                    let part = &payload[index * 1000..(index + 1) * 1000];
                    let wanted = build_packet(&Shape { sequence, id, ..shape.clone() }, part);
                    let opened = open_one(handle, esp, None).unwrap();
                    assert_eq!(opened[..wanted.len()], wanted, "segment {index}");
                    assert_eq!(opened[wanted.len()..padded], vec![0; padded - wanted.len()], "segment {index}");
                    check_trailer(&opened[padded..], 0, "behind the padding");
                }
            }
            handle::free(handle);
        }
    });
}

#[test]
fn a_job_that_fails_takes_no_room_and_leaves_the_others_alone() {
    let good = handle::create(suite(20, 0, 32, 0)).unwrap();
    let staged = handle::create(suite(12, 12, 32, 0)).unwrap();
    let stale = handle::create(suite(20, 0, 32, 0)).unwrap();
    handle::free(stale);
    let job = |handle, offset, length| Job { handle, offset, length, flags: 0, sequence: 1, iv: 1, next_header: 4 };
    let jobs = [job(good, 0, 100), job(stale, 0, 100), job(staged, 0, 100), job(good, 950, 100), job(staged, 0, 100)];
    let mut rows: Vec<i32> = jobs.iter().flat_map(Job::row).chain(job(good, 0, 1000).row()).collect();
    let mut destination = vec![0; 1000];
    seal::seal_batch(&mut rows, 6, &mut vec![7; 1000], &mut destination).unwrap();
    let column = |index: usize, column: usize| rows[index * seal_row::STRIDE + column];
    let lengths: Vec<i32> = (0..6).map(|index| column(index, seal_row::OUT_LENGTH)).collect();
    assert_eq!(lengths, [136, -1, 152, -2, 152, -3]);
    let offsets: Vec<i32> = (0..6).map(|index| column(index, seal_row::OUT_OFFSET)).collect();
    assert_eq!(offsets, [0, 136, 136, 288, 288, 440]);
    for (handle, range) in [(good, 0..136), (staged, 136..288), (staged, 288..440)] {
        assert_eq!(open_one(handle, &destination[range], None).unwrap()[..100], [7; 100]);
    }
    [good, staged].into_iter().for_each(handle::free);
}

#[test]
fn short_and_misaligned_packets_are_told_apart() {
    for (encryption, integrity, key_bytes) in all_suites() {
        let handle = handle::create(suite(encryption, integrity, key_bytes, 0)).unwrap();
        let (shortest, block) = {
            let table = handle::read();
            let transform = table.get(handle).unwrap();
            (8 + transform.iv_bytes + 2 + transform.icv_bytes, transform.block_bytes)
        };
        for length in 0..shortest {
            assert_eq!(open_one(handle, &vec![0; length], None), Err(open_row::ERROR_TOO_SHORT));
        }
        if block > 1 {
            assert_eq!(open_one(handle, &vec![0; shortest], None), Err(open_row::ERROR_ALIGNMENT));
        }
        handle::free(handle);
    }
    let handle = handle::create(suite(20, 0, 32, 0)).unwrap();
    for (offset, length) in [(0, 101), (-1, 50), (50, -1), (i32::MAX, i32::MAX)] {
        let mut row = [offset, length, handle, 0, 0, 1, 0, 0, 0, 0, 0];
        open::open_batch(&mut row, 1, &mut [0; 100]).unwrap();
        assert_eq!(row[open_row::OUT_LENGTH], open_row::ERROR_TOO_SHORT);
    }
    handle::free(handle);
}

#[test]
fn cbc_ivs_are_never_the_same() {
    let handle = handle::create(suite(12, 0, 16, 0)).unwrap();
    let job = Job { handle, offset: 0, length: 30, flags: 0, sequence: 1, iv: 1, next_header: 4 };
    let mut rows: Vec<i32> = (0..64).flat_map(|_| job.row()).collect();
    let mut destination = vec![0; 64 * 56];
    seal::seal_batch(&mut rows, 64, &mut [1; 30], &mut destination).unwrap();
    let ivs: std::collections::HashSet<&[u8]> = destination.chunks(56).map(|packet| &packet[8..24]).collect();
    assert_eq!(ivs.len(), 64);
    handle::free(handle);
}

#[test]
fn two_threads_seal_and_open_at_once_while_handles_come_and_go() {
    let workers = [20, 28, 12].map(|encryption| {
        std::thread::spawn(move || {
            for round in 0..200u64 {
                let handle = handle::create(suite(encryption, if encryption == 12 { 12 } else { 0 }, 32, 0)).unwrap();
                let job = Job { handle, offset: 0, length: 500, flags: 0, sequence: round, iv: round, next_header: 4 };
                let mut row = job.row();
                let mut destination = vec![0; 600];
                seal::seal_batch(&mut row, 1, &mut [round as u8; 500], &mut destination).unwrap();
                let packet = &destination[..row[seal_row::OUT_LENGTH] as usize];
                assert_eq!(open_one(handle, packet, None).unwrap()[..500], [round as u8; 500]);
                handle::free(handle);
                assert_eq!(open_one(handle, packet, None), Err(open_row::ERROR_NO_TRANSFORM));
            }
        })
    });
    workers.into_iter().for_each(|worker| worker.join().unwrap());
}
