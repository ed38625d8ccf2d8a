//! `serve`: from options to a server that listens, and from a signal to one that has stopped with everything on disk.

use crate::clock::Clock;
use crate::connections::{self, Timeouts};
use crate::failure::Failure;
use crate::files::{make_private_folder, write_private};
use crate::films;
use crate::http::{App, Assets, Settings, Transport, router};
use crate::ids::{hex, random};
use crate::password::Cost;
use crate::seal::Keys;
use crate::store::{SqliteStore, Store};
use crate::trial;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Requests under way have this long to finish when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// For every stream that may be open, for as many requests beside them, and for the database.
const MOST_FILES: u64 = 8_192;

/// `serve`, as it was asked for.
pub struct ServeOptions {
    pub address: SocketAddr,
    pub data: PathBuf,
    pub public_url: Option<String>,
    pub master_key_file: Option<PathBuf>,
    pub trusted_proxies: Vec<IpAddr>,
    pub trial: bool,
    /// Apps from a folder, for trials.
    pub apps: Option<PathBuf>,
    /// An organisation's own films.
    pub films: Option<PathBuf>,
}

pub async fn serve(options: ServeOptions) -> Result<(), Failure> {
    start_log();
    // A stream is a file for the system, and most begin with 1,024. What it does not give is done without.
    let _ = rlimit::increase_nofile_limit(MOST_FILES);
    // The port comes first: when it is taken, nothing has been made or changed.
    let listener = listen(options.address).await?;
    let address = listener.local_addr()?;
    let (public_url, transport) = reached_at(&options, address)?;
    let films = options.films.as_deref().map(films::read).transpose()?;
    make_private_folder(&options.data)?;
    let keys = Keys::read(&master_key(&options)?).map_err(|error| Failure::new(format!("the master key: {error}")))?;
    let clock = Clock::system();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&options.data, keys)?);

    let trial = match options.trial {
        true => Some(trial::prepare(store.as_ref(), &options.data, clock.now()).await?),
        false => None,
    };
    let assets = match &options.apps {
        Some(folder) if options.trial => Assets::from_folder(folder)?,
        Some(_) => return Err(Failure::new("--apps is for trials: give --trial as well.")),
        None => Assets::embedded(),
    };
    if !assets.is_complete() {
        tracing::warn!("the apps are not in this build; run `cargo xtask build` and build the server again");
    }
    let own_films =
        films.as_ref().map(|folder| OwnFilms { playing: folder.films.len(), left_out: folder.left_out.clone() });
    let assets = match films {
        Some(folder) => assets.with_films(folder)?,
        None => assets,
    };
    let settings = Settings {
        public_url: public_url.clone(),
        transport,
        trusted_proxies: options.trusted_proxies,
        password_cost: Cost::Full,
    };
    let app = App::new(store.clone(), clock, settings, assets);
    let live = app.live();
    let app = router(app);
    let signalled = signalled();
    announce(address, &public_url, own_films.as_ref(), trial.as_ref())?;
    let signalled = async {
        signalled.await;
        // What never ends by itself would be waited for.
        live.close();
    };
    run(listener, app, signalled).await?;
    store.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Lines of JSON on standard error. What is logged is said at each place; never content, codes or tokens.
fn start_log() {
    let log = tracing_subscriber::fmt().json().with_writer(io::stderr).with_max_level(tracing::Level::INFO);
    // Only a second logger in one process is refused, and there is none.
    let _ = log.try_init();
    // The place of a panic helps; its words may hold what somebody wrote.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(format!(
            "Port {} is in use by another program. Stop that one, or choose another port with --address {}:{}.",
            address.port(),
            address.ip(),
            address.port().wrapping_add(1)
        )),
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("This user may not listen on port {}.", address.port()))
        }
        _ => Failure::new(format!("Cannot listen on {address}: {error}.")),
    })
}

