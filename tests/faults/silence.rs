//! Idle connections that a firewall forgets: nothing comes through them any more, and
//! nobody is told.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::future::join_all;

use crate::load::Fate;
use crate::place::{Place, run};
use crate::service::Service;
use crate::{Options, Outcome, story};

/// Each request must be answered within the connect timeout.
const LIMIT: Duration = Duration::from_secs(10);
/// Set in the process that runs within a network of its own.
const INSIDE: &str = "WATHIQA_FAULTS_INSIDE";

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    if std::env::var_os(INSIDE).is_some() {
        return cut();
    }
    // The whole story once more, in a network namespace of its own.
    let mut inside = Command::new("unshare");
    inside.args(["--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]);
    inside.arg(std::env::current_exe()?).args(["--only", "silently"]).env(INSIDE, "1");
    if options.full {
        inside.arg("--full");
    }
    let output = inside.output().context("unshare")?;
    let told = String::from_utf8_lossy(&output.stdout);
    let row = told.lines().last().context("no answer from the namespace")?;
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    ensure!(cells.len() == 6, "{told}{}", String::from_utf8_lossy(&output.stderr));
    let faults = if cells[4] == "holds" { vec![] } else { vec![cells[4].to_owned()] };
    Ok(Outcome { seen: cells[3].to_owned(), faults })
}

fn cut() -> anyhow::Result<Outcome> {
    story(async {
        let place = Place::new()?;
        let service = Service::start(place.url(), &[("DB_POOL_MAX", "8")]).await?;
        let user = service.user().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let cut = forget_connections(&place)?;

        let mut slowest = Duration::ZERO;
        let mut fates = Vec::new();
        for _ in 0..3 {
            let begun = Instant::now();
            let together = join_all((0..8).map(|_| Fate::of(user.get("/cin/all")))).await;
            fates.extend(together.into_iter().map(|(fate, _)| fate));
            slowest = slowest.max(begun.elapsed());
        }
        let mut faults = Vec::new();
        if fates.iter().any(|fate| *fate != Fate::Done) {
            faults.push(format!("{fates:?}"));
        }
        if slowest > LIMIT {
            faults.push(format!("one took {} ms", slowest.as_millis()));
        }
        if cut < 2 {
            faults.push(format!("only {cut} connections were cut"));
        }
        let seen = format!(
            "{cut} connections cut; 24 reads, 0 failed, the slowest {} ms",
            slowest.as_millis()
        );
        Ok(Outcome { seen, faults })
    })
}

/// Drops what comes in on the connections that exist now, in both directions; new ones
/// are let through.
fn forget_connections(place: &Place) -> anyhow::Result<usize> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        client_port: i32,
    }
    let rows: Vec<Row> = diesel::RunQueryDsl::get_results(
        diesel::sql_query(
            "SELECT client_port FROM pg_stat_activity WHERE application_name = 'wathiqa'",
        ),
        &mut place.connect()?,
    )?;
    let ports: Vec<String> = rows.iter().map(|row| row.client_port.to_string()).collect();
    let ports = ports.join(", ");
    let rules = format!(
        "table inet wathiqa {{ chain forget {{ type filter hook input priority 0; \
         tcp sport {{ {ports} }} drop; tcp dport {{ {ports} }} drop; }}\n}}"
    );
    run(Command::new("nft").arg(rules))?;
    Ok(rows.len())
}
