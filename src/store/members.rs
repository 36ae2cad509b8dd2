//! An organisation and its members, as those who belong to it see them.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use serde::Serialize;

use crate::store::schema::{organisations, users};
use crate::store::{OrganisationId, Role, StoreError, UserId};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = organisations, check_for_backend(diesel::pg::Pg))]
pub struct Organisation {
    /// Its key.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Days after which a record that was not recorded again is erased; null keeps them.
    pub retention_days: Option<i32>,
}

/// Changes of an organisation: `None` leaves a member, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct OrganisationChanges {
    /// The name.
    pub name: Option<String>,
    /// The retention period in days.
    pub retention_days: Option<Option<i32>>,
}

/// A member as others of the organisation see it.
#[derive(Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct Member {
    /// The user.
    pub id: UserId,
    /// The address.
    pub email: Option<String>,
    /// The name to show.
    pub full_name: Option<String>,
    /// What the member is.
    pub role: Role,
    /// When the account was made; unknown for accounts of the old application.
    pub created_at: Option<DateTime<Utc>>,
    /// The latest log-in.
    #[serde(rename = "last_login")]
    pub last_login_at: Option<DateTime<Utc>>,
}

/// What became of a change to a member.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// It was made; this is the member as it is now, or was before it was removed.
    Made(Member),
    /// The organisation has no such member.
    Unknown,
    /// It would leave the organisation without an admin.
    LastAdmin,
}

/// Finds an organisation.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Option<Organisation>, StoreError> {
    let found = organisations::table.find(organisation).select(Organisation::as_select());
    Ok(found.first(connection).optional()?)
}

/// Saves changes of an organisation; to be called within a transaction.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn update_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    changes: &OrganisationChanges,
) -> Result<Option<Organisation>, StoreError> {
    let row = organisations::table.find(organisation);
    if let Some(name) = &changes.name {
        diesel::update(row).set(organisations::name.eq(name)).execute(connection)?;
    }
    if let Some(days) = changes.retention_days {
        diesel::update(row)
            .set((organisations::retention_days.eq(days), organisations::retention_set_at.eq(now)))
            .execute(connection)?;
    }
    find_organisation(connection, organisation)
}

/// Lists the members of an organisation, by id.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<Member>, StoreError> {
    Ok(users::table
        .filter(users::organisation_id.eq(organisation))
        .order(users::id)
        .select(Member::as_select())
        .load(connection)?)
}

/// Gives a member another role; to be called within a transaction.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn set_role(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    user: UserId,
    role: Role,
) -> Result<Change, StoreError> {
    let member = match lock(connection, organisation, user, role == Role::Admin)? {
        Change::Made(member) => member,
        other => return Ok(other),
    };
    if member.role == role {
        return Ok(Change::Made(member));
    }
    let changed = diesel::update(users::table.find(user))
        .set(users::role.eq(role))
        .returning(Member::as_returning())
        .get_result(connection)?;
    Ok(Change::Made(changed))
}

/// Removes a member with the account; the records stay. To be called within a transaction.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn remove(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Change, StoreError> {
    let member = lock(connection, organisation, user, false)?;
    if let Change::Made(_) = member {
        diesel::delete(users::table.find(user)).execute(connection)?;
    }
    Ok(member)
}

/// Finds a member, unless it is the only admin and does not remain one. The admins are
/// locked, so that two of them cannot step down at once.
fn lock(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    user: UserId,
    remains_admin: bool,
) -> Result<Change, StoreError> {
    let admins = users::table
        .filter(users::organisation_id.eq(organisation))
        .filter(users::role.eq(Role::Admin))
        .order(users::id)
        .select(users::id)
        .for_update()
        .load::<UserId>(connection)?;
    let member = users::table
        .filter(users::organisation_id.eq(organisation))
        .filter(users::id.eq(user))
        .select(Member::as_select())
        .for_update()
        .first::<Member>(connection)
        .optional()?;
    Ok(match member {
        None => Change::Unknown,
        Some(_) if !remains_admin && admins == [user] => Change::LastAdmin,
        Some(member) => Change::Made(member),
    })
}

/// How long an organisation keeps its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Days.
    pub days: i32,
    /// Since when.
    pub set_at: DateTime<Utc>,
}

/// Lists the organisations that do not keep their records for ever.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn list_retentions(connection: &mut PgConnection) -> Result<Vec<Retention>, StoreError> {
    let rows = organisations::table
        .filter(organisations::retention_days.is_not_null())
        .order(organisations::id)
        .select((
            organisations::id,
            organisations::retention_days.assume_not_null(),
            organisations::retention_set_at,
            organisations::created_at,
        ))
        .load::<(OrganisationId, i32, Option<DateTime<Utc>>, DateTime<Utc>)>(connection)?;
    let retention = |(organisation, days, set_at, created_at): (_, _, Option<_>, _)| Retention {
        organisation,
        days,
        set_at: set_at.unwrap_or(created_at),
    };
    Ok(rows.into_iter().map(retention).collect())
}
