//! `wathiqa member`: what the operator does when an organisation has nobody who can.

use std::process::ExitCode;

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use wathiqa::auth::secret::{self, SecretKind};
use wathiqa::store::audit::{Action, Actor, Deed, Origin};
use wathiqa::store::invitations::{self, NewInvitation};
use wathiqa::store::{OrganisationId, Role, StoreError, members, users};

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Give a member another role: agent, reviewer, admin or auditor
    Role {
        /// The e-mail address of the account
        email: String,
        /// The role
        role: Role,
    },
    /// Invite a person into an organisation and print what the link carries
    Invite {
        /// The e-mail address that has to register
        email: String,
        /// The role: agent, reviewer, admin or auditor
        #[arg(long, default_value = "admin")]
        role: Role,
        /// The id of the organisation; the default one holds what the application before left
        #[arg(long, default_value_t = 1)]
        organisation: i64,
    },
}

pub(crate) fn run(options: Options) -> anyhow::Result<ExitCode> {
    match options.command {
        Command::Role { email, role } => set_role(email, role),
        Command::Invite { email, role, organisation } => {
            invite(email, role, OrganisationId(organisation))
        }
    }
}

fn set_role(email: String, role: Role) -> anyhow::Result<ExitCode> {
    let trail = super::trail()?;
    let changed = super::with_store(async move |store| {
        store
            .write(move |connection| {
                let Some(found) = users::find_by_email(connection, &email)? else {
                    return Ok(None);
                };
                let (user, organisation) = (found.membership.user, found.membership.organisation);
                let changed = members::set_role(connection, organisation, user, role)?;
                let origin = Origin::local(Actor::Operator, Some(organisation));
                let deed = Deed::new(Action::RoleChanged).to("member", user.0);
                trail.append(connection, &origin, &deed.with("role", role.as_str()))?;
                Ok(Some(changed))
            })
            .await
    })?;
    match changed.context("no account has this address")? {
        members::Change::LastAdmin => anyhow::bail!("the organisation would have no admin left"),
        members::Change::Unknown => anyhow::bail!("no account has this address"),
        members::Change::Made(_) => Ok(ExitCode::SUCCESS),
    }
}

fn invite(email: String, role: Role, organisation: OrganisationId) -> anyhow::Result<ExitCode> {
    let trail = super::trail()?;
    let token = secret::generate(SecretKind::Invitation)?;
    let digest = secret::digest(SecretKind::Invitation, &token).unwrap_or_default();
    let stored = super::with_store(async move |store| {
        let invitation = NewInvitation {
            organisation_id: organisation,
            email,
            role,
            token_hash: digest.to_vec(),
            created_by: None,
            expires_at: Utc::now() + TimeDelta::days(7),
        };
        store
            .write(move |connection| {
                if members::find_organisation(connection, organisation)?.is_none() {
                    return Ok(false);
                }
                let stored = invitations::insert(connection, &invitation)?;
                let origin = Origin::local(Actor::Operator, Some(organisation));
                let deed = Deed::new(Action::Invited).to("invitation", stored.id.0);
                trail.append(connection, &origin, &deed.with("role", role.as_str()))?;
                Ok(true)
            })
            .await
    });
    match stored {
        Ok(true) => println!("{token}"),
        Ok(false) => anyhow::bail!("there is no such organisation"),
        Err(error) if matches!(error.downcast_ref(), Some(StoreError::Conflict { .. })) => {
            anyhow::bail!("an account has this address")
        }
        Err(error) => return Err(error),
    }
    Ok(ExitCode::SUCCESS)
}
