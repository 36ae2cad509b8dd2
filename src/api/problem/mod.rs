//! Every refusal of the service: one error type, answered as problem details (RFC 9457).
//!
//! Handlers return an [`ApiError`]; [`describe()`] writes the body once the
//! request's language and id are at hand, and logs what is our own fault. It
//! also puts the framework's own refusals into the same form.

pub(crate) mod advice;
pub(crate) mod catalogue;
mod conversions;
mod describe;

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::language::Language;
use super::limiting::seconds;
use crate::documents::Part;
use crate::imaging::ImagingError;
use crate::imaging::quality::Fault;
use crate::ocr::OcrError;
use crate::pipeline::ExtractError;

pub(crate) use catalogue::{ALL, Problem};
pub(crate) use describe::{body, describe};

/// An entry of the catalogue, for those who write about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemEntry {
    /// The stable name.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, in French and in English.
    pub title: [&'static str; 2],
    /// What to do next, in English; `{…}` stands for a member of the problem.
    pub advice: &'static str,
}

/// Lists every problem that a client can be told of.
pub fn problem_catalogue() -> Vec<ProblemEntry> {
    let entry = |problem: &Problem| ProblemEntry {
        code: problem.code,
        status: problem.status,
        title: [problem.title.fr, problem.title.en],
        advice: problem.detail.en,
    };
    ALL.iter().map(entry).collect()
}

