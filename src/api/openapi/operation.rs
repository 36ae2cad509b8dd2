//! One operation in words, and what its access adds to it.

use utoipa::openapi::path::{
    HttpMethod, Operation as Described, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Required, ResponseBuilder};

use super::super::gate::Access;
use super::super::problem::{Problem, catalogue};
use super::names::Names;
use super::problems::{self, header, is_limited};
use super::shapes::{Shape, text};
use crate::auth::Permission;

/// The name of the security scheme.
pub(super) const BEARER: &str = "bearer";

/// One operation.
pub(super) struct Operation {
    pub(super) method: HttpMethod,
    pub(super) path: String,
    summary: &'static str,
    parameters: Vec<Parameter>,
    /// Content type and schema.
    body: Option<(&'static str, Shape)>,
    /// Each status with the content types and schemas of its answer; none of these for an
    /// answer without a body.
    answers: Vec<(u16, Vec<(&'static str, Shape)>)>,
    headers: Vec<&'static str>,
    refusals: Vec<&'static Problem>,
    looks_at_token: bool,
}

/// A `GET`.
pub(super) fn get(path: impl Into<String>, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Get, path, summary)
}

/// A `POST`.
pub(super) fn post(path: impl Into<String>, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Post, path, summary)
}

/// A `PUT`.
pub(super) fn put(path: impl Into<String>, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Put, path, summary)
}

/// A `PATCH`.
pub(super) fn patch(path: impl Into<String>, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Patch, path, summary)
}

/// A `DELETE`.
pub(super) fn delete(path: impl Into<String>, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Delete, path, summary)
}

impl Operation {
    fn new(method: HttpMethod, path: impl Into<String>, summary: &'static str) -> Self {
        Self {
            method,
            path: path.into(),
            summary,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            headers: Vec::new(),
            refusals: Vec::new(),
            looks_at_token: false,
        }
    }

