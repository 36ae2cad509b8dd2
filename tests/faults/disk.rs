//! The file system of the database runs full.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::load::Fate;
use crate::place::{Place, open_folder, run};
use crate::service::Service;
use crate::{Options, Outcome, story};

/// A small file system that is gone when it is dropped.
struct SmallDisk {
    folder: PathBuf,
    _base: tempfile::TempDir,
}

impl SmallDisk {
    fn mount() -> anyhow::Result<Self> {
        let base = open_folder()?;
        let folder = base.path().join("disk");
        fs::create_dir(&folder)?;
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m,mode=0777", "tmpfs"])
            .arg(&folder))?;
        Ok(Self { folder, _base: base })
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }

    /// Takes all the space that is left.
    fn fill(&self) -> anyhow::Result<()> {
        let target = format!("of={}", self.filler().display());
        // It ends with an error: that is the point.
        Command::new("dd").args(["if=/dev/zero", &target, "bs=4k"]).output()?;
        Ok(())
    }

    fn free(&self) -> anyhow::Result<()> {
        Ok(fs::remove_file(self.filler())?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).output();
    }
}

pub(crate) fn make(_: &Options) -> anyhow::Result<Outcome> {
    story(async {
        let disk = SmallDisk::mount()?;
        let mut place = Place::new()?;
        place.move_database_to(&disk.folder.join("tablespace"))?;
        let service = Service::start(place.url(), &[]).await?;
        let user = service.user().await?;
        let register = |n: usize| {
            let account = json!({ "email": format!("n{n}@example.org"), "full_name": "x".repeat(200),
                "password": "a long enough passphrase" });
            let request = user.post("/auth/register").json(&account);
            async move {
                let answer = request.send().await?;
                let again = answer.headers().contains_key("retry-after");
                anyhow::Ok((answer.status().as_u16(), again))
            }
        };

        disk.fill()?;
        // Pages that are there have some room; then the next one cannot be made.
        let mut answers = Vec::new();
        for n in 0..120 {
            answers.push(register(n).await?);
            if answers.len() >= 5
                && answers[answers.len() - 3..].iter().all(|(status, _)| *status == 503)
            {
                break;
            }
        }
        let made = answers.iter().filter(|(status, _)| *status == 201).count() as i64;
        let refused = answers.iter().filter(|answer| **answer == (503, true)).count();
        let (read, _) = Fate::of(user.get("/cin/all")).await;
        disk.free()?;
        let after = register(1000).await?;

        let mut faults = Vec::new();
        if refused < 3 || refused + made as usize != answers.len() {
            faults.push(format!("answers: {answers:?}"));
        }
        if read != Fate::Done || after.0 != 201 {
            faults.push(format!("a read {read:?}, a write with space again {after:?}"));
        }
        let whole = "SELECT count(*) AS count FROM users JOIN organisations
            ON organisations.id = users.organisation_id";
        let half = "SELECT count(*) AS count FROM organisations WHERE id <> 1";
        // With the user of the story and the one of after.
        if place.count(whole)? != made + 2 || place.count(half)? != made + 2 {
            faults.push("something half-written".to_owned());
        }
        let seen = format!(
            "{made} accounts while there was room, then {refused} × 503, a read done; with space again 201"
        );
        Ok(Outcome { seen, faults })
    })
}
