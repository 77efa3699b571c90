//! Reading and writing whole batches of packets on TUN devices, runs of a flow merged on the way out.

use std::cell::RefCell;
use std::io::IoSlice;
use std::ops::Range;

use crate::coalesce::{self, Candidate, PACKETS_MAX, Run};
use crate::descriptor::{self, Kind};
use crate::failure::Outcome;
use crate::inner::UDP;
use crate::offload::Offload;
use crate::rows::{self, tun_read, tun_write};
use crate::tun;

/// Room that a packet may need: the longest IP packet, and super-packets are not longer.
const SLOT_BYTES: usize = 65536;
/// Where packets start in the arena.
const ALIGNMENT: usize = 16;
/// Flows that one batch keeps open at a time.
const FLOWS_MAX: usize = 16;

/// Read what is there, packed into `arena` from its start. Gives the number of rows, or a negative errno when not even
/// the first packet could be read.
pub fn read(fd: i32, arena: &mut [u8], rows: &mut [i32], max_packets: usize) -> i32 {
    let Some(vnet_header) = vnet_header_of(fd) else { return -libc::EBADF };
    let mut at = 0;
    let mut count = 0;
    for row in rows.chunks_exact_mut(tun_read::STRIDE).take(max_packets) {
        let Some(slot) = arena.get_mut(at..at + SLOT_BYTES) else { break };
        match tun::read_packet(fd, vnet_header, slot) {
            Ok((length, offload)) => {
                fill_row(row, at, length, &offload);
                at = (at + length).next_multiple_of(ALIGNMENT);
                count += 1;
            }
            Err(libc::EAGAIN) => break,
            Err(libc::EINTR) => break,
            Err(errno) if count == 0 => return -errno,
            Err(_) => break,
        }
    }
    count
}

fn fill_row(row: &mut [i32], at: usize, length: usize, offload: &Offload) {
    row[tun_read::OFFSET] = at as i32;
    row[tun_read::LENGTH] = length as i32;
    row[tun_read::GSO_TYPE] = i32::from(offload.gso_type);
    row[tun_read::GSO_SIZE] = i32::from(offload.gso_size);
    row[tun_read::NEEDS_CHECKSUM] = i32::from(offload.needs_checksum);
    row[tun_read::CSUM_START] = i32::from(offload.csum_start);
    row[tun_read::CSUM_OFFSET] = i32::from(offload.csum_offset);
}

fn vnet_header_of(fd: i32) -> Option<bool> {
    match descriptor::find(fd)?.kind {
        Kind::Tun { vnet_header, .. } => Some(vnet_header),
        _ => None,
    }
}

/// Write `count` packets; the order within a flow is kept. Results go into the rows.
pub fn write(rows: &mut [i32], count: usize, arena: &[u8]) -> Outcome<()> {
    rows::check_count(rows, count, tun_write::STRIDE, "writing to TUN devices")?;
    let rows = &mut rows[..count * tun_write::STRIDE];
    FLOWS.with_borrow_mut(|flows| {
        let mut writer = Writer { rows, arena, flows, device: None };
        for index in 0..count {
            writer.add(index);
        }
        while !writer.flows.is_empty() {
            writer.flush(0);
        }
    });
    Ok(())
}

/// A run and the rows that it is made of: a packet each, or packets that lie joined.
struct Flow {
    tun: i32,
    run: Run,
    members: [u32; PACKETS_MAX],
    rows: usize,
}

impl Flow {
    /// Whether the packets of a row, of which this is the first, continue the run.
    fn continues(&self, first: &[u8], candidate: &Candidate, packets: usize) -> bool {
        self.run.accepts(first, candidate)
            && (packets == 1 || (candidate.payload_bytes == self.run.segment_bytes && self.run.has_room(packets)))
    }
}

thread_local! {
    static FLOWS: RefCell<Vec<Flow>> = const { RefCell::new(Vec::new()) };
}

/// What is needed of the device that the last row named.
#[derive(Clone, Copy)]
struct Device {
    fd: i32,
    vnet_header: bool,
    udp_offload: bool,
}

struct Writer<'a> {
    rows: &'a mut [i32],
    arena: &'a [u8],
    flows: &'a mut Vec<Flow>,
    device: Option<Device>,
}

impl<'a> Writer<'a> {
    fn column(&self, index: usize, column: usize) -> i32 {
        self.rows[index * tun_write::STRIDE + column]
    }

    fn set_result(&mut self, index: usize, result: i32) {
        self.rows[index * tun_write::STRIDE + tun_write::RESULT] = result;
    }

