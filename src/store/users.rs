//! Accounts: who may log in, and the organisation that each belongs to.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;

use crate::store::schema::{organisations, users};
use crate::store::{OrganisationId, Role, StoreError, UserId};

diesel::define_sql_function! {
    /// Folds case as the database does, so that its unique key and a lookup agree.
    fn lower(text: Text) -> Text;
}

/// An account that is not stored yet.
#[derive(Clone)]
pub struct NewUser {
    /// The address as its owner writes it; unique without regard to case.
    pub email: String,
    /// A PHC string; none for an account that signs in elsewhere.
    pub hashed_password: Option<String>,
    /// The name to show.
    pub full_name: Option<String>,
}

/// What a log-in needs of an account.
pub struct Credentials {
    /// The user.
    pub membership: Membership,
    /// The stored hash: argon2id, or bcrypt of the old application.
    pub hashed_password: String,
}

/// Whom a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct Membership {
    /// The user.
    #[diesel(column_name = id)]
    pub user: UserId,
    /// The organisation whose records the user sees.
    #[diesel(column_name = organisation_id)]
    pub organisation: OrganisationId,
    /// What the user is there.
    pub role: Role,
    /// Whether the user operates this service and may look at its insides.
    pub is_administrator: bool,
    /// The version that a token of this service must carry.
    pub token_version: i32,
    /// Tokens without a version are void that were issued before.
    pub tokens_valid_from: Option<DateTime<Utc>>,
}

/// What users see of their own account.
#[derive(Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct Profile {
    /// The user.
    pub id: UserId,
    /// The address.
    pub email: Option<String>,
    /// The name to show.
    pub full_name: Option<String>,
    /// A telephone number, as typed.
    pub phone: Option<String>,
    /// A postal address.
    pub address: Option<String>,
    /// What the user does.
    pub job_title: Option<String>,
    /// Where in the organisation.
    pub department: Option<String>,
    /// When the account was made; unknown for accounts of the old application.
    pub created_at: Option<DateTime<Utc>>,
    /// The latest log-in.
    #[serde(rename = "last_login")]
    pub last_login_at: Option<DateTime<Utc>>,
}

/// Changes to a profile: `None` leaves a member, `Some(None)` empties it.
#[derive(Default, AsChangeset)]
#[diesel(table_name = users)]
pub struct ProfileChanges {
    /// The name to show.
    pub full_name: Option<Option<String>>,
    /// A telephone number.
    pub phone: Option<Option<String>>,
    /// A postal address.
    pub address: Option<Option<String>>,
    /// What the user does.
    pub job_title: Option<Option<String>>,
    /// Where in the organisation.
    pub department: Option<Option<String>>,
}

impl ProfileChanges {
    /// Whether nothing changes.
    pub const fn is_empty(&self) -> bool {
        self.full_name.is_none()
            && self.phone.is_none()
            && self.address.is_none()
            && self.job_title.is_none()
            && self.department.is_none()
    }
}

/// Finds the account with that address: as spelled if there is one, else
/// without regard to case.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_by_email(
    connection: &mut PgConnection,
    email: &str,
) -> Result<Option<Credentials>, StoreError> {
    let found = users::table
        .filter(lower(users::email.assume_not_null()).eq(lower(email)))
        .order((users::email.eq(email).desc(), users::id))
        .select((Membership::as_select(), users::hashed_password))
        .first::<(Membership, Option<String>)>(connection)
        .optional()?;
    Ok(found.map(|(membership, hash)| Credentials {
        membership,
        hashed_password: hash.unwrap_or_default(),
    }))
}

/// Makes an account in an organisation of its own, which it runs; to be called within a
/// transaction.
///
/// # Errors
///
/// [`StoreError::Conflict`] when the address is known, whatever its case.
pub fn register(connection: &mut PgConnection, user: &NewUser) -> Result<Membership, StoreError> {
    refuse_known(connection, &user.email)?;
    let organisation = diesel::insert_into(organisations::table)
        .values(organisations::name.eq(&user.email))
        .returning(organisations::id)
        .get_result::<OrganisationId>(connection)?;
    insert(connection, user, organisation, Role::Admin)
}

