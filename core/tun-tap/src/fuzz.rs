//! Fuzzing of what sees packets of the network or of a device, within bounds, from a seed that a failure prints:
//! `CULVERT_FUZZ_SEED=1234 cargo test fuzz`. No input may panic, reach outside of its packet, or be opened when forged.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::coalesce::{self, Run};
use crate::inner::tests::{Shape, build, build_super};
use crate::inner::{self, TCP};
use crate::offload::{GSO_NONE, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, Offload};
use crate::rows::{open, seal};
use crate::segment::Plan;
use crate::transform::handle;
use crate::transform::suite::{self, Spec};

/// Of each fuzz test.
pub const INPUTS: usize = 5_000_000;

/// xorshift32 (Marsaglia 2003).
pub struct Xorshift(u32);

impl Xorshift {
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }
}

/// Run `take` with a random seed, or that of `CULVERT_FUZZ_SEED`, which a failure prints.
pub fn fuzz(take: impl FnOnce(&mut Xorshift)) {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.subsec_nanos());
    let seed = std::env::var("CULVERT_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(clock).max(1);
    let mut random = Xorshift(seed);
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| take(&mut random))) {
        eprintln!("with CULVERT_FUZZ_SEED={seed}");
        resume_unwind(panic);
    }
}

const EDGES: [u8; 14] = [0, 1, 4, 5, 6, 0x11, 0x0f, 0x29, 0x2c, 0x3c, 0x45, 0x7f, 0x80, 0xff];

/// Copy `template` to `packet` and change it once to four times: bits, bytes, cuts, tails.
fn mutate(template: &[u8], packet: &mut Vec<u8>, random: &mut Xorshift) {
    packet.clear();
    packet.extend_from_slice(template);
    for _ in 0..1 + random.below(4) {
        let span = if random.below(8) == 0 { packet.len() } else { packet.len().min(64) };
        let at = if span == 0 { 0 } else { random.below(span) };
        match random.below(16) {
            0..5 if span > 0 => packet[at] ^= 1 << random.below(8),
            5..11 if span > 0 => packet[at] = EDGES[random.below(EDGES.len())],
            11..14 if span > 0 => packet[at] = random.next() as u8,
            14 => packet.truncate(random.below(packet.len() + 1)),
            _ => packet.extend((0..random.below(40)).map(|byte| byte as u8)),
        }
    }
}

fn shapes() -> [Shape; 4] {
    [Shape::tcp(4), Shape::tcp(6), Shape::udp(4), Shape::udp(6)]
}

fn random_offload(shape: &Shape, random: &mut Xorshift) -> Offload {
    let l4 = if shape.version == 4 { 20 } else { 40 };
    let right = match (shape.protocol == TCP, shape.version) {
        (false, _) => GSO_UDP_L4,
        (_, 4) => GSO_TCPV4,
        _ => GSO_TCPV6,
    };
    let lies = random.below(8) == 0;
    Offload {
        gso_type: if lies { [GSO_NONE, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, 3, 255][random.below(6)] } else { right },
        gso_size: if lies { random.next() as u16 } else { 1 + random.below(200) as u16 },
        needs_checksum: random.below(4) != 0,
        header_bytes: random.next() as u16,
        csum_start: if lies { random.next() as u16 } else { l4 },
        csum_offset: if lies {
            random.below(40) as u16
        } else if shape.protocol == TCP {
            16
        } else {
            6
        },
    }
}