/// Why a request is refused or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The body is no JSON object.
    #[error("malformed JSON")]
    MalformedJson,
    /// The JSON body is too long.
    #[error("body too large")]
    BodyTooLarge,
    /// A member of the body is absent or null.
    #[error("the member {0} is missing")]
    MissingMember(&'static str),
    /// A member of the body has the wrong type or holds what it must not.
    #[error("the member {0} is invalid")]
    InvalidMember(&'static str),
    /// A parameter of the query does not have its form.
    #[error("the parameter {0} is invalid")]
    InvalidParameter(&'static str),
    /// The cursor was changed, or belongs to another list.
    #[error("unusable cursor")]
    CursorUnusable,
    /// A member of the body is no column that people correct.
    #[error("not correctable")]
    NotCorrectable {
        /// Those that are.
        columns: Vec<&'static str>,
    },
    /// Another record of the organisation has the number.
    #[error("number taken")]
    NumberTaken,
    /// The record has changed since the caller saw it.
    #[error("stale record")]
    StaleRecord,
    /// The header `Idempotency-Key` does not have its form.
    #[error("invalid idempotency key")]
    IdempotencyKeyInvalid,
    /// The key was used for another request.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// The request of that key is under way.
    #[error("idempotent request under way")]
    IdempotencyUnderWay,
    /// Records of one person are not put together here.
    #[error("person links are off")]
    PersonLinksOff,
    /// The email address has not the form of one.
    #[error("invalid email")]
    InvalidEmail,
    /// The password is too short or too long.
    #[error("password of the wrong length")]
    PasswordLength {
        /// Characters at least.
        minimum: usize,
        /// Characters at most.
        maximum: usize,
    },
    /// The password is among those that are tried first.
    #[error("common password")]
    PasswordCommon,
    /// The refresh token gives no other.
    #[error("unusable refresh token")]
    RefreshTokenUnusable,
    /// No accounts are made here.
    #[error("registration closed")]
    RegistrationClosed,
    /// Accounts are made by invitation here.
    #[error("invitation required")]
    InvitationRequired,
    /// The invitation lets nobody in, or not this address.
    #[error("unusable invitation")]
    InvitationUnusable,
    /// No provider of identity is configured.
    #[error("external sign-in is off")]
    ExternalSignInOff,
    /// The ID token signs nobody in; never says why.
    #[error("unusable identity token")]
    IdentityTokenUnusable,
    /// An account has the address of the identity, and has not linked it.
    #[error("link required")]
    LinkRequired,
    /// The identity is another account's.
    #[error("linked elsewhere")]
    LinkedElsewhere,
    /// Log-ins have failed too often.
    #[error("too many failed log-ins")]
    TooManyAttempts {
        /// Until the next may be tried.
        after: Duration,
    },
    /// A quota is spent.
    #[error("too many requests")]
    TooManyRequests {
        /// Until the next is let in.
        after: Duration,
    },
    /// The caller has too many documents under way.
    #[error("too many documents at once")]
    TooManyAtOnce,
    /// An organisation would be left without an admin.
    #[error("last admin")]
    LastAdmin,
    /// Somebody has registered with that address.
    #[error("email taken")]
    EmailTaken,
    /// Log-in failed; never says why.
    #[error("wrong credentials")]
    WrongCredentials,
    /// No usable token came with the request; never says why.
    #[error("no usable token")]
    Unauthenticated,
    /// The caller may not do this.
    #[error("forbidden")]
    Forbidden,
    /// No such path, or no such object of the caller's.
    #[error("not found")]
    NotFound,
    /// The upload is no readable multipart body.
    #[error("malformed multipart body")]
    MalformedMultipart,
    /// A required part was not sent.
    #[error("the {0:?} part is missing")]
    PartMissing(Part),
    /// A part holds no bytes.
    #[error("the {0:?} part is empty")]
    PartEmpty(Part),
    /// A part was sent more than once.
    #[error("the {0:?} part was sent twice")]
    PartTwice(Part),
    /// A part exceeds its limit.
    #[error("a part is too large")]
    PartTooLarge,
    /// More parts than any client needs.
    #[error("too many parts")]
    TooManyParts,
    /// The body as a whole exceeds its limit.
    #[error("the upload is too large")]
    UploadTooLarge,
    /// The body ended early or came too slowly.
    #[error("the upload was interrupted")]
    UploadInterrupted,
    /// The pictures gave no record.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// Too much is under way.
    #[error("busy")]
    Busy,
    /// A dependency is away.
    #[error("unavailable")]
    Unavailable,
    /// The database takes no writes.
    #[error("read-only")]
    ReadOnly,
    /// A fault of this program.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ApiError {
    /// The entry of the catalogue.
    pub(crate) const fn problem(&self) -> &'static Problem {
        match self {
            Self::MalformedJson => &catalogue::MALFORMED_JSON,
            Self::BodyTooLarge => &catalogue::BODY_TOO_LARGE,
            Self::MissingMember(_) => &catalogue::MISSING_MEMBER,
            Self::InvalidMember(_) => &catalogue::INVALID_MEMBER,
            Self::InvalidParameter(_) => &catalogue::INVALID_PARAMETER,
            Self::CursorUnusable => &catalogue::CURSOR_UNUSABLE,
            Self::NotCorrectable { .. } => &catalogue::NOT_CORRECTABLE,
            Self::NumberTaken => &catalogue::NUMBER_TAKEN,
            Self::StaleRecord => &catalogue::STALE_RECORD,
            Self::IdempotencyKeyInvalid => &catalogue::IDEMPOTENCY_KEY_INVALID,
            Self::IdempotencyKeyReused => &catalogue::IDEMPOTENCY_KEY_REUSED,
            Self::IdempotencyUnderWay => &catalogue::IDEMPOTENCY_UNDER_WAY,
            Self::PersonLinksOff => &catalogue::PERSON_LINKS_OFF,
            Self::InvalidEmail => &catalogue::INVALID_EMAIL,
            Self::PasswordLength { .. } => &catalogue::PASSWORD_LENGTH,
            Self::PasswordCommon => &catalogue::PASSWORD_COMMON,
            Self::RefreshTokenUnusable => &catalogue::REFRESH_TOKEN_UNUSABLE,
            Self::RegistrationClosed => &catalogue::REGISTRATION_CLOSED,
            Self::InvitationRequired => &catalogue::INVITATION_REQUIRED,
            Self::InvitationUnusable => &catalogue::INVITATION_UNUSABLE,
            Self::ExternalSignInOff => &catalogue::EXTERNAL_SIGN_IN_OFF,
            Self::IdentityTokenUnusable => &catalogue::IDENTITY_TOKEN_UNUSABLE,
            Self::LinkRequired => &catalogue::LINK_REQUIRED,
            Self::LinkedElsewhere => &catalogue::LINKED_ELSEWHERE,
            Self::TooManyAttempts { .. } => &catalogue::TOO_MANY_ATTEMPTS,
            Self::TooManyRequests { .. } => &catalogue::TOO_MANY_REQUESTS,
            Self::TooManyAtOnce => &catalogue::TOO_MANY_AT_ONCE,
            Self::LastAdmin => &catalogue::LAST_ADMIN,
            Self::EmailTaken => &catalogue::EMAIL_TAKEN,
            Self::WrongCredentials => &catalogue::WRONG_CREDENTIALS,
            Self::Unauthenticated => &catalogue::UNAUTHENTICATED,
            Self::Forbidden => &catalogue::FORBIDDEN,
            Self::NotFound => &catalogue::NOT_FOUND,
            Self::MalformedMultipart => &catalogue::MALFORMED_MULTIPART,
            Self::PartMissing(_) => &catalogue::PART_MISSING,
            Self::PartEmpty(_) => &catalogue::PART_EMPTY,
            Self::PartTwice(_) => &catalogue::PART_TWICE,
            Self::PartTooLarge => &catalogue::PART_TOO_LARGE,
            Self::TooManyParts => &catalogue::TOO_MANY_PARTS,
            Self::UploadTooLarge => &catalogue::UPLOAD_TOO_LARGE,
            Self::UploadInterrupted => &catalogue::UPLOAD_INTERRUPTED,
            Self::Extract(error) => extraction_problem(error),
            Self::Busy => &catalogue::BUSY,
            Self::Unavailable => &catalogue::UNAVAILABLE,
            Self::ReadOnly => &catalogue::READ_ONLY,
            Self::Internal(_) => &catalogue::INTERNAL,
        }
    }

    /// Members that tell this occurrence from others of the same code.
    fn members(&self, language: Language) -> Vec<(&'static str, Value)> {
        match self {
            Self::MissingMember(member) | Self::InvalidMember(member) => {
                vec![("member", (*member).into())]
            }
            Self::InvalidParameter(parameter) => vec![("parameter", (*parameter).into())],
            Self::NotCorrectable { columns } => vec![("columns", columns.join(", ").into())],
            Self::TooManyAttempts { after } | Self::TooManyRequests { after } => {
                vec![("after", seconds(*after).max(1).into())]
            }
            Self::PasswordLength { minimum, maximum } => {
                vec![("minimum", (*minimum).into()), ("maximum", (*maximum).into())]
            }
            Self::PartMissing(part)
            | Self::PartEmpty(part)
            | Self::PartTwice(part)
            | Self::Extract(
                ExtractError::Image { part, .. } | ExtractError::Quality { part, .. },
            ) => vec![("part", part.name().into())],
            Self::Extract(ExtractError::NotADocument { part, advice }) => {
                vec![("part", part.name().into()), ("advice", advice_of(advice, language))]
            }
            Self::Extract(ExtractError::NumberUnreadable { advice }) => {
                vec![("advice", advice_of(advice, language))]
            }
            Self::Extract(ExtractError::WrongDocument { part, found }) => vec![
                ("part", part.name().into()),
                ("found", (*found).into()),
                ("found_name", catalogue::kind_name(found).in_language(language).into()),
            ],
            _ => Vec::new(),
        }
    }
}

const fn extraction_problem(error: &ExtractError) -> &'static Problem {
    match error {
        ExtractError::Image { source, .. } => match source {
            ImagingError::UnknownFormat => &catalogue::IMAGE_UNDECODABLE,
            ImagingError::Damaged => &catalogue::IMAGE_DAMAGED,
            ImagingError::TooLarge => &catalogue::IMAGE_TOO_MANY_PIXELS,
            ImagingError::TooSmall => &catalogue::IMAGE_TOO_SMALL,
        },
        ExtractError::Quality { fault, .. } => quality_problem(*fault),
        ExtractError::NotADocument { .. } => &catalogue::NOT_A_DOCUMENT,
        ExtractError::WrongDocument { .. } => &catalogue::WRONG_DOCUMENT,
        ExtractError::SameSideTwice => &catalogue::SAME_SIDE_TWICE,
        ExtractError::SideMissing => &catalogue::SIDE_MISSING,
        ExtractError::NumberUnreadable { .. } => &catalogue::NUMBER_UNREADABLE,
        ExtractError::Ocr(OcrError::Deadline) => &catalogue::OCR_DEADLINE,
        ExtractError::Ocr(OcrError::Crashed) => &catalogue::OCR_FAILED,
        ExtractError::Ocr(OcrError::Unavailable) => &catalogue::UNAVAILABLE,
    }
}

/// The problem of a picture that is refused for a fault.
const fn quality_problem(fault: Fault) -> &'static Problem {
    match fault {
        Fault::TooSmall => &catalogue::IMAGE_TOO_SMALL,
        Fault::Blurred => &catalogue::IMAGE_BLURRED,
        Fault::Glare => &catalogue::IMAGE_GLARE,
        Fault::Dark => &catalogue::IMAGE_TOO_DARK,
        // All but the first are advice and refuse nothing by themselves.
        Fault::NoPrint
        | Fault::Cropped
        | Fault::NoOutline
        | Fault::Photocopy
        | Fault::Screenshot => &catalogue::NOT_A_DOCUMENT,
    }
}

/// What is wrong with the pictures and what to do about it.
fn advice_of(advice: &[(Part, Fault)], language: Language) -> Value {
    advice
        .iter()
        .map(|(part, fault)| {
            json!({
                "part": part.name(),
                "fault": fault,
                "advice": advice::text(*fault).in_language(language),
            })
        })
        .collect()
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        // The body is written by `describe`, which knows the request.
        HttpResponse::new(self.status_code())
    }
}
