//! The service put together: state, middleware, limits, start and stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};
use tracing_actix_web::TracingLogger;

use super::answers::Answers;
use super::chores;
use super::compression::compress;
use super::edge::{self, RequestSpan};
use super::freshness::Generations;
use super::limiting::Quotas;
use super::lists::Ready;
use super::metrics::Metrics;
use super::quality::Turns;
use super::request_id::X_REQUEST_ID;
use super::routes;
use super::upload::UploadBudget;
use crate::auth::oidc::{OidcError, OidcVerifier};
use crate::auth::{KeyError, Passwords, Sessions};
use crate::cache::Cache;
use crate::config::{Config, Environment, HttpConfig, Registration};
use crate::ocr::{OcrError, OcrPool};
use crate::store::audit::{Reads, Trail};
use crate::store::{OrganisationId, Store};
use crate::vault::{Vault, VaultError};

/// How long a deployment that is told to stop goes on accepting while `/ready`
/// answers 503, so that balancers have seen it before connections are refused.
const STOP_NOTICE: Duration = Duration::from_secs(3);
/// How long queries under way may take when nobody waits for them any more.
const QUERY_GRACE: Duration = Duration::from_secs(5);

/// How long a connection may idle. Longer than balancers keep theirs (60 s is
/// usual), so that none is closed while a request is on its way to it.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take over the head of a request.
const HEAD_WAIT: Duration = Duration::from_secs(5);
/// How long a client that was refused early may go on sending before its
/// connection is cut, so that it reads the refusal rather than a reset.
const LINGER: Duration = Duration::from_secs(5);