    fn range(&self, index: usize) -> Option<Range<usize>> {
        let (offset, length) = (self.column(index, tun_write::OFFSET), self.column(index, tun_write::LENGTH));
        rows::range(offset, length, self.arena.len()).filter(|range| !range.is_empty())
    }

    fn packet(&self, index: usize) -> &'a [u8] {
        self.range(index).map_or(&[], |range| &self.arena[range])
    }

    fn device(&mut self, fd: i32) -> Option<Device> {
        if self.device.is_none_or(|device| device.fd != fd) {
            self.device = match descriptor::find(fd)?.kind {
                Kind::Tun { vnet_header, udp_offload } => Some(Device { fd, vnet_header, udp_offload }),
                _ => None,
            };
        }
        self.device
    }

    /// Packets of row `index`.
    fn packets(&self, index: usize) -> usize {
        usize::try_from(self.column(index, tun_write::PACKETS)).map_or(1, |packets| packets.max(1))
    }

    /// Those of row `index`, whose headers have this length. None where the row is wrong.
    fn joined(&self, index: usize, header_bytes: usize) -> Option<Joined<'a>> {
        Joined::find(self.arena, self.range(index)?, header_bytes, self.packets(index))
    }

    /// Take row `index` into a flow, or write it.
    fn add(&mut self, index: usize) {
        let tun = self.column(index, tun_write::TUN);
        let Some(device) = self.device(tun) else { return self.set_result(index, -libc::EBADF) };
        let packet = self.packet(index);
        if packet.is_empty() {
            return self.set_result(index, -libc::EINVAL);
        }
        let sum = u16::try_from(self.column(index, tun_write::SUM) - 1).ok();
        let Some(candidate) = device.vnet_header.then(|| coalesce::examine(packet, sum)).flatten() else {
            // No ports to tell its flow by: a fragment must not overtake what came before it.
            self.flush_device(tun);
            return self.write_row(device, index);
        };
        let packets = self.packets(index);
        let open = self.flows.iter().position(|flow| flow.tun == tun && flow.run.key == candidate.key);
        match open {
            Some(at) if self.flows[at].continues(packet, &candidate, packets) => self.append(at, index, &candidate),
            Some(at) => {
                self.flush(at);
                self.begin(device, index, &candidate);
            }
            None => self.begin(device, index, &candidate),
        }
    }

    fn append(&mut self, at: usize, index: usize, candidate: &Candidate) {
        let (packet, packets) = (self.packet(index), self.packets(index));
        let joined = self.joined(index, candidate.header_bytes);
        let Some(joined) = joined else { return self.set_result(index, -libc::EINVAL) };
        let flow = &mut self.flows[at];
        flow.members[flow.rows] = index as u32;
        flow.rows += 1;
        flow.run.take(packet, candidate);
        if packets > 1 {
            flow.run.take_joined(packets - 1, joined.header(packets - 1));
        }
    }

    fn begin(&mut self, device: Device, index: usize, candidate: &Candidate) {
        if !candidate.mergeable || (candidate.key.protocol == UDP && !device.udp_offload) {
            return self.write_row(device, index);
        }
        let packets = self.packets(index);
        let Some(joined) = self.joined(index, candidate.header_bytes) else {
            return self.set_result(index, -libc::EINVAL);
        };
        if self.flows.len() == FLOWS_MAX {
            self.flush(0);
        }
        let mut members = [0; PACKETS_MAX];
        members[0] = index as u32;
        let mut run = Run::start(joined.first, candidate);
        if packets > 1 {
            run.take_joined(packets - 1, joined.header(packets - 1));
        }
        self.flows.push(Flow { tun: device.fd, run, members, rows: 1 });
    }

    fn flush_device(&mut self, tun: i32) {
        while let Some(at) = self.flows.iter().position(|flow| flow.tun == tun) {
            self.flush(at);
        }
    }

    /// Write a flow's run as one packet; packet by packet where the kernel does not take the super-packet.
    fn flush(&mut self, at: usize) {
        let mut flow = self.flows.remove(at);
        let members = flow.members;
        let members = &members[..flow.rows];
        if flow.run.packets == 1 {
            return self.write_single(members[0] as usize);
        }
        match self.write_run(&mut flow, members) {
            Err(libc::EINVAL | libc::EMSGSIZE | libc::EOPNOTSUPP) => {
                let Some(device) = self.device(flow.tun) else { return };
                members.iter().for_each(|index| self.write_row(device, *index as usize));
            }
            result => {
                let result = result.map_or_else(|errno| -errno, |()| 0);
                members.iter().for_each(|index| self.set_result(*index as usize, result));
            }
        }
    }

    fn write_run(&mut self, flow: &mut Flow, members: &[u32]) -> Result<(), i32> {
        let header_bytes = flow.run.header_bytes;
        let (header, offload) = flow.run.finish();
        let mut parts = [IoSlice::new(header); PACKETS_MAX + 1];
        for (part, index) in parts[1..].iter_mut().zip(members) {
            *part = IoSlice::new(self.joined(*index as usize, header_bytes).map_or(&[], |joined| joined.payloads));
        }
        let parts = &parts[..=members.len()];
        write_again(|| tun::write_packet(flow.tun, true, &offload, parts))
    }

    /// Write what a row says packet by packet.
    fn write_row(&mut self, device: Device, index: usize) {
        if self.packets(index) == 1 {
            return self.write_single(index);
        }
        let headers = coalesce::examine(self.packet(index), None).map(|candidate| candidate.header_bytes);
        let joined = headers.and_then(|header_bytes| self.joined(index, header_bytes));
        let result = joined.map_or(-libc::EINVAL, |joined| joined.write_apart(device));
        self.set_result(index, result);
    }

    fn write_single(&mut self, index: usize) {
        let fd = self.column(index, tun_write::TUN);
        let vnet_header = self.device(fd).is_some_and(|device| device.vnet_header);
        let parts = [IoSlice::new(self.packet(index))];
        let result = write_again(|| tun::write_packet(fd, vnet_header, &Offload::default(), &parts));
        self.set_result(index, result.map_or_else(|errno| -errno, |()| 0));
    }
}

