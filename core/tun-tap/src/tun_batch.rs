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

/// A run and the rows that it is made of.
struct Flow {
    tun: i32,
    run: Run,
    members: [u32; PACKETS_MAX],
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
            return self.write_single(index);
        };
        let open = self.flows.iter().position(|flow| flow.tun == tun && flow.run.key == candidate.key);
        match open {
            Some(at) if self.flows[at].run.accepts(packet, &candidate) => self.append(at, index, &candidate),
            Some(at) => {
                self.flush(at);
                self.begin(device, index, &candidate);
            }
            None => self.begin(device, index, &candidate),
        }
    }

    fn append(&mut self, at: usize, index: usize, candidate: &Candidate) {
        let packet = self.packet(index);
        let flow = &mut self.flows[at];
        flow.members[flow.run.packets] = index as u32;
        flow.run.take(packet, candidate);
    }

    fn begin(&mut self, device: Device, index: usize, candidate: &Candidate) {
        if !candidate.mergeable || (candidate.key.protocol == UDP && !device.udp_offload) {
            return self.write_single(index);
        }
        if self.flows.len() == FLOWS_MAX {
            self.flush(0);
        }
        let mut members = [0; PACKETS_MAX];
        members[0] = index as u32;
        let run = Run::start(self.packet(index), candidate);
        self.flows.push(Flow { tun: device.fd, run, members });
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
        let members = &members[..flow.run.packets];
        if members.len() == 1 {
            return self.write_single(members[0] as usize);
        }
        match self.write_run(&mut flow, members) {
            Err(libc::EINVAL | libc::EMSGSIZE | libc::EOPNOTSUPP) => {
                members.iter().for_each(|index| self.write_single(*index as usize));
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
            *part = IoSlice::new(&self.packet(*index as usize)[header_bytes..]);
        }
        let parts = &parts[..=members.len()];
        write_again(|| tun::write_packet(flow.tun, true, &offload, parts))
    }

    fn write_single(&mut self, index: usize) {
        let fd = self.column(index, tun_write::TUN);
        let vnet_header = self.device(fd).is_some_and(|device| device.vnet_header);
        let parts = [IoSlice::new(self.packet(index))];
        let result = write_again(|| tun::write_packet(fd, vnet_header, &Offload::default(), &parts));
        self.set_result(index, result.map_or_else(|errno| -errno, |()| 0));
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
        let mut rows = [-7, 0, 20, 0, 1];
        write(&mut rows, 1, &[0; 20]).unwrap();
        assert_eq!(rows[4], -libc::EBADF);
    }
}
