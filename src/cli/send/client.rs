//! The service, as one who sends cards sees it.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::card::Pictures;

/// How long the service may take for a card, which may wait for others.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often a card is sent when the service is busy or away.
const TRIES: u32 = 8;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What became of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Read and stored.
    Stored {
        /// The digest of its pictures.
        pictures: String,
        /// The id of its record.
        record: i64,
        /// Whether a person should look at it.
        needs_review: bool,
    },
    /// The service says that these pictures cannot be read.
    Refused {
        /// The digest of its pictures.
        pictures: String,
        /// The code of the problem.
        code: String,
        /// What to do, in words.
        detail: String,
    },
    /// An earlier run sent these very pictures.
    SentBefore,
    /// A file cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
    /// The service failed; the next run tries again.
    Failed {
        /// How.
        why: String,
    },
}

/// Why nothing more can be sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The token opens nothing, or not this.
    #[error("the service does not accept the token: {detail}")]
    Token {
        /// What the service says.
        detail: String,
    },
    /// It stayed away or busy for too long.
    #[error("the service cannot be reached: {why}")]
    Away {
        /// The last that was heard.
        why: String,
    },
    /// The notes cannot be written.
    #[error("the notes cannot be written: {why}")]
    Notes {
        /// Why.
        why: String,
    },
}

/// What came of one try.
enum Try {
    Over(Fate),
    /// To be tried again, after so long where the service said so.
    Again(String, Option<Duration>),
}

/// A client of one service, for one kind of document.
pub(super) struct Client {
    http: reqwest::Client,
    address: String,
    token: SecretString,
}

impl Client {
    /// Prepares a client.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub(super) fn new(to: &Url, kind: &str, token: SecretString) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            // A redirect would take cards and token to another place.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let address = format!("{}/{kind}/process", to.as_str().trim_end_matches('/'));
        Ok(Self { http, address, token })
    }

    /// Has a card read. The same `pictures` digest gives the same answer, however often it
    /// is asked for.
    ///
    /// # Errors
    ///
    /// [`Stop`] when no other card would fare better.
    pub(super) async fn process(&self, card: Pictures, pictures: String) -> Result<Fate, Stop> {
        let mut heard = String::new();
        for turn in 0..TRIES {
            match self.send(&card, &pictures).await? {
                Try::Over(fate) => return Ok(fate),
                Try::Again(why, after) => {
                    heard = why;
                    let wait = after.unwrap_or(Duration::from_millis(500) * 2_u32.pow(turn));
                    tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
                }
            }
        }
        Err(Stop::Away { why: heard })
    }

    async fn send(&self, card: &Pictures, pictures: &str) -> Result<Try, Stop> {
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("picture");
        let mut form = Form::new().part("recto", part(&card.recto));
        if let Some(verso) = &card.verso {
            form = form.part("verso", part(verso));
        }
        let request = self
            .http
            .post(&self.address)
            .bearer_auth(self.token.expose_secret())
            .header("Idempotency-Key", pictures)
            .multipart(form);
        match request.send().await {
            Ok(answer) => understand(answer, pictures).await,
            Err(error) => Ok(Try::Again(without_address(error), None)),
        }
    }
}

async fn understand(answer: Response, pictures: &str) -> Result<Try, Stop> {
    let (status, after) = (answer.status(), retry_after(answer.headers()));
    let body: Value = match answer.json().await {
        Ok(body) => body,
        Err(error) if status == StatusCode::OK => {
            return Ok(Try::Again(without_address(error), None));
        }
        Err(_) => Value::Null,
    };
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    let pictures = pictures.to_owned();
    Ok(match status {
        StatusCode::OK => match body["id"].as_i64() {
            Some(record) => {
                let needs_review = body["status"] == "needs_review";
                Try::Over(Fate::Stored { pictures, record, needs_review })
            }
            None => Try::Over(Fate::Failed { why: "an answer without a record".to_owned() }),
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            return Err(Stop::Token { detail: text("detail") });
        }
        StatusCode::BAD_REQUEST => {
            Try::Over(Fate::Refused { pictures, code: text("code"), detail: text("detail") })
        }
        // 409: the same request of a run that was cut off is still under way.
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Try::Again(format!("{status}: {}", text("detail")), after)
        }
        _ => Try::Over(Fate::Failed { why: status.to_string() }),
    })
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The error in words, down to its cause.
fn without_address(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
