//! Nothing that is read off a card leaves the machine: the service and all of its tests work
//! where there is no network but loopback.
//!
//! `scripts/test` runs every test through `scripts/without-network`. These two show that it
//! takes the network away, and that it was taken away from the run that they are in.

use std::env::{self, current_exe};
use std::fs;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::Command;
use std::time::Duration;

/// What `scripts/without-network` tells its command, and what an operator says of a machine
/// on which no namespace can be made.
const VARIABLE: &str = "WATHIQA_NETWORK";

/// The interfaces of this network namespace.
fn interfaces() -> Vec<String> {
    let table = fs::read_to_string("/proc/net/dev").unwrap();
    let rows = table.lines().skip(2).filter_map(|row| row.split_once(':'));
    rows.map(|(name, _)| name.trim().to_owned()).collect()
}

/// Why nothing outside can be reached; `None` when something might.
fn is_cut_off() -> Option<String> {
    let known = ["lo", "tunl0", "sit0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0"];
    let others: Vec<_> =
        interfaces().into_iter().filter(|name| !known.contains(&&**name)).collect();
    if !others.is_empty() {
        return None;
    }
    // Addresses for documentation (RFC 5737, RFC 3849): with a way out these would time out.
    for address in ["192.0.2.1:443", "[2001:db8::1]:443"] {
        let address: SocketAddr = address.parse().unwrap();
        let reached = TcpStream::connect_timeout(&address, Duration::from_secs(5));
        let error = reached.err()?;
        if error.kind() == std::io::ErrorKind::TimedOut {
            return None;
        }
    }
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.send_to(b"x", "192.0.2.53:53").err()?;
    "example.ma:443".to_socket_addrs().err()?;
    Some(format!("interfaces {:?}", interfaces()))
}

/// The inner half of the next test, and a test of its own where all run so.
#[test]
fn where_the_network_was_taken_away_nothing_outside_is_reached() {
    if env::var(VARIABLE).as_deref() == Ok("none") {
        assert!(is_cut_off().is_some(), "not cut off: {:?}", interfaces());
    }
}

#[test]
fn the_script_takes_the_network_away() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/without-network");
    let name = "network::where_the_network_was_taken_away_nothing_outside_is_reached";
    let output = Command::new(script)
        .arg(current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .output()
        .unwrap();

    let told = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    if output.status.code() == Some(125) {
        // Nothing is shown then, and somebody must have said that this is known.
        assert_eq!(env::var(VARIABLE).as_deref(), Ok("open"), "{told}");
        return;
    }
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}