/// Why the service could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The OCR workers do not start.
    #[error("the OCR workers cannot be started: {0}")]
    Ocr(#[from] OcrError),
    /// The listener cannot be used.
    #[error("cannot listen: {0}")]
    Listen(#[from] io::Error),
    /// There is nothing to sign tokens with.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The keys at rest cannot be derived.
    #[error("the keys at rest cannot be set up: {0}")]
    Vault(#[from] VaultError),
    /// The provider of identity cannot be asked.
    #[error("external sign-in cannot be set up: {0}")]
    Oidc(#[from] OidcError),
    /// The metrics cannot be set up.
    #[error("the metrics cannot be set up: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// What handlers share.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) passwords: Passwords,
    pub(crate) sessions: Sessions,
    pub(crate) ocr: OcrPool,
    pub(crate) uploads: UploadBudget,
    /// Turns for judging pictures.
    pub(crate) quality: Turns,
    pub(crate) metrics: Metrics,
    pub(crate) metrics_token: Option<SecretString>,
    pub(crate) password_minimum: usize,
    pub(crate) registration: Registration,
    /// The keys at rest.
    pub(crate) vault: Vault,
    /// The audit of what is written.
    pub(crate) trail: Trail,
    /// The audit of what is looked at.
    pub(crate) reads: Reads,
    /// Whether pictures are kept.
    pub(crate) keep_images: bool,
    pub(crate) image_lifetime: Duration,
    /// Whether the records of one person are put together.
    pub(crate) person_links: bool,
    /// What is limited, and by how much.
    pub(crate) quotas: Quotas,
    /// Answers kept for some seconds.
    pub(crate) answers: Answers,
    /// How often records changed.
    pub(crate) generations: Generations,
    /// Parts of lists, ready to be sent.
    pub(crate) lists: Ready,
    /// Verifies ID tokens, where a provider is configured.
    pub(crate) oidc: Option<OidcVerifier>,
    /// Where the web client is, for links to it.
    pub(crate) frontend: Option<String>,
    pub(crate) is_production: bool,
    stopping: AtomicBool,
}

impl State {
    fn new(config: &Config, ocr: OcrPool) -> Result<Self, BuildError> {
        let store = Store::open(&config.database);
        let cache = Cache::open(config.redis_url.as_ref());
        let vault = Vault::new(&config.data.master_keys)?;
        let trail = Trail::new(vault.clone());
        Ok(Self {
            passwords: Passwords::new(config.auth.refuse_common),
            sessions: Sessions::new(&config.auth, store.clone(), trail.clone())?,
            ocr,
            reads: Reads::new(store.clone(), trail.clone()),
            trail,
            vault,
            keep_images: config.data.keep_images,
            image_lifetime: config.data.image_lifetime,
            person_links: config.data.person_links,
            registration: config.auth.registration,
            frontend: config.http.frontend.clone(),
            quotas: Quotas::new(&config.limits, cache.clone()),
            answers: Answers::new(cache),
            generations: Generations::new(store.clone()),
            lists: Ready::new(config.http.list_cache),
            oidc: config.auth.oidc.as_ref().map(OidcVerifier::new).transpose()?,
            store,
            uploads: UploadBudget::new(),
            quality: Turns::new(),
            metrics: Metrics::new()?,
            metrics_token: config.http.metrics_token.clone(),
            password_minimum: config.auth.password_min_length,
            is_production: config.environment == Environment::Production,
            stopping: AtomicBool::new(false),
        })
    }

    /// Forgets what is known of an organisation whose records were changed just now, so
    /// that whoever changed them sees it. To be called once that is committed.
    pub(crate) async fn records_changed(&self, organisation: OrganisationId) {
        self.generations.forget(organisation);
        self.answers.forget_charts(organisation).await;
    }

    /// Whether the service was told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// The service, listening but not yet told to run.
pub struct Application {
    address: SocketAddr,
    server: Server,
    state: web::Data<State>,
}

impl Application {
    /// Puts the service together on a listener. OCR workers are started and
    /// warm when this returns; the database may still be away. The schema is
    /// migrated before, by [`crate::store::migrate`]. What all layers count in this process
    /// is shown by this service from now on.
    ///
    /// # Errors
    ///
    /// [`BuildError`] says what could not be set up.
    pub fn build(config: &Config, listener: TcpListener) -> Result<Self, BuildError> {
        let whole = Self::build_with(config, listener, OcrPool::start(&config.ocr)?)?;
        whole.state.metrics.record_all_layers();
        Ok(whole)
    }

    /// Puts the service together with OCR workers that run already, which
    /// several services may share.
    ///
    /// # Errors
    ///
    /// [`BuildError`] says what could not be set up.
    pub fn build_with(
        config: &Config,
        listener: TcpListener,
        ocr: OcrPool,
    ) -> Result<Self, BuildError> {
        let address = listener.local_addr()?;
        let state = web::Data::new(State::new(config, ocr)?);
        let (shared, http) = (state.clone(), config.http.clone());
        let server = HttpServer::new(move || {
            // The last middleware named is the first to see a request.
            App::new()
                .app_data(shared.clone())
                .configure(routes::configure)
                .wrap(from_fn(compress))
                .wrap(cors(&http))
                .wrap(from_fn(edge::answer))
                .wrap(TracingLogger::<RequestSpan>::new())
        })
        .worker_max_blocking_threads(blocking_threads(config))
        // A list is written in pieces: without this the last would wait for a client that
        // puts off saying that it has the ones before, 40 ms.
        .tcp_nodelay(true)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_WAIT)
        .client_disconnect_timeout(LINGER)
        .shutdown_timeout(config.http.shutdown_grace.as_secs())
        .disable_signals()
        .listen(listener)?
        .run();
        Ok(Self { address, server, state })
    }

    /// Where the service listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until SIGTERM or SIGINT, then finishes what was accepted.
    ///
    /// # Errors
    ///
    /// When signals cannot be listened to or the listener breaks.
    pub async fn run(self) -> io::Result<()> {
        self.run_until(told_to_stop()).await
    }

    /// Serves until `stop` says how much notice balancers get, then finishes
    /// what was accepted.
    ///
    /// # Errors
    ///
    /// When `stop` fails or the listener breaks.
    pub async fn run_until(
        self,
        stop: impl Future<Output = io::Result<Duration>>,
    ) -> io::Result<()> {
        let Self { server, state, address } = self;
        let handle = server.handle();
        let mut server = pin!(server);
        tracing::info!(%address, "listening");
        let notice = tokio::select! {
            ended = &mut server => return ended,
            notice = stop => notice?,
            never = chores::keep_house(&state) => match never {},
        };
        state.stopping.store(true, Ordering::Relaxed);
        tracing::info!("stopping: finishing what was accepted");
        if state.is_production {
            tokio::time::sleep(notice).await;
        }
        let (ended, ()) = futures_util::future::join(server, handle.stop(true)).await;
        chores::finish(&state, QUERY_GRACE).await;
        state.store.close(QUERY_GRACE).await;
        ended
    }
}

/// Waits for a signal to stop, and says how much notice balancers get: those
/// before a deployment that is replaced some, a person at a terminal none.
async fn told_to_stop() -> io::Result<Duration> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(tokio::select! {
        _ = terminate.recv() => STOP_NOTICE,
        _ = interrupt.recv() => Duration::ZERO,
    })
}

/// Threads of one server worker for what may block: its share of the database
/// connections, all OCR jobs (they may land on one worker), and two spare ones
/// for opening kept pictures.
fn blocking_threads(config: &Config) -> usize {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    (config.database.pool_max as usize).div_ceil(workers) + config.ocr.workers + 2
}

/// Lets the configured origins, and no others, read answers in a browser.
fn cors(config: &HttpConfig) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
        .allowed_headers([
            "Content-Type",
            "Authorization",
            "X-Requested-With",
            "Accept",
            "If-None-Match",
        ])
        .expose_headers([
            X_REQUEST_ID.as_str(),
            "ETag",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
        ])
        .supports_credentials()
        .max_age(3600);
    config.allowed_origins.iter().fold(cors, |cors, origin| match origin.as_str() {
        "*" => cors.allow_any_origin(),
        origin => cors.allowed_origin(origin),
    })
}
