//! Whom a request comes from: the client's address behind proxies, and its network.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// What one subscriber has: an IPv4 address, or 64 bits of an IPv6 one, within which
/// he can choose (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Network {
    /// An address.
    V4(Ipv4Addr),
    /// The first address of a /64.
    V6(Ipv6Addr),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                Self::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "{address}/64"),
        }
    }
}

/// Returns the client's address: the peer's, or, while the one who tells is `trusted`, what
/// he tells. Proxies append whom they heard from, so the values of `X-Forwarded-For` are read
/// from the right; the first that is not trusted is the client, for what stands left of it
/// anybody may have written. What is no address ends the walk at the proxy that passed it on.
pub fn client_address(peer: IpAddr, forwarded_for: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.to_canonical();
    let hops = forwarded_for.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !trusted.iter().any(|network| network.contains(&address)) {
            break;
        }
        let Some(before) = parse(hop) else { break };
        address = before;
    }
    address
}

/// Reads an address as proxies write it: bare, in brackets, or with a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_first_from_the_right_whom_nobody_trusts() {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "203.0.113.7/32", "fd00::/8"]
            .map(|network| network.parse().unwrap())
            .into();
        let cases: &[(&str, &[&str], &str)] = &[
            // No proxy, or one that is not trusted: what it tells counts for nothing.
            ("198.51.100.1", &[], "198.51.100.1"),
            ("198.51.100.1", &["192.0.2.1"], "198.51.100.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            // One proxy, then two.
            ("10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", &["192.0.2.1, 203.0.113.7"], "192.0.2.1"),
            // What the client wrote himself stands left of where he was seen.
            ("10.0.0.1", &["127.0.0.1, 192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", &["10.9.9.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            // Lines count in their order.
            ("10.0.0.1", &["127.0.0.1", "192.0.2.1", "10.0.0.2"], "192.0.2.1"),
            ("10.0.0.1", &["192.0.2.9, 192.0.2.1", "10.0.0.2"], "192.0.2.1"),
            // All are trusted: the leftmost.
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // Forms.
            ("10.0.0.1", &["192.0.2.1:4711"], "192.0.2.1"),
            ("10.0.0.1", &["2001:db8::1"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["  192.0.2.1\t,fd00::2 "], "192.0.2.1"),
            ("::ffff:10.0.0.1", &["::ffff:192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", &["[::ffff:192.0.2.1]:80"], "192.0.2.1"),
            ("fd00::1", &["192.0.2.1"], "192.0.2.1"),
            // What is no address ends the walk.
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.1, "], "10.0.0.1"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.1, _hidden, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["192.0.2.1 10.0.0.2"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.256"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.1:99999"], "10.0.0.1"),
            ("10.0.0.1", &["[192.0.2.1"], "10.0.0.1"),
            ("10.0.0.1", &["https://192.0.2.1/"], "10.0.0.1"),
        ];
        for (peer, lines, client) in cases {
            let found = client_address(peer.parse().unwrap(), lines, &trusted);

            assert_eq!(found.to_string(), *client, "{peer} {lines:?}");
        }
    }

    #[test]
    fn nobody_is_trusted_by_default() {
        let peer = IpAddr::from([127, 0, 0, 1]);

        assert_eq!(client_address(peer, &["192.0.2.1"], &[]), peer);
    }

    #[test]
    fn a_network_is_one_address_or_the_half_of_one() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap()).to_string();

        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
    }
}
