//! The organisation, its members, keys and audit, described.

use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::super::audit::LIMIT_MAXIMUM;
use super::super::body::{CLEAN, TEXT_LIMIT};
use super::super::keys::DAYS_MAXIMUM;
use super::super::organisation::RETENTION_MAXIMUM;
use super::super::problem::catalogue;
use super::accounts::{email, message};
use super::operation::{Operation, delete, get, patch, post};
use super::records::whole;
use super::shapes::{
    Shape, any_object, array, bounded, filled, id, map, moment, nullable, nullable_moment,
    nullable_text, object, one_of, text,
};
use crate::auth::Permission;
use crate::documents::{DocumentKind, KindVisitor, visit_kinds};
use crate::store::Role;
use crate::store::audit::Action;

/// The operations of the organisation.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = Vec::from(members());
    operations.extend(invitations());
    operations.extend(keys());
    operations.extend([
        get("/organisation", "L'organisation").answers(200, shown()),
        patch("/organisation", "Change son nom ou la durée de conservation")
            .takes(
                object([("name?", name().into()), ("retention_days?", retention().into())])
                    .title(Some("OrganisationChanges")),
            )
            .answers(200, shown())
            .writes(),
        audit(),
        export(),
    ]);
    operations
}

fn members() -> [Operation; 3] {
    let path = "/organisation/members/{id}";
    let number = || bounded(1, i32::MAX.into());
    [
        get("/organisation/members", "Les membres").answers(200, array(member())),
        patch(path, "Change le rôle d'un membre")
            .part("id", number())
            .takes(object([("role", role().into())]).title(Some("RoleChange")))
            .answers(200, member())
            .refuses(&[&catalogue::MISSING_MEMBER, &catalogue::LAST_ADMIN])
            .writes(),
        delete(path, "Retire un membre avec son compte ; ses documents restent")
            .part("id", number())
            .answers_nothing(204)
            .refuses(&[&catalogue::LAST_ADMIN])
            .writes(),
    ]
}

fn invitations() -> [Operation; 3] {
    let path = "/organisation/invitations";
    let body = object([("email", email().into()), ("role", role().into())])
        .title(Some("InvitationRequest"));
    let made = invitation()
        .title(Some("NewInvitation"))
        .property("token", text())
        .required("token")
        .property("link", text().description(Some("Quand l'adresse du client web est réglée")));
    [
        get(path, "Les invitations ouvertes")
            .answers(200, array(invitation().title(Some("Invitation")))),
        post(path, "Invite une adresse ; le jeton n'est montré qu'ici")
            .takes(body)
            .answers(201, made)
            .refuses(&[
                &catalogue::MISSING_MEMBER,
                &catalogue::INVALID_EMAIL,
                &catalogue::EMAIL_TAKEN,
            ])
            .writes(),
        delete(format!("{path}/{{id}}"), "Retire une invitation")
            .part("id", id())
            .answers(200, message())
            .writes(),
    ]
}

fn keys() -> [Operation; 3] {
    let path = "/organisation/keys";
    let days = nullable(bounded(1, DAYS_MAXIMUM), Type::Integer);
    let body = object([
        ("name", name().into()),
        ("scopes", array(scope()).min_items(Some(1)).into()),
        ("expires_in_days?", days.description(Some("90 quand rien n'est dit")).into()),
    ])
    .title(Some("KeyRequest"));
    let made = key().title(Some("NewKey")).property("key", text()).required("key");
    [
        get(path, "Les clés des serveurs").answers(200, array(key().title(Some("Key")))),
        post(path, "Crée une clé ; elle n'est montrée qu'ici")
            .takes(body)
            .answers(201, made)
            .refuses(&[&catalogue::MISSING_MEMBER])
            .writes(),
        delete(format!("{path}/{{id}}"), "Révoque une clé")
            .part("id", id())
            .answers_nothing(204)
            .writes(),
    ]
}

fn audit() -> Operation {
    let next = nullable(id(), Type::Integer).description(Some("`before` de la page suivante"));
    let limit =
        format!("Nombre d'entrées ; 100 quand rien n'est dit, ramené entre 1 et {LIMIT_MAXIMUM}");
    // Any number is taken, and none beyond these can be told.
    let place = || bounded(i64::MIN, i64::MAX).maximum(Some(isize::MAX));
    get("/organisation/audit", "Le journal, le plus récent d'abord")
        .asks("before", "Les entrées avant ce rang", place())
        .asks("limit", &limit, place())
        .answers(
            200,
            object([("entries", array(entry()).into()), ("next", next.into())])
                .title(Some("AuditPage")),
        )
        .refuses(&[&catalogue::INVALID_MEMBER, &catalogue::BAD_REQUEST])
}

