//! The primary becomes a read-only standby, and takes writes again.

use std::time::Duration;

use serde_json::json;

use crate::load::Fate;
use crate::place::{Place, Shutdown};
use crate::service::Service;
use crate::{Options, Outcome, story};

pub(crate) fn make(_: &Options) -> anyhow::Result<Outcome> {
    story(async {
        let mut place = Place::new()?;
        let service = Service::start(place.url(), &[]).await?;
        let user = service.user().await?;
        let read = || async { Fate::of(user.get("/cin/all")).await.0 };
        let write = || async {
            let change = json!({ "full_name": "Other" });
            let (fate, body) = Fate::of(user.put("/me").json(&change)).await;
            // A refusal says that reading works.
            let told = fate != Fate::Refused || body["code"] == "read-only";
            if told { fate } else { Fate::Failed(body.to_string()) }
        };
        let mut faults = Vec::new();
        let mut expect = |what: &str, seen: Fate, wanted: Fate| {
            if seen != wanted {
                faults.push(format!("{what}: {seen:?}"));
            }
        };

        expect("a write on the primary", write().await, Fate::Done);
        place.stop(Shutdown::Fast)?;
        place.become_standby()?;
        for _ in 0..5 {
            expect("a read on the standby", read().await, Fate::Done);
            expect("a write on the standby", write().await, Fate::Refused);
        }
        place.promote()?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        expect("a read after the promotion", read().await, Fate::Done);
        expect("a write after the promotion", write().await, Fate::Done);
        let seen =
            "5 reads done and 5 writes refused on the standby; both done after its promotion";
        Ok(Outcome { seen: seen.to_owned(), faults })
    })
}
