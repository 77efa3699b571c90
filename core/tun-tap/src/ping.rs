//! One echo request through a device, and its answer (RFC 792, RFC 4443 §4).
//!
//! The socket is bound to the device, so the request takes that way whatever the routes say, and an answer counts only
//! when it came back by it. Nothing is fragmented: a request that does not fit is refused or lost, which is an answer too.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::checksum;
use crate::descriptor::Family;
use crate::failure::{Outcome, check, last_errno};
use crate::socket::{bind, bind_to_device, open_echo};
use crate::socket_address::socket_address;

/// What to ask.
pub struct Echo {
    pub device: String,
    pub family: Family,
    /// 4 or 16 bytes.
    pub source: Vec<u8>,
    /// 4 or 16 bytes.
    pub destination: Vec<u8>,
    /// Bytes behind the ICMP header.
    pub payload_bytes: usize,
    pub timeout: Duration,
}

const ICMP_HEADER_BYTES: usize = 8;
const IPV4_HEADER_BYTES: usize = 20;
/// The longest IP packet.
const LONGEST_PACKET: usize = 65535;
const DOING: &str = "sending a ping";

/// Tells requests of this process apart that are on their way at the same time.
static SEQUENCE: AtomicU16 = AtomicU16::new(1);

/// Send a request and wait for its answer; gives the time in between in microseconds, None when none came.
pub fn ping(echo: &Echo) -> Outcome<Option<u32>> {
    let socket = open_echo(echo.family, DOING)?;
    // SAFETY: `socket` was just opened and nobody else knows it.
    let socket = unsafe { OwnedFd::from_raw_fd(socket) };
    bind_to_device(socket.as_raw_fd(), echo.family, &echo.device, DOING)?;
    bind(socket.as_raw_fd(), echo.family, &echo.source, 0, DOING)?;
    let identifier = std::process::id() as u16;
    let sequence = SEQUENCE.fetch_add(1, Ordering::Relaxed);
    let request = request(echo.family, identifier, sequence, echo.payload_bytes.min(LONGEST_PACKET));
    let start = Instant::now();
    send(&socket, echo, &request)?;
    let mut answer = vec![0; LONGEST_PACKET];
    loop {
        let left = echo.timeout.saturating_sub(start.elapsed());
        if left.is_zero() || !wait(&socket, left)? {
            return Ok(None);
        }
        let length = receive(&socket, &mut answer)?;
        if is_answer(echo.family, &answer[..length], &request) {
            return Ok(Some(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX)));
        }
    }
}

/// Type, code, checksum, identifier, sequence number and payload. Over IPv6 the kernel writes the checksum.
fn request(family: Family, identifier: u16, sequence: u16, payload_bytes: usize) -> Vec<u8> {
    let mut request = vec![0; ICMP_HEADER_BYTES];
    request[0] = if family == Family::V4 { 8 } else { 128 };
    request[4..6].copy_from_slice(&identifier.to_be_bytes());
    request[6..8].copy_from_slice(&sequence.to_be_bytes());
    request.extend((0..payload_bytes).map(|index| index as u8));
    if family == Family::V4 {
        let checksum = checksum::finish(checksum::add(0, &request));
        request[2..4].copy_from_slice(&checksum.to_be_bytes());
    }
    request
}

/// Whether a message (over IPv4 with its IP header) is the reply to `request`: all but type and checksum is the same.
fn is_answer(family: Family, message: &[u8], request: &[u8]) -> bool {
    let (header_bytes, reply) = match family {
        Family::V4 => (message.first().map_or(IPV4_HEADER_BYTES, |first| usize::from(first & 15) * 4), 0),
        Family::V6 => (0, 129),
    };
    let Some(icmp) = message.get(header_bytes..) else { return false };
    icmp.len() == request.len() && icmp[..2] == [reply, 0] && icmp[4..] == request[4..]
}

fn send(socket: &OwnedFd, echo: &Echo, request: &[u8]) -> Outcome<()> {
    let (address, bytes) = socket_address(echo.family, &echo.destination, 0);
    // SAFETY: the buffer is as long as said, and `address` is a socket address of `bytes` bytes.
    let sent = unsafe {
        libc::sendto(socket.as_raw_fd(), request.as_ptr().cast(), request.len(), 0, &raw const address.any, bytes)
    };
    check(if sent < 0 { -1 } else { 0 }, DOING).map(|_| ())
}

/// Whether there is something to read within the time.
fn wait(socket: &OwnedFd, left: Duration) -> Outcome<bool> {
    let mut watched = libc::pollfd { fd: socket.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let milliseconds = i32::try_from(left.as_millis()).unwrap_or(i32::MAX).max(1);
    // SAFETY: one entry, which outlives the call.
    let ready = unsafe { libc::poll(&raw mut watched, 1, milliseconds) };
    if ready < 0 && last_errno() == libc::EINTR { Ok(true) } else { check(ready, DOING).map(|ready| ready > 0) }
}

/// Length of what was read; 0 when there was nothing after all.
fn receive(socket: &OwnedFd, answer: &mut [u8]) -> Outcome<usize> {
    // SAFETY: the buffer is as long as said.
    let got = unsafe { libc::recv(socket.as_raw_fd(), answer.as_mut_ptr().cast(), answer.len(), libc::MSG_DONTWAIT) };
    match usize::try_from(got) {
        Ok(length) => Ok(length),
        Err(_) if [libc::EAGAIN, libc::EINTR].contains(&last_errno()) => Ok(0),
        Err(_) => check(-1, DOING).map(|_| 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(family: Family, address: Vec<u8>) -> Echo {
        let (source, destination) = (address.clone(), address);
        let (device, timeout) = ("lo".to_string(), Duration::from_secs(2));
        Echo { device, family, source, destination, payload_bytes: 56, timeout }
    }

    #[test]
    fn the_loopback_device_answers_or_a_ping_is_not_permitted() {
        match ping(&echo(Family::V4, vec![127, 0, 0, 1])) {
            Ok(answer) => assert!(answer.is_some()),
            Err(failure) => assert!([libc::EPERM, libc::ENODEV, libc::ENETUNREACH].contains(&failure.errno)),
        }
    }

    #[test]
    fn an_answer_is_told_from_other_replies_by_identifier_number_and_payload() {
        let request = request(Family::V6, 7, 1, 4);
        let mut reply = request.clone();
        reply[0] = 129;
        assert!(is_answer(Family::V6, &reply, &request));
        for index in [0, 4, 7, 11] {
            let mut other = reply.clone();
            other[index] ^= 1;
            assert!(!is_answer(Family::V6, &other, &request), "byte {index}");
        }
        assert!(!is_answer(Family::V6, &reply[..11], &request));
        assert!(!is_answer(Family::V4, &[], &request));
    }

    #[test]
    fn a_device_that_is_not_there_is_enodev() {
        let missing = Echo { device: "nowhere0".into(), ..echo(Family::V4, vec![127, 0, 0, 1]) };
        assert!([libc::ENODEV, libc::EPERM].contains(&ping(&missing).unwrap_err().errno));
    }
}