#[test]
fn a_mutated_super_packet_is_cut_into_all_of_its_payload_or_not_at_all() {
    fuzz(|random| {
        let shapes = shapes();
        let templates: Vec<Vec<u8>> = shapes.iter().map(|shape| build_super(shape, &[0x5a; 300])).collect();
        let (mut packet, mut header) = (Vec::new(), [0; crate::segment::HEADER_MAX]);
        let mut planned = 0;
        for _ in 0..INPUTS {
            let index = random.below(templates.len());
            mutate(&templates[index], &mut packet, random);
            let offload = random_offload(&shapes[index], random);
            let Some(plan) = Plan::new(&packet, &offload) else { continue };
            planned += 1;
            assert!(plan.count >= 1 && plan.payload(0).start == plan.header_bytes);
            assert_eq!(plan.payload(plan.count - 1).end, packet.len());
            for segment in [0, random.below(plan.count), plan.count - 1] {
                let payload = plan.payload(segment);
                assert!(payload.start <= payload.end && payload.end <= packet.len());
                assert_eq!(plan.segment_bytes(segment), plan.header_bytes + payload.len());
                plan.write_header(&packet, segment, &mut header[..plan.header_bytes]);
            }
        }
        assert!(planned > INPUTS / 10, "{planned} plans");
    });
}

/// What a receiver sees of a packet: all of it, but for an IPv4 identification that DF makes meaningless (RFC 6864 §4.1).
fn seen(packet: &[u8]) -> Vec<u8> {
    let mut seen = packet.to_vec();
    if packet[0] >> 4 == 4 && packet[6] & 0x40 != 0 {
        inner::put_word(&mut seen, 4, 0);
        inner::put_word(&mut seen, 10, 0);
    }
    seen
}

/// Three packets of a flow, one after the other.
fn flow(shape: &Shape) -> [Vec<u8>; 3] {
    [0, 1, 2].map(|index: u16| {
        let sequence = shape.sequence.wrapping_add(u32::from(index) * 60);
        build(&Shape { sequence, id: shape.id + index, ..shape.clone() }, &[index as u8; 60])
    })
}

/// Merge the packets as far as they go, and hold what cutting gives against them. Gives how many were merged.
fn merge_and_cut(packets: &[Vec<u8>]) -> usize {
    let Some(first) = coalesce::examine(&packets[0], None).filter(|candidate| candidate.mergeable) else { return 0 };
    let mut run = Run::start(&packets[0], &first);
    let mut payloads = packets[0][first.header_bytes..].to_vec();
    for packet in &packets[1..] {
        let Some(candidate) = coalesce::examine(packet, None) else { break };
        if !run.accepts(packet, &candidate) {
            break;
        }
        run.take(packet, &candidate);
        payloads.extend_from_slice(&packet[candidate.header_bytes..]);
    }
    let count = run.packets;
    let (header, offload) = run.finish();
    let merged = [header, &payloads].concat();
    let plan = Plan::new(&merged, &offload).expect("what was merged can be cut");
    assert_eq!(plan.count, count);
    for (index, packet) in packets[..count].iter().enumerate() {
        let mut cut = vec![0; plan.header_bytes];
        plan.write_header(&merged, index, &mut cut);
        cut.extend_from_slice(&merged[plan.payload(index)]);
        assert_eq!(seen(&cut), seen(packet));
    }
    count
}

/// Put the checksums right again: otherwise nothing that was changed would ever merge.
fn repair(packet: &mut [u8]) {
    let Some(transport) = inner::find_transport(packet) else { return };
    if packet[0] >> 4 == 4 {
        inner::fix_v4_checksum(packet, 20);
    }
    let field = transport.offset + if transport.protocol == TCP { 16 } else { 6 };
    if field + 2 > packet.len() {
        return;
    }
    inner::put_word(packet, field, 0);
    let pseudo = inner::pseudo_sum(packet, transport);
    let sum = crate::checksum::add_word(pseudo, (packet.len() - transport.offset) as u16);
    let value = crate::checksum::finish(crate::checksum::add(sum, &packet[transport.offset..]));
    inner::put_word(packet, field, value);
}

#[test]
fn mutated_packets_of_a_flow_merge_only_into_what_cuts_back_to_them() {
    fuzz(|random| {
        let flows = shapes().map(|shape| flow(&shape));
        let mut packets = [const { Vec::new() }; 3];
        let (mut inputs, mut merged) = (0, 0);
        while inputs < INPUTS {
            let flow = &flows[random.below(flows.len())];
            for (packet, template) in packets.iter_mut().zip(flow) {
                if random.below(3) == 0 {
                    packet.clone_from(template);
                } else {
                    mutate(template, packet, random);
                    if random.below(2) == 0 {
                        repair(packet);
                    }
                }
            }
            merged += usize::from(merge_and_cut(&packets) > 1);
            inputs += packets.len();
        }
        assert!(merged > INPUTS / 1000, "{merged} runs");
    });
}