fn export() -> Operation {
    let number = text()
        .pattern(Some(r"^\s*([A-Za-z0-9]\s*){1,20}$"))
        .examples(["BK 123456"])
        .description(Some("Le numéro de la carte nationale ; dans le corps, pas dans l'adresse"));
    let mut kinds = Kinds(any_object().title(Some("ExportedRecords")));
    visit_kinds(&mut kinds);
    post("/exports/person", "Tout ce qui est conservé d'une personne (loi 09-08, article 7)")
        .takes(object([("cin", number.into())]).title(Some("PersonRequest")))
        .answers(
            200,
            object([("exported_at", moment().into()), ("records", kinds.0.into())])
                .title(Some("PersonExport")),
        )
        .refuses(&[&catalogue::MISSING_MEMBER])
        .writes()
}

/// The records of an export, by kind.
struct Kinds(ObjectBuilder);

impl KindVisitor for Kinds {
    fn visit<K: DocumentKind>(&mut self) {
        let version = object([
            ("state", any_object().into()),
            ("replaced_at", moment().into()),
            ("replaced_by", nullable(id(), Type::Integer).into()),
        ])
        .title(Some("ExportedVersion"));
        let record = whole()
            .title(Some("ExportedRecord"))
            .property("versions", array(version))
            .property("audit", array(entry()))
            .property("images", map(text()).description(Some("JPEG en Base64, par face")))
            .required("versions")
            .required("audit")
            .required("images");
        let kinds = std::mem::replace(&mut self.0, any_object());
        self.0 = kinds.property(K::SLUG, array(record)).required(K::SLUG);
    }
}

/// An entry of the audit.
fn entry() -> Shape {
    let actions: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    object([
        ("sequence", id().into()),
        ("at", moment().into()),
        ("actor", one_of(&["user", "key", "operator", "service", "nobody"]).into()),
        ("actor_id", nullable(id(), Type::Integer).into()),
        ("action", one_of(&actions).into()),
        ("subject", nullable_text().into()),
        ("subject_id", nullable(id(), Type::Integer).into()),
        ("network", nullable_text().into()),
        ("request_id", nullable_text().into()),
        ("details", any_object().into()),
    ])
    .title(Some("AuditEntry"))
    .into()
}

fn shown() -> Shape {
    object([
        ("id", id().into()),
        ("name", text().into()),
        ("created_at", moment().into()),
        ("retention_days", retention().into()),
    ])
    .title(Some("Organisation"))
    .into()
}

fn retention() -> ObjectBuilder {
    nullable(bounded(1, RETENTION_MAXIMUM), Type::Integer)
        .description(Some("Jours de conservation ; nul : sans fin"))
}

fn member() -> Shape {
    object([
        ("id", id().into()),
        ("email", nullable_text().into()),
        ("full_name", nullable_text().into()),
        ("role", role().into()),
        ("created_at", nullable_moment().into()),
        ("last_login", nullable_moment().into()),
    ])
    .title(Some("Member"))
    .into()
}

fn invitation() -> ObjectBuilder {
    object([
        ("id", id().into()),
        ("email", text().into()),
        ("role", role().into()),
        ("created_at", moment().into()),
        ("expires_at", moment().into()),
    ])
}

fn key() -> ObjectBuilder {
    object([
        ("id", id().into()),
        ("name", text().into()),
        ("prefix", text().into()),
        ("scopes", array(scope()).into()),
        ("created_by", nullable(id(), Type::Integer).into()),
        ("created_at", moment().into()),
        ("expires_at", moment().into()),
        ("last_used_at", nullable_moment().into()),
        ("revoked_at", nullable_moment().into()),
    ])
}

/// A text to be shown; blanks alone are none.
fn name() -> ObjectBuilder {
    filled(TEXT_LIMIT).pattern(Some(CLEAN))
}

fn role() -> ObjectBuilder {
    one_of(&Role::ALL.map(Role::as_str))
}

/// What a key may be let do.
fn scope() -> ObjectBuilder {
    let for_keys = Permission::ALL.into_iter().filter(|permission| permission.is_for_keys());
    one_of(&for_keys.map(Permission::as_str).collect::<Vec<_>>())
}
