//! Batched I/O on TUN devices and IPsec sockets, and ESP transforms over batches.
//!
//! TypeScript decides, this crate moves bytes: there is no policy here, only what JavaScript cannot do fast.
//! `binding.rs` is the only file that names napi; everything else is plain Rust under `cargo test`.
//! Buffers are arenas that the caller owns, jobs are rows of 32-bit columns (`rows.rs`).

#[cfg(not(test))]
mod binding;
#[cfg(test)]
mod fuzz;

pub mod checksum;
pub mod coalesce;
pub mod descriptor;
pub mod failure;
pub mod inner;
pub mod offload;
pub mod peer;
pub mod ping;
pub mod rows;
pub mod segment;
pub mod sibling;
pub mod socket;
pub mod socket_address;
pub mod thread_times;
pub mod transform;
pub mod tun_batch;

#[cfg_attr(target_os = "linux", path = "tun_linux.rs")]
#[cfg_attr(target_os = "macos", path = "tun_darwin.rs")]
pub mod tun;

#[cfg_attr(target_os = "linux", path = "receive_linux.rs")]
#[cfg_attr(target_os = "macos", path = "receive_darwin.rs")]
pub mod receive;

#[cfg_attr(target_os = "linux", path = "send_linux.rs")]
#[cfg_attr(target_os = "macos", path = "send_darwin.rs")]
pub mod send;

#[cfg_attr(target_os = "linux", path = "memory_linux.rs")]
#[cfg_attr(target_os = "macos", path = "memory_darwin.rs")]
pub mod memory;

#[cfg_attr(target_os = "linux", path = "thread_linux.rs")]
#[cfg_attr(target_os = "macos", path = "thread_darwin.rs")]
pub mod thread;

#[cfg(target_os = "linux")]
#[path = "fragment_linux.rs"]
pub mod fragment;

#[cfg(target_os = "linux")]
#[path = "route_linux.rs"]
pub mod route;

#[cfg_attr(target_os = "linux", path = "waiter_linux.rs")]
#[cfg_attr(target_os = "macos", path = "waiter_darwin.rs")]
pub mod waiter;
