//! What the name of a host tells: who runs the database, and whether plaintext to it
//! stays within a private network.

use std::fmt;
use std::net::IpAddr;

/// Who runs a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// `*.neon.tech`.
    Neon,
    /// `*.render.com`, or the internal name `dpg-…-a`.
    Render,
    /// `*.proxy.rlwy.net`, `*.railway.app`, or the internal `*.railway.internal`.
    Railway,
    /// Anyone else.
    Other,
}

impl Provider {
    /// Tells it from the host.
    pub fn of(host: &str) -> Self {
        let host = canonical(host);
        let within = |domains: &[&str]| domains.iter().any(|domain| is_within(&host, domain));
        if within(&["neon.tech"]) {
            Self::Neon
        } else if within(&["render.com"]) || !host.contains('.') && host.starts_with("dpg-") {
            Self::Render
        } else if within(&["rlwy.net", "railway.app", "railway.internal"]) {
            Self::Railway
        } else {
            Self::Other
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Neon => "Neon",
            Self::Render => "Render",
            Self::Railway => "Railway",
            Self::Other => "another provider",
        })
    }
}

/// Names that no public resolver answers (RFC 6761, RFC 6762, RFC 8375, and the names
/// that platforms and clusters give within).
const PRIVATE_DOMAINS: [&str; 7] =
    ["internal", "localhost", "local", "home.arpa", "lan", "svc", "intranet"];

/// Whether a host can only be reached from this machine or its private network.
pub(super) fn is_private(host: &str, address: Option<IpAddr>) -> bool {
    if let Some(address) = address.or_else(|| host.parse().ok()) {
        return is_private_address(address);
    }
    let host = canonical(host);
    // A name of one label, such as Render's internal one or a compose service, is
    // resolved by the private network alone.
    is_socket(&host)
        || !host.contains('.') && !is_number(&host)
        || PRIVATE_DOMAINS.iter().any(|domain| is_within(&host, domain))
}

/// Whether a host is a public one of a provider, whatever address is given for it.
pub(super) fn is_public_provider(host: &str) -> bool {
    let host = canonical(host);
    Provider::of(&host) != Provider::Other
        && host.contains('.')
        && !is_within(&host, "railway.internal")
}

/// Whether the resolver takes a name for an address written as one number, such as
/// `134744072` or `0x08080808`.
fn is_number(host: &str) -> bool {
    let digits = host.strip_prefix("0x").unwrap_or(host);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && host.starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a host is the folder of a Unix socket, or an abstract one.
pub(super) fn is_socket(host: &str) -> bool {
    host.starts_with('/') || host.starts_with('@')
}

/// Without the dot of a fully qualified name, in lower case: `DB.NEON.TECH.` is the same host.
fn canonical(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn is_private_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