    /// A part of the path. What does not have its form is not there.
    pub(super) fn part(mut self, name: &str, shape: impl Into<Shape>) -> Self {
        let part = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(shape));
        self.parameters.push(part.build());
        self.refuses(&[&catalogue::NOT_FOUND])
    }

    /// A parameter of the query, which may be left out.
    pub(super) fn asks(self, name: &str, about: &str, shape: impl Into<Shape>) -> Self {
        self.with(ParameterIn::Query, Required::False, name, about, shape)
    }

    /// A parameter of the query, which may not.
    pub(super) fn needs(self, name: &str, about: &str, shape: impl Into<Shape>) -> Self {
        self.with(ParameterIn::Query, Required::True, name, about, shape)
    }

    /// A header of the request, which may be left out.
    pub(super) fn header(self, name: &str, about: &str, shape: impl Into<Shape>) -> Self {
        self.with(ParameterIn::Header, Required::False, name, about, shape)
    }

    fn with(
        mut self,
        place: ParameterIn,
        required: Required,
        name: &str,
        about: &str,
        shape: impl Into<Shape>,
    ) -> Self {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(required)
            .description(Some(about))
            .schema(Some(shape));
        self.parameters.push(parameter.build());
        self
    }

    /// A JSON body, with the problems that any may have.
    pub(super) fn takes(mut self, shape: impl Into<Shape>) -> Self {
        self.body = Some(("application/json", shape.into()));
        self.refuses(&[
            &catalogue::MALFORMED_JSON,
            &catalogue::BODY_TOO_LARGE,
            &catalogue::UPLOAD_INTERRUPTED,
            &catalogue::INVALID_MEMBER,
        ])
    }

    /// A multipart body of pictures, with the problems that any may have.
    pub(super) fn uploads(mut self, shape: impl Into<Shape>) -> Self {
        self.body = Some(("multipart/form-data", shape.into()));
        self.refuses(&[
            &catalogue::MALFORMED_MULTIPART,
            &catalogue::PART_EMPTY,
            &catalogue::PART_TWICE,
            &catalogue::PART_TOO_LARGE,
            &catalogue::TOO_MANY_PARTS,
            &catalogue::UPLOAD_TOO_LARGE,
            &catalogue::UPLOAD_INTERRUPTED,
            &catalogue::IMAGE_UNDECODABLE,
            &catalogue::IMAGE_DAMAGED,
            &catalogue::IMAGE_TOO_MANY_PIXELS,
            &catalogue::IMAGE_TOO_SMALL,
            &catalogue::BUSY,
        ])
    }

    /// An answer in JSON.
    pub(super) fn answers(self, status: u16, shape: impl Into<Shape>) -> Self {
        self.answers_in(status, "application/json", shape)
    }

    /// An answer of another content type, or in another one than JSON.
    pub(super) fn answers_in(
        mut self,
        status: u16,
        content_type: &'static str,
        shape: impl Into<Shape>,
    ) -> Self {
        let content = (content_type, shape.into());
        match self.answers.iter_mut().find(|(known, _)| *known == status) {
            Some((_, contents)) => contents.push(content),
            None => self.answers.push((status, vec![content])),
        }
        self
    }

    /// A tag on what it answers, by which a client learns that it has the answer already.
    pub(super) fn tagged(mut self) -> Self {
        let asked = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Les `ETag` des réponses que le client a déjà, ou `*`"))
            .schema(Some(text()));
        self.parameters.push(asked.build());
        self.answers_nothing(304).sends("ETag").sends("Cache-Control").sends("Vary")
    }

    /// An answer without a body.
    pub(super) fn answers_nothing(mut self, status: u16) -> Self {
        self.answers.push((status, Vec::new()));
        self
    }

    /// A header of every answer that is no refusal.
    pub(super) fn sends(mut self, name: &'static str) -> Self {
        self.headers.push(name);
        self
    }

    /// Problems beyond those of the access, the path and the body.
    pub(super) fn refuses(mut self, problems: &[&'static Problem]) -> Self {
        self.refusals.extend(problems);
        self
    }

    /// What is written may find the database away, or taking no writes.
    pub(super) fn writes(self) -> Self {
        self.refuses(&[&catalogue::UNAVAILABLE, &catalogue::READ_ONLY])
    }

    /// A token is not asked for, and looked at where it comes along.
    pub(super) fn looks_at_token(mut self) -> Self {
        self.looks_at_token = true;
        self
    }

    /// The description, with what `access` adds; shapes with a name go into `names`.
    pub(super) fn describe(mut self, access: Access, tag: &str, names: &mut Names) -> Described {
        let taken = self.body.iter_mut().map(|(_, shape)| shape);
        let answered = self.answers.iter_mut().flat_map(|(_, contents)| contents);
        taken.chain(answered.map(|(_, shape)| shape)).for_each(|shape| names.settle(shape));
        let mut described = OperationBuilder::new()
            .tag(tag)
            .summary(Some(self.summary))
            .operation_id(Some(self.id()))
            .parameters(Some(self.parameters))
            .request_body(self.body.map(|(content_type, shape)| body(content_type, shape)));
        for (status, contents) in self.answers {
            let mut answer = ResponseBuilder::new()
                .description(match status {
                    304 => "Le client a déjà cette réponse",
                    ..400 => "Succès",
                    _ => "Non prêt",
                })
                .header_ref("X-Request-Id", header("X-Request-Id"));
            if is_limited(access) {
                answer = answer
                    .header_ref("RateLimit", header("RateLimit"))
                    .header_ref("RateLimit-Policy", header("RateLimit-Policy"));
            }
            if status == 503 {
                answer = answer.header_ref("Retry-After", header("Retry-After"));
            }
            for name in &self.headers {
                answer = answer.header_ref(*name, header(name));
            }
            for (content_type, shape) in contents {
                let content = ContentBuilder::new().schema(Some(shape)).build();
                answer = answer.content(content_type, content);
            }
            described = described.response(status.to_string(), answer);
        }
        let mut refusals = self.refusals;
        refusals.extend(asked(access));
        for (status, answer) in problems::answers(&refusals, access) {
            described = described.response(status.to_string(), answer);
        }
        let bearer = SecurityRequirement::new(BEARER, [""; 0]);
        if !access.is_public() {
            described = described.security(bearer);
        } else if self.looks_at_token {
            described = described.securities(Some([SecurityRequirement::default(), bearer]));
        }
        described.build()
    }

    /// The method and the words of the path, which programs can use as a name.
    fn id(&self) -> String {
        let words = self.path.split(|letter: char| !letter.is_ascii_alphanumeric());
        let method = self.method_name().to_ascii_lowercase();
        words.filter(|word| !word.is_empty()).fold(method, |id, word| id + "_" + word)
    }

    /// The method as the table spells it.
    pub(super) fn method_name(&self) -> &'static str {
        match self.method {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Patch => "PATCH",
            HttpMethod::Delete => "DELETE",
            HttpMethod::Options => "OPTIONS",
            HttpMethod::Head => "HEAD",
            HttpMethod::Trace => "TRACE",
        }
    }
}

/// The problems of whatever asks so much of its caller.
fn asked(access: Access) -> Vec<&'static Problem> {
    let mut asked = Vec::new();
    if is_limited(access) {
        asked.push(&catalogue::TOO_MANY_REQUESTS);
    }
    if !access.is_public() {
        asked.extend([&catalogue::UNAUTHENTICATED, &catalogue::FORBIDDEN, &catalogue::UNAVAILABLE]);
    }
    if access == Access::May(Permission::Process) {
        asked.push(&catalogue::TOO_MANY_AT_ONCE);
    }
    asked
}

fn body(content_type: &str, shape: Shape) -> RequestBody {
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content(content_type, ContentBuilder::new().schema(Some(shape)).build())
        .build()
}