/// Where people reach the server, and whether what they send is safe on its way. Over a network only https is.
fn reached_at(options: &ServeOptions, address: SocketAddr) -> Result<(String, Transport), Failure> {
    let is_local = address.ip().is_loopback();
    if options.trial && !is_local {
        return Err(Failure::new("--trial is for this machine itself: --address must be 127.0.0.1 or [::1]."));
    }
    let url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let url = url.trim_end_matches('/').to_owned();
    if url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '#', '?'])) {
        return Ok((url, Transport::Https));
    }
    let host = url.strip_prefix("http://").map(|rest| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
    if is_local && matches!(host, Some("127.0.0.1" | "localhost" | "[::1]")) {
        return Ok((url, Transport::PlainLoopback));
    }
    Err(Failure::new(
        "What young people write must not travel unprotected: give --public-url https://…, the address of the TLS proxy in \
         front of this server. Plain http is for this machine itself.",
    ))
}

/// The master key's file. Beside the database it protects nothing, so that is only for trials.
fn master_key(options: &ServeOptions) -> Result<PathBuf, Failure> {
    match (&options.master_key_file, options.trial) {
        (Some(file), trial) => {
            let inside = file
                .canonicalize()
                .is_ok_and(|file| options.data.canonicalize().is_ok_and(|data| file.starts_with(data)));
            if inside && !trial {
                return Err(Failure::new(
                    "The master key must lie outside the data folder: who gets a copy of the one must not get the other.",
                ));
            }
            Ok(file.clone())
        }
        (None, true) => {
            let file = options.data.join("trial-master.key");
            if !file.exists() {
                write_private(&file, hex(&random::<32>()?).as_bytes())?;
            }
            tracing::warn!("this is a trial: the master key lies beside the database, so nothing here is protected");
            Ok(file)
        }
        (None, false) => Err(Failure::new(
            "--master-key-file is missing. Make one outside the data folder, keep a copy in a safe place, and give its path: \
             head -c 32 /dev/urandom > FILE",
        )),
    }
}

/// What became of an organisation's own films.
struct OwnFilms {
    playing: usize,
    left_out: Vec<String>,
}

/// Tells people, and in the last line programs, that the server is ready.
fn announce(
    address: SocketAddr,
    public_url: &str,
    films: Option<&OwnFilms>,
    trial: Option<&trial::Trial>,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Min Plan is ready.")?;
    writeln!(out, "  The young person's app:  {public_url}/")?;
    writeln!(out, "  The staff app:           {public_url}/personale/")?;
    if let Some(OwnFilms { playing, left_out }) = films {
        writeln!(out, "  Films of your own:       {playing} to play, {} left out", left_out.len())?;
        for film in left_out {
            tracing::error!("a film is left out: {film}");
            writeln!(out, "  Left out:  {film}")?;
        }
    }
    if let Some(trial) = trial {
        writeln!(out, "  This is a trial home. Never write about real people here.")?;
        writeln!(out, "  Staff at Bostedet Lindely:  {}  {}", trial.login, trial.password)?;
        writeln!(out, "  A colleague there:          {}  {}", trial.colleague_login, trial.colleague_password)?;
        writeln!(out, "  Staff at BUA Aaen:          {}  {}", trial.other_login, trial.other_password)?;
        writeln!(out, "  An invitation:              {}", trial.invitation)?;
    }
    let ready = serde_json::json!({ "ready": true, "address": address.to_string(), "trial": trial });
    writeln!(out, "{ready}")?;
    out.flush()
}

/// Serves until a signal comes, then lets requests finish.
async fn run(listener: TcpListener, app: axum::Router, signalled: impl Future<Output = ()>) -> Result<(), Failure> {
    let (stop, stopped) = oneshot::channel::<()>();
    let mut server = tokio::spawn(connections::serve(listener, app, Timeouts::default(), async move {
        let _ = stopped.await;
    }));
    tokio::select! {
        ended = &mut server => return Ok(ended?),
        () = signalled => tracing::info!("stopping"),
    }
    let _ = stop.send(());
    if tokio::time::timeout(FAREWELL, &mut server).await.is_err() {
        tracing::warn!("some requests did not finish in time");
        server.abort();
    }
    Ok(())
}

/// Ends when the server is asked to stop. It listens from now on, not from when it is waited for: who has read that the server is
/// ready may stop it.
fn signalled() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(unix)]
    let interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    async {
        #[cfg(unix)]
        if let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}
