//! `wathiqa health [--ready]`: asks the service on this machine, for containers whose image
//! has nothing else that could.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use wathiqa::config::HttpConfig;

/// How long the service may take.
const LIMIT: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Ask whether it is ready to be sent requests, database and all
    #[arg(long)]
    ready: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let http = HttpConfig::from_env()?;
    let path = if options.ready { "ready" } else { "health" };
    let address = SocketAddr::new(reached_at(http.host), http.port);
    let client = reqwest::blocking::Client::builder().no_proxy().timeout(LIMIT).build()?;
    let answer = client
        .get(format!("http://{address}/{path}"))
        .send()
        .with_context(|| format!("nothing answers on {address} (HOST, PORT)"))?;
    let status = answer.status();
    println!("{}", answer.text()?);
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where one who listens everywhere is found.
const fn reached_at(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => host,
    }
}