/// Packets of equal length that lie joined (transform/join.rs): header of the first, payloads of all, headers of the others.
struct Joined<'a> {
    first: &'a [u8],
    payloads: &'a [u8],
    payload_bytes: usize,
    headers: &'a [u8],
    packets: usize,
}

impl<'a> Joined<'a> {
    /// None where they do not lie in the arena, or are more than one piece holds.
    fn find(arena: &'a [u8], first: Range<usize>, header_bytes: usize, packets: usize) -> Option<Joined<'a>> {
        let payload_bytes =
            first.len().checked_sub(header_bytes).filter(|bytes| *bytes > 0 && packets <= PACKETS_MAX)?;
        let payloads_at = first.start + header_bytes;
        let headers_at = payloads_at + packets * payload_bytes;
        let payloads = arena.get(payloads_at..headers_at)?;
        let headers = arena.get(headers_at..headers_at + (packets - 1) * header_bytes)?;
        Some(Joined { first: &arena[first], payloads, payload_bytes, headers, packets })
    }

    /// Header of packet `index`.
    fn header(&self, index: usize) -> &'a [u8] {
        let header_bytes = self.first.len() - self.payload_bytes;
        if index == 0 {
            &self.first[..header_bytes]
        } else {
            &self.headers[(index - 1) * header_bytes..][..header_bytes]
        }
    }

    /// Write packet by packet. Gives how many the device refused, or the errno of the last where it refused all.
    fn write_apart(&self, device: Device) -> i32 {
        let (mut refused, mut last) = (0, 0);
        for (index, payload) in self.payloads.chunks_exact(self.payload_bytes).enumerate() {
            let parts = [IoSlice::new(self.header(index)), IoSlice::new(payload)];
            let write = || tun::write_packet(device.fd, device.vnet_header, &Offload::default(), &parts);
            if let Err(errno) = write_again(write) {
                (refused, last) = (refused + 1, errno);
            }
        }
        if refused == self.packets { -last } else { refused as i32 }
    }
}

/// Repeat a write that a signal interrupted.
fn write_again(mut write: impl FnMut() -> Result<(), i32>) -> Result<(), i32> {
    loop {
        match write() {
            Err(libc::EINTR) => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_no_tun_device_gets_ebadf() {
        assert_eq!(read(-7, &mut [0; 65536], &mut [0; 7], 1), -libc::EBADF);
        let mut rows = [-7, 0, 20, 0, 1, 1];
        write(&mut rows, 1, &[0; 20]).unwrap();
        assert_eq!(rows[5], -libc::EBADF);
    }

    #[test]
    fn packets_that_do_not_lie_in_the_arena_or_have_no_payload_are_not_joined() {
        let arena = [7; 400];
        // A header of 40 bytes, three payloads of 60, two headers.
        let whole = Joined::find(&arena, 0..100, 40, 3).unwrap();
        assert_eq!((whole.payloads.len(), whole.headers.len(), whole.header(2).len()), (180, 80, 40));
        assert!(Joined::find(&arena[..299], 0..100, 40, 3).is_none());
        assert!(Joined::find(&arena, 0..40, 40, 3).is_none());
        assert!(Joined::find(&arena, 0..30, 40, 3).is_none());
        assert!(Joined::find(&[0; 65536], 0..41, 40, PACKETS_MAX + 1).is_none());
    }
}