/// Makes an account in an organisation that exists; to be called within a transaction.
///
/// # Errors
///
/// [`StoreError::Conflict`] when the address is known, whatever its case.
pub fn join(
    connection: &mut PgConnection,
    user: &NewUser,
    organisation: OrganisationId,
    role: Role,
) -> Result<Membership, StoreError> {
    refuse_known(connection, &user.email)?;
    insert(connection, user, organisation, role)
}

/// Accounts that the old application makes meanwhile carry no folded key, so the unique
/// constraint alone would not see them.
fn refuse_known(connection: &mut PgConnection, email: &str) -> Result<(), StoreError> {
    match find_by_email(connection, email)? {
        Some(_) => Err(StoreError::Conflict { constraint: Some("users_email_folded_key".into()) }),
        None => Ok(()),
    }
}

fn insert(
    connection: &mut PgConnection,
    user: &NewUser,
    organisation: OrganisationId,
    role: Role,
) -> Result<Membership, StoreError> {
    Ok(diesel::insert_into(users::table)
        .values((
            users::email.eq(&user.email),
            users::email_folded.eq(lower(&user.email).nullable()),
            users::hashed_password.eq(&user.hashed_password),
            users::full_name.eq(&user.full_name),
            users::organisation_id.eq(organisation),
            users::role.eq(role),
        ))
        .returning(Membership::as_returning())
        .get_result(connection)?)
}

/// Finds the organisation and the role of a user; none once it is deleted.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_membership(
    connection: &mut PgConnection,
    user: UserId,
) -> Result<Option<Membership>, StoreError> {
    Ok(users::table.find(user).select(Membership::as_select()).first(connection).optional()?)
}

/// Finds what a user sees of the own account.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_profile(
    connection: &mut PgConnection,
    user: UserId,
) -> Result<Option<Profile>, StoreError> {
    Ok(users::table.find(user).select(Profile::as_select()).first(connection).optional()?)
}

/// Saves changes of a profile and returns it as it is then; none when the
/// user is deleted.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn update_profile(
    connection: &mut PgConnection,
    user: UserId,
    changes: &ProfileChanges,
) -> Result<Option<Profile>, StoreError> {
    if changes.is_empty() {
        return find_profile(connection, user);
    }
    Ok(diesel::update(users::table.find(user))
        .set(changes)
        .returning(Profile::as_returning())
        .get_result(connection)
        .optional()?)
}

/// Notes a log-in, and saves the password's better hash if one was made.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn record_login(
    connection: &mut PgConnection,
    user: UserId,
    better_hash: Option<&str>,
) -> Result<(), StoreError> {
    let now = diesel::dsl::now;
    let row = users::table.find(user);
    match better_hash {
        None => diesel::update(row).set(users::last_login_at.eq(now)).execute(connection)?,
        Some(hash) => diesel::update(row)
            .set((users::last_login_at.eq(now), users::hashed_password.eq(hash)))
            .execute(connection)?,
    };
    Ok(())
}

/// Saves a new password and ends every token of the account; returns what its tokens
/// must be from now on.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn change_password(
    connection: &mut PgConnection,
    user: UserId,
    hash: &str,
) -> Result<Option<Membership>, StoreError> {
    Ok(diesel::update(users::table.find(user))
        .set((
            users::hashed_password.eq(hash),
            users::token_version.eq(users::token_version + 1),
            users::tokens_valid_from.eq(diesel::dsl::now),
        ))
        .returning(Membership::as_returning())
        .get_result(connection)
        .optional()?)
}

/// Finds the stored hash of a user's password; none where there is no account or no password.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn find_hash(
    connection: &mut PgConnection,
    user: UserId,
) -> Result<Option<String>, StoreError> {
    let found = users::table.find(user).select(users::hashed_password);
    Ok(found.first::<Option<String>>(connection).optional()?.flatten())
}

/// Makes an account an operator of this service, or an ordinary one; returns it when the
/// address is known.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn set_administrator(
    connection: &mut PgConnection,
    email: &str,
    is_administrator: bool,
) -> Result<Option<Membership>, StoreError> {
    let Some(account) = find_by_email(connection, email)? else { return Ok(None) };
    Ok(Some(
        diesel::update(users::table.find(account.membership.user))
            .set(users::is_administrator.eq(is_administrator))
            .returning(Membership::as_returning())
            .get_result(connection)?,
    ))
}
