//! How often what may be done, and whose word on addresses is believed.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::config::Environment;
use crate::config::reader::Reader;

/// How often what may be done; 0 means no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// `LOGIN_FAILURES_PER_ADDRESS`, default 20: failed log-ins of one address over all
    /// accounts, in five minutes.
    pub login_failures_per_address: u32,
    /// `REGISTRATIONS_PER_HOUR`, per address; default 10 in production, else 0.
    pub registrations_per_hour: u32,
    /// `PROCESS_PER_MINUTE`, documents per caller; default 30 in production, else 0.
    pub process_per_minute: u32,
    /// `PROCESS_AT_ONCE`, documents per caller; default 2 in production, else 0.
    pub process_at_once: u32,
    /// `REQUESTS_PER_MINUTE`, per caller or, without a token, per address; default 600 in
    /// production, else 0.
    pub requests_per_minute: u32,
    /// `TRUSTED_PROXIES`, comma-separated addresses and networks whose `X-Forwarded-For` is
    /// believed; default none.
    pub trusted_proxies: Vec<IpNet>,
}

impl LimitsConfig {
    pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> Self {
        let in_production = |number| match environment {
            Environment::Production => number,
            Environment::Development => 0,
        };
        let mut number = |name, default| reader.number(name, default, 0..=1_000_000);
        let login_failures_per_address = number("LOGIN_FAILURES_PER_ADDRESS", 20);
        let registrations_per_hour = number("REGISTRATIONS_PER_HOUR", in_production(10));
        let process_per_minute = number("PROCESS_PER_MINUTE", in_production(30));
        let process_at_once = number("PROCESS_AT_ONCE", in_production(2));
        let requests_per_minute = number("REQUESTS_PER_MINUTE", in_production(600));
        let expected = "IP addresses and networks such as 10.0.0.0/8, and not all there are";
        let trusted_proxies = reader.parsed("TRUSTED_PROXIES", Vec::new(), expected, |value| {
            let networks = value.split(',').map(str::trim).filter(|network| !network.is_empty());
            networks.map(parse_network).collect()
        });
        Self {
            login_failures_per_address,
            registrations_per_hour,
            process_per_minute,
            process_at_once,
            requests_per_minute,
            trusted_proxies,
        }
    }
}

/// Where everybody is trusted, everybody chooses his own address.
fn parse_network(text: &str) -> Option<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.ok().map(|network| network.trunc()).filter(|network| network.prefix_len() > 0)
}
