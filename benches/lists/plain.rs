//! The same list as most would write it: the user of the token looked up in the database,
//! the rows loaded into structs, the structs made JSON at once. What ours is compared with.

use actix_web::error::{ErrorInternalServerError, ErrorUnauthorized};
use actix_web::http::header::AUTHORIZATION;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde::Deserialize;
use wathiqa::documents::DocumentKind;
use wathiqa::documents::cin::Cin;
use wathiqa::store::schema::{cin_data, users};
use wathiqa::store::{OrganisationId, UserId};

use crate::place::{CONNECTIONS, SECRET};

type CinRecord = <Cin as DocumentKind>::Record;
type Pool = r2d2::Pool<Trusting>;

/// Connects, and believes in every connection.
struct Trusting(String);

impl r2d2::ManageConnection for Trusting {
    type Connection = PgConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<PgConnection, ConnectionError> {
        PgConnection::establish(&self.0)
    }

    fn is_valid(&self, _: &mut PgConnection) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, _: &mut PgConnection) -> bool {
        false
    }
}

/// Serves until the process is killed.
pub(crate) fn serve(url: String, port: u16) -> anyhow::Result<()> {
    let pool = r2d2::Pool::builder().max_size(CONNECTIONS).build(Trusting(url))?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(pool.clone()))
            .route("/cin/all", web::get().to(all))
            .route("/static", web::get().to(from_memory))
    });
    let server = server.bind(("127.0.0.1", port))?.run();
    Ok(actix_web::rt::System::new().block_on(server)?)
}

/// What actix-web answers from memory.
async fn from_memory() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(r#"{"status":"ok"}"#)
}

async fn all(request: HttpRequest, pool: web::Data<Pool>) -> actix_web::Result<HttpResponse> {
    let user = user(&request).ok_or_else(|| ErrorUnauthorized("no user"))?;
    let rows = web::block(move || -> anyhow::Result<Vec<CinRecord>> {
        let mut connection = pool.get()?;
        let organisation: OrganisationId = users::table
            .filter(users::id.eq(user))
            .select(users::organisation_id)
            .first(&mut *connection)?;
        let rows = cin_data::table.filter(cin_data::organisation_id.eq(organisation));
        Ok(rows.order(cin_data::id).select(CinRecord::as_select()).load(&mut *connection)?)
    });
    Ok(HttpResponse::Ok().json(rows.await?.map_err(ErrorInternalServerError)?))
}

/// The user of a token with the right signature.
fn user(request: &HttpRequest) -> Option<UserId> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let token = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let (signed, signature) = token.rsplit_once('.')?;
    let key = PKey::hmac(SECRET.as_bytes()).ok()?;
    let mut hmac = Signer::new(MessageDigest::sha256(), &key).ok()?;
    let expected = hmac.sign_oneshot_to_vec(signed.as_bytes()).ok()?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    if signature.len() != expected.len() || !openssl::memcmp::eq(&signature, &expected) {
        return None;
    }
    let claims = BASE64_URL_SAFE_NO_PAD.decode(signed.split_once('.')?.1).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    claims.sub.parse().ok().map(UserId)
}