/// Seal `inner` once.
fn sealed(transform: i32, inner: &[u8]) -> Vec<u8> {
    let mut row = vec![0; seal::STRIDE];
    row[seal::SOURCE_LENGTH] = inner.len() as i32;
    row[seal::TRANSFORM] = transform;
    row[seal::SPI] = 0x1001;
    row[seal::SEQUENCE_LOW] = 1;
    row[seal::IV_LOW] = 1;
    row[seal::NEXT_HEADER] = 4;
    row[seal::SEGMENT_COUNT] = 1;
    let mut destination = [0; 512];
    crate::transform::seal::seal_batch(&mut row, 1, &mut inner.to_vec(), &mut destination).unwrap();
    destination[..row[seal::OUT_LENGTH] as usize].to_vec()
}

fn make(encryption_id: i32, integrity_id: i32, key_bytes: usize, salt_bytes: usize, integrity_bytes: usize) -> i32 {
    let (key, salt, integrity_key) = (vec![7; key_bytes], vec![8; salt_bytes], vec![9; integrity_bytes]);
    let spec = Spec { encryption_id, integrity_id, key: &key, salt: &salt, integrity_key: &integrity_key, padding: 0 };
    handle::create(suite::build(&spec).unwrap()).unwrap()
}

#[test]
fn a_mutated_esp_packet_is_never_opened_and_nothing_else_is_touched() {
    const BATCH: usize = 64;
    const SLOT: usize = 256;
    fuzz(|random| {
        let transforms = [make(20, 0, 16, 4, 0), make(28, 0, 32, 4, 0), make(11, 2, 0, 0, 20), make(12, 12, 16, 0, 32)];
        let good = transforms.map(|transform| sealed(transform, &build(&Shape::udp(4), &[1; 40])));
        let (mut rows, mut arena) = (vec![0; BATCH * open::STRIDE], vec![0; BATCH * SLOT]);
        let (mut packet, mut chosen, mut opened) = (Vec::new(), [0; BATCH], 0);
        for _ in 0..INPUTS / BATCH {
            for (index, row) in rows.chunks_exact_mut(open::STRIDE).enumerate() {
                chosen[index] = random.below(transforms.len());
                mutate(&good[chosen[index]], &mut packet, random);
                let length = packet.len().min(SLOT);
                arena[index * SLOT..][..length].copy_from_slice(&packet[..length]);
                let transform = if random.below(64) == 0 { random.next() as i32 } else { transforms[chosen[index]] };
                row.copy_from_slice(&[(index * SLOT) as i32, length as i32, transform, 0, 0, 1, 0, 0, 0, 0, 0]);
                if random.below(64) == 0 {
                    row[random.below(2)] = random.next() as i32;
                }
            }
            let before = arena.clone();
            crate::transform::open::open_batch(&mut rows, BATCH, &mut arena).unwrap();
            for (index, row) in
                rows.chunks_exact(open::STRIDE).enumerate().filter(|(_, row)| row[open::OUT_LENGTH] >= 0)
            {
                let original = &good[chosen[index]];
                let start = row[open::OFFSET] as usize;
                assert_eq!(
                    &before[start..start + row[open::LENGTH] as usize],
                    &original[..],
                    "a forged packet was opened"
                );
                assert!(row[open::OUT_OFFSET] >= row[open::OFFSET]);
                assert!(row[open::OUT_OFFSET] + row[open::OUT_LENGTH] <= row[open::OFFSET] + row[open::LENGTH]);
                opened += 1;
            }
        }
        assert!(opened > 100, "{opened} were left as they were and opened");
    });
}
